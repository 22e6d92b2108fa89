//! Which parts of a picture are hashed: the whole (W), the whole without the head (M), the square round the head (A).
//!
//! Idea: a swap changes the head and nothing else, so M stays while A moves; a cut-out keeps A alone. Until a detector says where the head
//! is, it is taken to be where portraits have it ([`HeadBox::usual`]). Each region is averaged by area to 64 x 64 cells
//! from a table of sums, so a region costs the same at every size.
//!
//! To add a region: a variant of `Region`, its rectangle here, its columns in the index.

use crate::domain::photo::GrayThumbnail;

/// Cells a side of a region that is hashed.
pub const CELLS: usize = 64;

/// A rectangle of a picture in pixels; it may reach over the edges, which are then continued outward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Frame {
    /// The whole picture.
    #[must_use]
    pub fn whole(width: u32, height: u32) -> Self {
        Self { x: 0.0, y: 0.0, width: f64::from(width), height: f64::from(height) }
    }

    /// The frame `scale` times as large, its spare room shared out by `(left, upper)`, each 0 to 1.
    #[must_use]
    pub fn scaled(&self, scale: f64, left: f64, upper: f64) -> Self {
        let (width, height) = (self.width * scale, self.height * scale);
        Self { x: self.x + (self.width - width) * left, y: self.y + (self.height - height) * upper, width, height }
    }
}

/// The square that holds a face, in the pixels of a frame's picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeadBox {
    /// Center.
    pub x: f64,
    /// Center.
    pub y: f64,
    /// Side.
    pub side: f64,
}

impl HeadBox {
    /// Where portraits have the face: side .38 of the lesser of width and .9 of the height, center at half of the width and
    /// .40 of the height.
    #[must_use]
    pub fn usual(frame: &Frame) -> Self {
        let side = 0.38 * frame.width.min(0.9 * frame.height);
        Self { x: frame.x + frame.width / 2.0, y: frame.y + 0.40 * frame.height, side }
    }

    /// The square of `factor` times the side round the same center.
    #[must_use]
    pub fn square(&self, factor: f64) -> Frame {
        let side = self.side * factor;
        Frame { x: self.x - side / 2.0, y: self.y - side / 2.0, width: side, height: side }
    }

    /// Whether a point lies in the ellipse of these radii, given in sides.
    #[must_use]
    pub fn holds(&self, x: f64, y: f64, radius_x: f64, radius_y: f64) -> bool {
        let (dx, dy) = ((x - self.x) / (radius_x * self.side), (y - self.y) / (radius_y * self.side));
        dx * dx + dy * dy <= 1.0
    }
}

/// Side of the head region A, in face sides.
pub const HEAD_SQUARE: f64 = 2.6;
/// Radii of the ellipse that M fills, in face sides.
const HEAD_ELLIPSE: (f64, f64) = (0.62, 0.78);

/// 64 x 64 cells of a region, row by row.
pub type Cells = [u8; CELLS * CELLS];

/// A picture as a table of sums, from which the mean of any rectangle is four look-ups.
#[derive(Debug, Clone)]
pub struct Sums {
    width: usize,
    height: usize,
    table: Vec<u32>,
}

impl Sums {
    /// The table of gray values, row by row. Sums fit 32 bits up to 4,096 x 4,096 pixels; pictures here have 1,600 at most.
    #[must_use]
    pub fn of(width: u32, height: u32, gray: impl Iterator<Item = u8>) -> Self {
        let (width, height) = (width as usize, height as usize);
        let stride = width + 1;
        let mut table = vec![0_u32; stride * (height + 1)];
        let mut row = 0_u32;
        for (i, value) in gray.take(width * height).enumerate() {
            let (x, y) = (i % width, i / width);
            row = if x == 0 { u32::from(value) } else { row + u32::from(value) };
            table[(y + 1) * stride + x + 1] = table[y * stride + x + 1] + row;
        }
        Self { width, height, table }
    }

    /// The table of a thumbnail.
    #[must_use]
    pub fn of_thumbnail(gray: &GrayThumbnail) -> Self {
        Self::of(gray.width, gray.height, gray.pixels.iter().copied())
    }

    /// The means of `columns` x `rows` equal cells of a frame, row by row.
    #[must_use]
    pub fn means(&self, frame: &Frame, columns: usize, rows: usize) -> Vec<u8> {
        let xs = spans(frame.x, frame.width, columns, self.width);
        let ys = spans(frame.y, frame.height, rows, self.height);
        let mut means = Vec::with_capacity(columns * rows);
        for y in &ys {
            for x in &xs {
                let sum = self.upto(x.1, y.1) - self.upto(x.0, y.1) - self.upto(x.1, y.0) + self.upto(x.0, y.0);
                let area = (x.1.at() - x.0.at()) * (y.1.at() - y.0.at());
                means.push((sum / area).round().clamp(0.0, 255.0) as u8);
            }
        }
        means
    }

