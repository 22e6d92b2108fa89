//! Lays one picture over another: which turn, scale and shift (and mirror state) bring the same pixels together.
//!
//! Idea: normalized correlation at 40 pixels over a grid of scales and shifts, both mirror states, the head left out (a swap changes it);
//! the best few are improved step by step at 40, 80 and 160 pixels, with turns of a few degrees. Cost: about 4 ms a pair, the same
//! answer every time. Known limits: scales .55 to 1.8, shifts to a third of the side, turns to about 6 degrees; corner
//! points, which know no such limits, come with a later version.

use super::plane::{Correlation, Plane, SIDE};
use super::regions::{Frame, HeadBox};

/// A similarity: turn, scale, shift. Maps points of the first picture to points of the second, in pixels at long side 320.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// Natural logarithm of the scale.
    pub log_scale: f32,
    /// Turn in radians.
    pub turn: f32,
    /// Where the center of the first picture comes to lie.
    pub x: f32,
    /// Where the center of the first picture comes to lie.
    pub y: f32,
}

/// The same with sine and cosine worked out, for one level of the pyramid.
#[derive(Debug, Clone, Copy)]
pub struct Mapping {
    a: f32,
    b: f32,
    x: f32,
    y: f32,
    center: (f32, f32),
}

impl Similarity {
    /// The mapping between planes that are `level` times as large as those at 320.
    #[must_use]
    pub fn mapping(&self, query: &Plane, level: f32) -> Mapping {
        let (sin, cos) = self.turn.sin_cos();
        let scale = self.log_scale.exp();
        let center = (query.width as f32 / 2.0, query.height as f32 / 2.0);
        Mapping { a: scale * cos, b: scale * sin, x: self.x * level, y: self.y * level, center }
    }

    /// Pixels of the second picture a pixel of the first.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.log_scale.exp()
    }
}

impl Mapping {
    /// The point of the second picture over a point of the first.
    #[must_use]
    pub fn point(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.center.0, y - self.center.1);
        (self.a * dx - self.b * dy + self.x, self.b * dx + self.a * dy + self.y)
    }

    /// The point of the first picture under a point of the second.
    #[must_use]
    pub fn inverse(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.x, y - self.y);
        let square = self.a * self.a + self.b * self.b;
        ((self.a * dx + self.b * dy) / square + self.center.0, (self.a * dy - self.b * dx) / square + self.center.1)
    }
}

/// How two pictures were laid over each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alignment {
    /// First to second picture; the second one mirrored if so stated.
    pub similarity: Similarity,
    /// The second picture is to be mirrored first.
    pub mirrored: bool,
    /// Correlation outside the head at 160 pixels, -1 to 1.
    pub correlation: f32,
}

/// Scales that are tried, each 1.09 times the one before, from .55.
const SCALES: usize = 15;
const FIRST_SCALE: f32 = 0.55;
const SCALE_STEP: f32 = 1.09;
/// Shifts that are tried each way, in pixels at 40.
const SHIFTS: [i32; 13] = [0, -2, 2, -4, 4, -6, 6, -8, 8, -10, 10, -12, 12];
/// Share of one of the pictures that must be covered.
const LEAST_COVER: f32 = 0.5;
/// How many starts are improved.
const STARTS: usize = 6;
/// Correlation below which nothing is the same; portraits of different people on plain grounds reach .5.
const LEAST_CORRELATION: f32 = 0.35;
/// A start this close to a better one is the same.
const SAME_SHIFT: f32 = 24.0;
const SAME_LOG_SCALE: f32 = 0.1;

/// Both pictures at 320, 160, 80 and 40 pixels.
struct Pyramid([Plane; 4]);

impl Pyramid {
    fn of(plane: &Plane) -> Self {
        let half = plane.halved();
        let quarter = half.halved();
        let eighth = quarter.halved();
        Self([plane.clone(), half, quarter, eighth])
    }
}

/// The best way to lay `base` over `query`; none when nothing correlates at all.
#[must_use]
pub fn align(query: &Plane, base: &Plane) -> Option<Alignment> {
    let query = Pyramid::of(query);
    let states = [Pyramid::of(base), Pyramid::of(&base.mirrored())];
    let mut starts: Vec<(f32, usize, Similarity)> = Vec::new();
    for (state, base) in states.iter().enumerate() {
        coarse(&query.0[3], &base.0[3], |score, similarity| starts.push((score, state, similarity)));
    }
    starts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut distinct: Vec<(f32, usize, Similarity)> = Vec::new();
    for start in starts {
        let known = distinct.iter().any(|kept| {
            let (a, b) = (kept.2, start.2);
            kept.1 == start.1 && (a.log_scale - b.log_scale).abs() < SAME_LOG_SCALE && (a.x - b.x).hypot(a.y - b.y) < SAME_SHIFT
        });
        if !known {
            distinct.push(start);
        }
        if distinct.len() == STARTS {
            break;
        }
    }
    for (level, keep) in [(3, 2), (2, 1), (1, 1)] {
        for (score, state, similarity) in &mut distinct {
            (*score, *similarity) = improved(&query.0[level], &states[*state].0[level], *similarity, level);
        }
        distinct.sort_by(|a, b| b.0.total_cmp(&a.0));
        distinct.truncate(keep);
        distinct.retain(|(score, ..)| *score >= LEAST_CORRELATION);
    }
    let (correlation, state, similarity) = distinct.into_iter().next()?;
    Some(Alignment { similarity, mirrored: state == 1, correlation })
}

