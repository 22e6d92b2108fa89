//! Two pictures laid over each other, area by area: match, differs, nothing to compare.
//!
//! Idea: a copy matches everywhere, a swap everywhere but in one blob at the head, two people before one wall on the wall
//! alone. An area is 16 pixels square at long side 320, matches when its pixels correlate above .6 after a search of 3
//! pixels, and says nothing when it is flat in both. Cost: 1 to 5 ms.

use crate::domain::photo::TileState;
use crate::screening::policy::{PHOTO_TILE_FLAT, PHOTO_TILE_MATCH};

use super::align::Alignment;
use super::plane::{Correlation, Plane};

/// Side of an area in pixels.
pub const TILE: usize = 16;
/// How far an area may have moved either way, in pixels; after the blur, pixels between these add nothing.
const SEARCH: [isize; 4] = [-3, -1, 1, 3];
/// Correlation above which no better place is looked for.
const WELL_PLACED: f32 = 0.9;
/// Least part of an area that must be covered.
const COVERED: f32 = 0.95;
/// Blur before the comparison: coding noise goes, structure stays.
const BLUR: f32 = 1.2;
/// Deviation of the blur whose result counts as light, not structure: smooth backdrops must not look alike.
const LIGHT: f32 = 12.0;

/// The second picture brought to the place of the first.
#[derive(Debug, Clone)]
pub struct Laid {
    /// The first picture.
    pub query: Plane,
    /// The second picture where it covers the first; elsewhere its edge continued.
    pub base: Plane,
    /// Where it covers the first.
    pub covered: Vec<bool>,
    /// Share of the first picture that is covered, and share of the second that is used.
    pub coverage: (f64, f64),
}

impl Laid {
    /// Lays the second picture (already mirrored, if need be) over the first.
    #[must_use]
    pub fn new(query: &Plane, base: &Plane, alignment: &Alignment) -> Self {
        let mapping = alignment.similarity.mapping(query, 1.0);
        let mut covered = Vec::with_capacity(query.values.len());
        let laid = Plane::from_fn(query.width, query.height, |x, y| {
            let (bx, by) = mapping.point(x as f32 + 0.5, y as f32 + 0.5);
            covered.push(base.covers(bx, by));
            base.at(bx, by)
        });
        let of_query = covered.iter().filter(|covered| **covered).count() as f64;
        let scale = f64::from(alignment.similarity.scale());
        let coverage = (of_query / query.values.len() as f64, (of_query * scale * scale / base.values.len() as f64).min(1.0));
        Self { query: query.clone(), base: laid, covered, coverage }
    }
}

/// One area, in columns and rows of areas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Column.
    pub x: usize,
    /// Row.
    pub y: usize,
    /// What it says.
    pub state: TileState,
    /// Its correlation, -1 to 1; 0 where there is nothing to compare.
    pub likeness: f32,
    /// How much lighter or darker the second picture is than the matching areas let expect, in gray values.
    pub tone: f32,
}

impl Area {
    /// Its center in pixels.
    #[must_use]
    pub fn center(&self) -> (f64, f64) {
        (((self.x * TILE) + TILE / 2) as f64, ((self.y * TILE) + TILE / 2) as f64)
    }
}

/// The areas that are covered, row by row.
#[must_use]
pub fn areas(laid: &Laid) -> Vec<Area> {
    let band =
        |plane: &Plane| if laid.covered.contains(&false) { plane.band_inside(&laid.covered, BLUR, LIGHT) } else { plane.band(BLUR, LIGHT) };
    let structure = (band(&laid.query), band(&laid.base));
    let mut areas = Vec::new();
    let mut tones = Vec::new();
    for y in 0..laid.query.height / TILE {
        for x in 0..laid.query.width / TILE {
            if cover(laid, x, y) < COVERED {
                continue;
            }
            let (state, likeness) = judged(&structure.0, &structure.1, x, y);
            areas.push(Area { x, y, state, likeness, tone: 0.0 });
            tones.push(tone(laid, x, y));
        }
    }
    measure_tones(&mut areas, &tones);
    areas
}

fn pixels(x: usize, y: usize) -> impl Iterator<Item = (usize, usize)> {
    (y * TILE..(y + 1) * TILE).flat_map(move |py| (x * TILE..(x + 1) * TILE).map(move |px| (px, py)))
}

fn cover(laid: &Laid, x: usize, y: usize) -> f32 {
    let covered = pixels(x, y).filter(|(px, py)| laid.covered[py * laid.query.width + px]).count();
    covered as f32 / (TILE * TILE) as f32
}

fn tone(laid: &Laid, x: usize, y: usize) -> (f32, f32) {
    let mut both = Correlation::default();
    for (px, py) in pixels(x, y) {
        both.add(laid.query.values[py * laid.query.width + px], laid.base.values[py * laid.query.width + px]);
    }
    both.means()
}

/// The state of an area and its best correlation within the search.
fn judged(query: &Plane, base: &Plane, x: usize, y: usize) -> (TileState, f32) {
    let at_rest = shifted(query, base, x, y, 0, 0);
    let (of_query, of_base) = at_rest.deviations();
    if of_query < PHOTO_TILE_FLAT && of_base < PHOTO_TILE_FLAT {
        return (TileState::Nothing, 0.0);
    }
    let mut best = at_rest.value();
    if best < WELL_PLACED {
        for (dx, dy) in SEARCH.into_iter().flat_map(|dy| SEARCH.map(|dx| (dx, dy))) {
            best = best.max(shifted(query, base, x, y, dx, dy).value());
        }
    }
    (if best > PHOTO_TILE_MATCH { TileState::Match } else { TileState::Differs }, best)
}

fn shifted(query: &Plane, base: &Plane, x: usize, y: usize, dx: isize, dy: isize) -> Correlation {
    let mut both = Correlation::default();
    let width = query.width;
    let column = |px: usize| px.saturating_add_signed(dx).min(width - 1);
    for py in y * TILE..(y + 1) * TILE {
        let other = py.saturating_add_signed(dy).min(query.height - 1) * width;
        for px in x * TILE..(x + 1) * TILE {
            both.add(query.values[py * width + px], base.values[other + column(px)]);
        }
    }
    both
}

/// Marks flat areas whose light does not follow from that of the matching areas: plain clothes of another color.
fn measure_tones(areas: &mut [Area], tones: &[(f32, f32)]) {
    let mut matching = Correlation::default();
    for (area, (query, base)) in areas.iter().zip(tones) {
        if area.state == TileState::Match {
            matching.add(*query, *base);
        }
    }
    let ((query_mean, base_mean), (query_deviation, base_deviation)) = (matching.means(), matching.deviations());
    let slope = if query_deviation > 1.0 { (matching.value().max(0.0) * base_deviation / query_deviation).clamp(0.5, 2.0) } else { 1.0 };
    for (area, (query, base)) in areas.iter_mut().zip(tones) {
        let expected = base_mean + slope * (query - query_mean);
        area.tone = if matching.count() >= 4.0 { (expected - base).abs() } else { 0.0 };
    }
}
