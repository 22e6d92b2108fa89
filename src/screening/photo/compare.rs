//! Compares two pictures: hashes, alignment, areas, head, verdict.

use crate::domain::photo::{Comparison, PhotoFeatures, Tile, TileCount, TileMap, TileState, Verdict};
use crate::screening::policy::PHOTO_TONE_DIFFERS;

use super::align::{Alignment, align};
use super::hash;
use super::head;
use super::plane::Plane;
use super::regions::{Frame, HEAD_SQUARE, HeadBox, Sums, without_head};
use super::tiles::{Area, Laid, TILE, areas};
use super::verdict::{Measured, judge, sentence};

/// Radii of the head area, in face sides.
const FACE_ELLIPSE: (f64, f64) = (0.55, 0.72);
/// Radii of the ring round the head, in face sides.
const RING_ELLIPSE: (f64, f64) = (1.0, 1.15);

/// Compares two pictures. The map of areas lies over the first; pictures hashed by different algorithms are not compared.
#[must_use]
pub fn compare(a: &PhotoFeatures, b: &PhotoFeatures) -> Comparison {
    let unrelated = |distance: Option<u32>, sentence: &str| Comparison {
        verdict: Verdict::Unrelated,
        distance,
        inliers: None,
        coverage: None,
        outside_match: None,
        face_match: None,
        mirrored: false,
        outside: TileCount::default(),
        torso: TileCount::default(),
        ring: TileCount::default(),
        tiles: None,
        sentence: sentence.to_owned(),
    };
    if a.algorithm != b.algorithm {
        return unrelated(None, "The pictures were hashed by different methods and cannot be compared.");
    }
    let as_is = [(a.whole, b.whole), (a.without_head, b.without_head), (a.head, b.head)];
    let as_is = as_is.iter().map(|(a, b)| a.hash.distance(&b.hash)).min();
    let (query, base) = (Plane::of(&a.gray), Plane::of(&b.gray));
    let Some(alignment) = align(&query, &base) else {
        return unrelated(as_is, "Nothing of the two pictures matches.");
    };
    let base = if alignment.mirrored { base.mirrored() } else { base };
    let laid = Laid::new(&query, &base, &alignment);
    let mut areas = areas(&laid);
    let (head, face_match) = head::find(&laid, (base.width, base.height), &alignment, &areas);
    mark_other_clothes(&mut areas, &head);
    let measured = measure(&laid, &areas, &head, face_match, &alignment);
    let verdict = judge(&measured);
    let distance = as_is.into_iter().chain([measured.whole_bits, measured.without_head_bits, measured.head_bits]).min();
    Comparison {
        verdict,
        distance,
        inliers: None,
        coverage: Some(measured.coverage),
        outside_match: measured.outside.share(),
        face_match,
        mirrored: alignment.mirrored,
        outside: measured.outside,
        torso: measured.torso,
        ring: measured.ring,
        tiles: Some(map(&laid, &areas, &head)),
        sentence: sentence(verdict, &measured),
    }
}

/// Whether an area shows clothes or shoulders: below the head, within arms' reach.
fn is_torso(area: &Area, head: &HeadBox) -> bool {
    let (x, y) = area.center();
    let below = (y - head.y) / head.side + 0.5;
    (x - head.x).abs() < 1.15 * head.side && (1.35..3.4).contains(&below)
}

/// Flat clothes of another tone differ, though they have no structure to compare.
fn mark_other_clothes(areas: &mut [Area], head: &HeadBox) {
    for area in areas {
        if area.state == TileState::Nothing && area.tone > PHOTO_TONE_DIFFERS && is_torso(area, head) {
            area.state = TileState::Differs;
        }
    }
}

fn measure(laid: &Laid, areas: &[Area], head: &HeadBox, face_match: Option<f64>, alignment: &Alignment) -> Measured {
    let mut measured =
        Measured { coverage: laid.coverage.0.max(laid.coverage.1), face_match, mirrored: alignment.mirrored, ..Measured::default() };
    let mut torso_likeness = 0.0;
    for area in areas {
        let (x, y) = area.center();
        if head.holds(x, y, FACE_ELLIPSE.0, FACE_ELLIPSE.1) {
            count(&mut measured.head, area);
            continue;
        }
        count(&mut measured.outside, area);
        if is_torso(area, head) {
            count(&mut measured.torso, area);
            torso_likeness += f64::from(area.likeness);
        }
        if head.holds(x, y, RING_ELLIPSE.0, RING_ELLIPSE.1) {
            count(&mut measured.ring, area);
        }
    }
    measured.torso_likeness = torso_likeness / f64::from(measured.torso.compared.max(1));
    let [whole, without_head, head] = region_bits(laid, head);
    Measured { whole_bits: whole, without_head_bits: without_head, head_bits: head, ..measured }
}

fn count(count: &mut TileCount, area: &Area) {
    count.matching += u32::from(area.state == TileState::Match);
    count.compared += u32::from(area.state != TileState::Nothing);
}

/// Distances of the three regions of the part that both pictures show.
fn region_bits(laid: &Laid, head: &HeadBox) -> [u32; 3] {
    let width = laid.query.width;
    let (mut left, mut top, mut right, mut bottom) = (width, laid.query.height, 0, 0);
    for (i, _) in laid.covered.iter().enumerate().filter(|(_, covered)| **covered) {
        let (x, y) = (i % width, i / width);
        (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1));
    }
    let frame = Frame {
        x: left as f64,
        y: top as f64,
        width: right.saturating_sub(left).max(1) as f64,
        height: bottom.saturating_sub(top).max(1) as f64,
    };
    let of = |plane: &Plane| {
        let gray = plane.values.iter().map(|value| value.round().clamp(0.0, 255.0) as u8);
        let sums = Sums::of(plane.width as u32, plane.height as u32, gray);
        let whole = sums.cells(&frame);
        [hash::of(&whole), hash::of(&without_head(&whole, &frame, head)), hash::of(&sums.cells(&head.square(HEAD_SQUARE)))]
    };
    let (query, base) = (of(&laid.query), of(&laid.base));
    std::array::from_fn(|i| query[i].hash.distance(&base[i].hash))
}

fn map(laid: &Laid, areas: &[Area], head: &HeadBox) -> TileMap {
    let tiles = areas.iter().map(|area| {
        let (x, y) = area.center();
        let in_head = head.holds(x, y, FACE_ELLIPSE.0, FACE_ELLIPSE.1);
        Tile { x: area.x as u32, y: area.y as u32, state: area.state, head: in_head }
    });
    let radius = |share: f64| (share * head.side) as f32;
    TileMap {
        width: laid.query.width as u32,
        height: laid.query.height as u32,
        side: TILE as u32,
        head: [head.x as f32, head.y as f32, radius(FACE_ELLIPSE.0), radius(FACE_ELLIPSE.1)],
        tiles: tiles.collect(),
    }
}