/// Tries all scales and shifts at 40 pixels. Shifts are whole pixels there, so the places of a scale are worked out once.
fn coarse(query: &Plane, base: &Plane, mut found: impl FnMut(f32, Similarity)) {
    let factor = SIDE / 40.0;
    let samples = Samples::of(query, 3);
    let (width, height) = (base.width as i32, base.height as i32);
    for step in 0..SCALES {
        let log_scale = FIRST_SCALE.ln() + SCALE_STEP.ln() * step as f32;
        let middle = Similarity { log_scale, turn: 0.0, x: base.width as f32 / 2.0 * factor, y: base.height as f32 / 2.0 * factor };
        let mapping = middle.mapping(query, 1.0 / factor);
        let places: Vec<(i32, i32, f32)> = samples
            .points
            .iter()
            .map(|(x, y, value)| {
                let (bx, by) = mapping.point(*x, *y);
                (bx.floor() as i32, by.floor() as i32, *value)
            })
            .collect();
        for dy in SHIFTS {
            for dx in SHIFTS {
                let mut correlation = Correlation::default();
                for (x, y, value) in &places {
                    let (bx, by) = (x + dx, y + dy);
                    if bx >= 0 && by >= 0 && bx < width && by < height {
                        correlation.add(*value, base.values[(by * width + bx) as usize]);
                    }
                }
                if let Some(score) = samples.judged(&correlation, query, base, &middle) {
                    let (x, y) = (middle.x + dx as f32 * factor, middle.y + dy as f32 * factor);
                    found(score, Similarity { x, y, ..middle });
                }
            }
        }
    }
}

/// Goes to the best neighbor until none is better, then halves the steps.
fn improved(query: &Plane, base: &Plane, start: Similarity, level: usize) -> (f32, Similarity) {
    let factor = (1 << level) as f32;
    let samples = Samples::of(query, if level == 3 { 2 } else { 3 });
    let score = |similarity: &Similarity| samples.score(query, base, similarity, 1.0 / factor).unwrap_or(-1.0);
    let mut best = (score(&start), start);
    let (mut shift, mut scale, mut turn) = (factor, 0.25 * factor / 40.0, 0.25 * factor / 40.0);
    for _ in 0..4 {
        for _ in 0..6 {
            let at = best.1;
            let neighbors = [
                Similarity { x: at.x + shift, ..at },
                Similarity { x: at.x - shift, ..at },
                Similarity { y: at.y + shift, ..at },
                Similarity { y: at.y - shift, ..at },
                Similarity { log_scale: at.log_scale + scale, ..at },
                Similarity { log_scale: at.log_scale - scale, ..at },
                Similarity { turn: at.turn + turn, ..at },
                Similarity { turn: at.turn - turn, ..at },
            ];
            for neighbor in neighbors {
                let value = score(&neighbor);
                if value > best.0 {
                    best = (value, neighbor);
                }
            }
            if best.1 == at {
                break;
            }
        }
        (shift, scale, turn) = (shift / 2.0, scale / 2.0, turn / 2.0);
    }
    best
}

/// The points of the first picture that are compared: a grid without the head.
struct Samples {
    points: Vec<(f32, f32, f32)>,
}

impl Samples {
    fn of(query: &Plane, step: usize) -> Self {
        let head = HeadBox::usual(&Frame::whole(query.width as u32, query.height as u32));
        let mut points = Vec::new();
        for y in (0..query.height).step_by(step) {
            for x in (0..query.width).step_by(step) {
                let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
                if !head.holds(f64::from(px), f64::from(py), 0.55, 0.72) {
                    points.push((px, py, query.values[y * query.width + x]));
                }
            }
        }
        Self { points }
    }

    /// Correlation, less a little for what is not covered; none when too little is.
    fn score(&self, query: &Plane, base: &Plane, similarity: &Similarity, level: f32) -> Option<f32> {
        let mapping = similarity.mapping(query, level);
        let mut correlation = Correlation::default();
        for (x, y, value) in &self.points {
            let (bx, by) = mapping.point(*x, *y);
            if base.covers(bx, by) {
                correlation.add(*value, base.at(bx, by));
            }
        }
        self.judged(&correlation, query, base, similarity)
    }

    fn judged(&self, correlation: &Correlation, query: &Plane, base: &Plane, similarity: &Similarity) -> Option<f32> {
        let of_query = correlation.count() / self.points.len().max(1) as f32;
        let area = (query.width * query.height) as f32 / (base.width * base.height) as f32;
        let of_base = of_query * similarity.scale() * similarity.scale() * area;
        let cover = of_query.max(of_base).min(1.0);
        (cover >= LEAST_COVER).then(|| correlation.value() - 0.1 * (1.0 - cover))
    }
}