    /// Sum of everything left of and above a point between pixels.
    fn upto(&self, x: Edge, y: Edge) -> f64 {
        let stride = self.width + 1;
        let of = |x: usize, y: usize| f64::from(self.table[y.min(self.height) * stride + x.min(self.width)]);
        let upper = of(x.pixel, y.pixel) * (1.0 - x.part) + of(x.pixel + 1, y.pixel) * x.part;
        let lower = of(x.pixel, y.pixel + 1) * (1.0 - x.part) + of(x.pixel + 1, y.pixel + 1) * x.part;
        upper * (1.0 - y.part) + lower * y.part
    }

    /// The cells of a frame.
    #[must_use]
    pub fn cells(&self, frame: &Frame) -> Cells {
        let mut cells = [0; CELLS * CELLS];
        cells.copy_from_slice(&self.means(frame, CELLS, CELLS));
        cells
    }
}

/// A place between pixels: the whole pixels before it, and the part of the next one.
#[derive(Debug, Clone, Copy)]
struct Edge {
    pixel: usize,
    part: f64,
}

impl Edge {
    fn new(at: f64) -> Self {
        Self { pixel: at as usize, part: at.fract() }
    }

    fn at(self) -> f64 {
        self.pixel as f64 + self.part
    }
}

/// Both edges of each of `count` cells; a cell beyond the picture repeats its edge pixel.
fn spans(from: f64, length: f64, count: usize, limit: usize) -> Vec<(Edge, Edge)> {
    let step = length / count as f64;
    let limit = limit as f64;
    (0..count)
        .map(|i| {
            let low = (from + step * i as f64).clamp(0.0, limit);
            let high = (from + step * (i + 1) as f64).clamp(0.0, limit);
            if high - low > 1e-3 {
                (Edge::new(low), Edge::new(high))
            } else {
                let low = low.min(limit - 1.0).floor();
                (Edge::new(low), Edge::new(low + 1.0))
            }
        })
        .collect()
}

/// The cells of a frame with the head area filled by the mean of the rest.
#[must_use]
pub fn without_head(whole: &Cells, frame: &Frame, head: &HeadBox) -> Cells {
    let mut inside = [false; CELLS * CELLS];
    let (mut sum, mut rest) = (0_u32, 0_u32);
    for (i, cell) in whole.iter().enumerate() {
        let x = frame.x + ((i % CELLS) as f64 + 0.5) / CELLS as f64 * frame.width;
        let y = frame.y + ((i / CELLS) as f64 + 0.5) / CELLS as f64 * frame.height;
        inside[i] = head.holds(x, y, HEAD_ELLIPSE.0, HEAD_ELLIPSE.1);
        if !inside[i] {
            sum += u32::from(*cell);
            rest += 1;
        }
    }
    let mean = ((sum + rest / 2) / rest.max(1)) as u8;
    let mut filled = *whole;
    for (cell, inside) in filled.iter_mut().zip(inside) {
        if inside {
            *cell = mean;
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_of_the_size_of_its_cells_is_the_picture_itself() {
        let gray: Vec<u8> = (0..CELLS * CELLS).map(|i| (i * 7 % 251) as u8).collect();
        let sums = Sums::of(64, 64, gray.iter().copied());
        assert_eq!(sums.cells(&Frame::whole(64, 64)).as_slice(), gray);
    }

    #[test]
    fn cells_beyond_the_picture_repeat_its_edge() {
        let sums = Sums::of(2, 1, [10, 90].into_iter());
        assert_eq!(sums.means(&Frame { x: -2.0, y: -1.0, width: 6.0, height: 3.0 }, 6, 1), [10, 10, 10, 90, 90, 90]);
        assert_eq!(sums.means(&Frame::whole(2, 1), 4, 1), [10, 10, 90, 90]);
        assert_eq!(sums.means(&Frame { x: 0.5, y: 0.0, width: 1.0, height: 1.0 }, 1, 1), [50]);
    }

    #[test]
    fn the_head_is_filled_and_nothing_else() {
        let frame = Frame::whole(64, 64);
        let mut cells = [10; CELLS * CELLS];
        let head = HeadBox::usual(&frame);
        cells[(head.y as usize) * CELLS + 32] = 200;
        let filled = without_head(&cells, &frame, &head);
        assert!(filled.iter().all(|cell| *cell == 10));
    }
}
