//! Where the head is in two pictures laid over each other, and how alike the faces' fine structure is.
//!
//! First the one blob of areas that differ, if there is one and the fine structure disagrees there; else where portraits have it, in the
//! first or in the second picture, whichever disagrees more. A copy agrees in all of them, a swap disagrees where the face is. Known limit: until a detector says where the face is, a swap far off these places is seen as a copy.

use crate::domain::photo::TileState;
use crate::screening::policy::PHOTO_FACE_COPY;

use super::align::Alignment;
use super::plane::{Correlation, Plane};
use super::regions::{Frame, HeadBox};
use super::tiles::{Area, Laid, TILE};

/// Least areas of a blob that may be a face.
const LEAST_BLOB: usize = 4;
/// Least share that the blob has of all areas that differ.
const BLOB_SHARE: f64 = 0.5;
/// Largest share of the covered areas that a face's bounding box takes: close-ups are mostly face.
const MOST_OF_PICTURE: f64 = 0.6;
/// Least share of its bounding box that the blob fills.
const LEAST_FILL: f64 = 0.4;
/// Height to width of a face's bounding box.
const BLOB_SHAPE: std::ops::RangeInclusive<f64> = 0.6..=2.4;
/// Two places this near each other, in pixels, are one.
const SAME_PLACE: f64 = 6.0;
/// Deviation of structure below which there is no face to compare.
const FLAT: f32 = 1.0;

/// The head and the likeness of its fine structure, -1 to 1; none when there is nothing to compare.
#[must_use]
pub fn find(laid: &Laid, base_size: (usize, usize), alignment: &Alignment, areas: &[Area]) -> (HeadBox, Option<f64>) {
    let blob = blob(areas).map(|place| (place, likeness(laid, &place)));
    if let Some((place, Some(likeness))) = blob
        && likeness < PHOTO_FACE_COPY
    {
        return (place, Some(likeness));
    }
    let usual = HeadBox::usual(&Frame::whole(laid.query.width as u32, laid.query.height as u32));
    let of_base = usual_of_base(&laid.query, base_size, alignment);
    let apart = (usual.x - of_base.x).abs() + (usual.y - of_base.y).abs() + (usual.side - of_base.side).abs();
    let places = [Some(usual), (apart > SAME_PLACE).then_some(of_base)].into_iter().flatten();
    let judged = places.map(|place| (place, likeness(laid, &place)));
    judged.min_by(|a, b| a.1.unwrap_or(2.0).total_cmp(&b.1.unwrap_or(2.0))).unwrap_or((usual, None))
}

fn usual_of_base(query: &Plane, (width, height): (usize, usize), alignment: &Alignment) -> HeadBox {
    let there = HeadBox::usual(&Frame::whole(width as u32, height as u32));
    let (x, y) = alignment.similarity.mapping(query, 1.0).inverse(there.x as f32, there.y as f32);
    HeadBox { x: f64::from(x), y: f64::from(y), side: there.side / f64::from(alignment.similarity.scale()) }
}

/// The box of the one blob of areas that differ; none when they are scattered, few, or shaped like no head.
fn blob(areas: &[Area]) -> Option<HeadBox> {
    let differing: Vec<(usize, usize)> =
        areas.iter().filter(|area| area.state == TileState::Differs).map(|area| (area.x, area.y)).collect();
    let mut largest: Vec<(usize, usize)> = Vec::new();
    let mut left = differing.clone();
    while let Some(first) = left.pop() {
        let mut blob = vec![first];
        let mut next = 0;
        while let Some(&(x, y)) = blob.get(next) {
            let near = |other: &(usize, usize)| other.0.abs_diff(x) <= 1 && other.1.abs_diff(y) <= 1;
            blob.extend(left.iter().copied().filter(near));
            left.retain(|other| !near(other));
            next += 1;
        }
        if blob.len() > largest.len() {
            largest = blob;
        }
    }
    if largest.len() < LEAST_BLOB || (largest.len() as f64) < BLOB_SHARE * differing.len() as f64 {
        return None;
    }
    let span = |of: fn(&(usize, usize)) -> usize| {
        let (low, high) = largest.iter().map(of).fold((usize::MAX, 0), |(low, high), at| (low.min(at), high.max(at)));
        ((low * TILE) as f64, ((high + 1) * TILE) as f64)
    };
    let ((left, right), (top, bottom)) = (span(|at| at.0), span(|at| at.1));
    let (width, height) = (right - left, bottom - top);
    let share = width * height / (areas.len() * TILE * TILE) as f64;
    let fill = (largest.len() * TILE * TILE) as f64 / (width * height);
    let lowest = areas.iter().map(|area| ((area.y + 1) * TILE) as f64).fold(0.0, f64::max);
    let fits = BLOB_SHAPE.contains(&(height / width)) && share <= MOST_OF_PICTURE && fill >= LEAST_FILL && bottom < lowest;
    fits.then(|| HeadBox { x: (left + right) / 2.0, y: (top + bottom) / 2.0, side: (width / 1.1).max(height / 1.44) })
}

/// Correlation of the fine structure of the face rectangle, the best of a search of 2 pixels.
fn likeness(laid: &Laid, head: &HeadBox) -> Option<f64> {
    let (left, top) = (head.x - head.side / 2.0, head.y - head.side / 2.0);
    let clip = |at: f64, limit: usize| at.round().clamp(0.0, limit as f64) as usize;
    let (width, height) = (laid.query.width, laid.query.height);
    let (x0, x1) = (clip(left + 0.12 * head.side, width), clip(left + 0.88 * head.side, width));
    let (y0, y1) = (clip(top + 0.12 * head.side, height), clip(top + head.side, height));
    if x1 < x0 + TILE || y1 < y0 + TILE {
        return None;
    }
    let k = (head.side / 24.0).max(1.0) as f32;
    let (query, base) = (part(&laid.query, x0, y0, x1, y1, k), part(&laid.base, x0, y0, x1, y1, k));
    let margin = query.1;
    let mut best = None;
    for dy in -2..=2_isize {
        for dx in -2..=2_isize {
            let mut both = Correlation::default();
            for y in y0..y1 {
                for x in x0..x1 {
                    if !laid.covered[y * width + x] {
                        continue;
                    }
                    let (px, py) = (x - margin.0, y - margin.1);
                    let ox = px.saturating_add_signed(dx).min(base.0.width - 1);
                    let oy = py.saturating_add_signed(dy).min(base.0.height - 1);
                    both.add(query.0.values[py * query.0.width + px], base.0.values[oy * base.0.width + ox]);
                }
            }
            let (a, b) = both.deviations();
            let enough = both.count() >= 0.5 * ((x1 - x0) * (y1 - y0)) as f32;
            if enough && a.max(b) >= FLAT {
                best = Some(f64::from(both.value()).max(best.unwrap_or(-1.0)));
            }
        }
    }
    best
}

/// The band-passed surroundings of a rectangle, and where they begin: blurring the whole picture would cost ten times as much.
fn part(plane: &Plane, x0: usize, y0: usize, x1: usize, y1: usize, k: f32) -> (Plane, (usize, usize)) {
    let margin = (8.0 * k) as usize;
    let (left, top) = (x0.saturating_sub(margin), y0.saturating_sub(margin));
    let (right, bottom) = ((x1 + margin).min(plane.width), (y1 + margin).min(plane.height));
    let cut = Plane::from_fn(right - left, bottom - top, |x, y| plane.values[(top + y) * plane.width + left + x]);
    (cut.band(0.6 * k, 4.0 * k), (left, top))
}
