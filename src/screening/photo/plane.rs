//! Gray pictures as numbers: sampled between pixels, shrunk, blurred. What alignment and tiles calculate with.

use crate::domain::photo::GrayThumbnail;

/// Longest side of the pictures that are laid over each other, in pixels.
pub const SIDE: f32 = 320.0;

/// A gray picture, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` values.
    pub values: Vec<f32>,
}

impl Plane {
    /// A plane whose values are computed.
    #[must_use]
    pub fn from_fn(width: usize, height: usize, mut value: impl FnMut(usize, usize) -> f32) -> Self {
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                values.push(value(x, y));
            }
        }
        Self { width, height, values }
    }

    /// A thumbnail brought to a long side of 320, small ones enlarged, so that all tiles show as much.
    #[must_use]
    pub fn of(gray: &GrayThumbnail) -> Self {
        let as_is = Self {
            width: gray.width as usize,
            height: gray.height as usize,
            values: gray.pixels.iter().map(|value| f32::from(*value)).collect(),
        };
        let long = gray.width.max(gray.height) as f32;
        if long >= SIDE {
            return as_is;
        }
        let scale = SIDE / long;
        let side = |length: usize| ((length as f32 * scale).round() as usize).max(1);
        Self::from_fn(side(as_is.width), side(as_is.height), |x, y| as_is.at((x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale))
    }

    /// The mirror image.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let mut mirrored = self.clone();
        for row in mirrored.values.chunks_exact_mut(self.width) {
            row.reverse();
        }
        mirrored
    }

    /// The plane at half the size.
    #[must_use]
    pub fn halved(&self) -> Self {
        let of = |x: usize, y: usize| self.values[y.min(self.height - 1) * self.width + x.min(self.width - 1)];
        Self::from_fn(self.width.div_ceil(2), self.height.div_ceil(2), |x, y| {
            (of(2 * x, 2 * y) + of(2 * x + 1, 2 * y) + of(2 * x, 2 * y + 1) + of(2 * x + 1, 2 * y + 1)) / 4.0
        })
    }

    /// Whether a point lies on the picture.
    #[must_use]
    pub fn covers(&self, x: f32, y: f32) -> bool {
        x >= 0.0 && y >= 0.0 && x <= self.width as f32 && y <= self.height as f32
    }

    /// The value at a point, between pixels; pixel centers lie at one half. Points beyond the picture have its edge's value.
    #[must_use]
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let x = (x - 0.5).clamp(0.0, (self.width - 1) as f32);
        let y = (y - 0.5).clamp(0.0, (self.height - 1) as f32);
        let (left, upper) = (x as usize, y as usize);
        let (right, lower) = ((left + 1).min(self.width - 1), (upper + 1).min(self.height - 1));
        let (dx, dy) = (x - left as f32, y - upper as f32);
        let (above, below) = (upper * self.width, lower * self.width);
        let top = self.values[above + left] * (1.0 - dx) + self.values[above + right] * dx;
        let bottom = self.values[below + left] * (1.0 - dx) + self.values[below + right] * dx;
        top * (1.0 - dy) + bottom * dy
    }

    /// The plane blurred by two passes of a running mean each way, which come close enough to a Gaussian of this deviation in pixels.
    #[must_use]
    pub fn blurred(&self, deviation: f32) -> Self {
        // Variance of two means over 2 r + 1 values is 2/3 r (r + 1); the weight of the outermost value makes r a fraction.
        let radius = ((1.0 + 6.0 * deviation * deviation).sqrt() - 1.0) / 2.0;
        self.blurred_across(radius).turned().blurred_across(radius).turned()
    }

    fn blurred_across(&self, radius: f32) -> Self {
        let mut blurred = self.clone();
        let mut padded = Vec::new();
        for row in blurred.values.chunks_exact_mut(self.width) {
            for _ in 0..2 {
                running_mean(row, radius, &mut padded);
            }
        }
        blurred
    }

    /// Columns as rows.
    fn turned(&self) -> Self {
        Self::from_fn(self.height, self.width, |x, y| self.values[x * self.width + y])
    }

    /// What lies between two blurs where `inside` holds; what lies outside of it is neither light nor structure.
    #[must_use]
    pub fn band_inside(&self, inside: &[bool], fine: f32, coarse: f32) -> Self {
        let weight = Self { values: inside.iter().map(|inside| f32::from(u8::from(*inside))).collect(), ..*self };
        let weighted = |plane: &Self, deviation: f32| {
            let masked = Self { values: plane.values.iter().zip(&weight.values).map(|(value, weight)| value * weight).collect(), ..*plane };
            let mut blurred = masked.blurred(deviation);
            for (value, weight) in blurred.values.iter_mut().zip(weight.blurred(deviation).values) {
                *value /= weight.max(1e-3);
            }
            blurred
        };
        let mut band = weighted(self, fine);
        for (value, light) in band.values.iter_mut().zip(weighted(self, coarse).values) {
            *value -= light;
        }
        band
    }

    /// What lies between two blurs: fine structure without noise and without light.
    #[must_use]
    pub fn band(&self, fine: f32, coarse: f32) -> Self {
        let mut band = self.blurred(fine);
        for (value, light) in band.values.iter_mut().zip(self.blurred(coarse).values) {
            *value -= light;
        }
        band
    }
}

/// Replaces each value by the mean of its neighbors within a radius; the ends are continued.
fn running_mean(values: &mut [f32], radius: f32, padded: &mut Vec<f32>) {
    let (whole, part) = (radius as usize, radius.fract());
    let (Some(first), Some(last)) = (values.first().copied(), values.last().copied()) else { return };
    padded.clear();
    padded.resize(whole + 1, first);
    padded.extend_from_slice(values);
    padded.resize(values.len() + 2 * whole + 2, last);
    let share = 1.0 / ((2 * whole + 1) as f32 + 2.0 * part);
    let mut sum: f32 = padded[1..2 * whole + 2].iter().sum();
    let (leaving, entering) = (padded.iter(), padded[2 * whole + 2..].iter());
    let mut next = padded[1..].iter();
    for ((value, before), after) in values.iter_mut().zip(leaving).zip(entering) {
        *value = (sum + part * (before + after)) * share;
        sum += after - next.next().unwrap_or(before);
    }
}

/// Running sums of two lists of values, from which their correlation follows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Correlation {
    count: f32,
    a: f32,
    b: f32,
    aa: f32,
    bb: f32,
    ab: f32,
}

impl Correlation {
    /// Adds one pair.
    #[inline]
    pub fn add(&mut self, a: f32, b: f32) {
        self.count += 1.0;
        self.a += a;
        self.b += b;
        self.aa += a * a;
        self.bb += b * b;
        self.ab += a * b;
    }

    /// Number of pairs.
    #[must_use]
    pub fn count(&self) -> f32 {
        self.count
    }

    /// Means of both lists.
    #[must_use]
    pub fn means(&self) -> (f32, f32) {
        (self.a / self.count.max(1.0), self.b / self.count.max(1.0))
    }

    /// Standard deviations of both lists.
    #[must_use]
    pub fn deviations(&self) -> (f32, f32) {
        let (a, b) = self.means();
        let of = |squares: f32, mean: f32| (squares / self.count.max(1.0) - mean * mean).max(0.0).sqrt();
        (of(self.aa, a), of(self.bb, b))
    }

    /// Normalized correlation, -1 to 1; 0 when a list is constant.
    #[must_use]
    pub fn value(&self) -> f32 {
        let ((a, b), (da, db)) = (self.means(), self.deviations());
        if da * db < 1e-3 { 0.0 } else { ((self.ab / self.count - a * b) / (da * db)).clamp(-1.0, 1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blur_spreads_a_point_to_the_deviation_asked_for_and_loses_nothing() {
        for deviation in [1.2_f32, 4.0, 9.0] {
            let point = Plane::from_fn(101, 101, |x, y| if (x, y) == (50, 50) { 10_000.0 } else { 0.0 });
            let blurred = point.blurred(deviation);
            let mass: f32 = blurred.values.iter().sum();
            let spread: f32 = blurred.values.iter().enumerate().map(|(i, v)| v * ((i % 101) as f32 - 50.0).powi(2)).sum();
            assert!((mass - 10_000.0).abs() < 20.0, "{mass}");
            assert!(((spread / mass).sqrt() - deviation).abs() < 0.15 * deviation, "{deviation}: {}", (spread / mass).sqrt());
        }
    }

    #[test]
    fn correlation_ignores_light_and_knows_the_opposite() {
        let mut same = Correlation::default();
        let mut opposite = Correlation::default();
        for i in 0..50 {
            let value = ((i * 31) % 17) as f32;
            same.add(value, 2.0 * value + 30.0);
            opposite.add(value, -value);
        }
        assert!((same.value() - 1.0).abs() < 1e-3 && (opposite.value() + 1.0).abs() < 1e-3);
        assert_eq!(Correlation::default().value(), 0.0);
    }
}
