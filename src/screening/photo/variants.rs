//! What is asked of the index for one picture: its regions as they would be if the enrolled picture were a crop, a zoom-out or the
//! mirror image of it.
//!
//! A hash forgives little displacement, so a cropped copy is found by cropping the query likewise. Cost: about 230 hashes.
//! Known limits: no turns (beyond what a hash forgives, about 2 degrees) and no free-standing cut-outs.
//!
//! To add a variant: a frame in `frames`.

use crate::domain::photo::{Hash256, PhotoFeatures};

use super::hash;
use super::regions::{Frame, HEAD_SQUARE, HeadBox, Sums, without_head};

/// The query hashes of one picture; each list meets its own region only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryVariants {
    /// The whole picture.
    pub whole: Vec<Hash256>,
    /// The whole picture without the head.
    pub without_head: Vec<Hash256>,
    /// The head region.
    pub head: Vec<Hash256>,
    /// Quality of the three regions of the picture as it is.
    pub qualities: [u8; 3],
}

/// Variants with less texture than this are left out: their bits are arbitrary.
const LEAST_QUALITY: u8 = 10;

impl QueryVariants {
    /// The variants of a picture, both mirror states of each.
    #[must_use]
    pub fn of(features: &PhotoFeatures) -> Self {
        let gray = &features.gray;
        let sums = Sums::of_thumbnail(gray);
        let mut all = Self {
            whole: Vec::new(),
            without_head: Vec::new(),
            head: Vec::new(),
            qualities: [features.whole.quality, features.without_head.quality, features.head.quality],
        };
        for (i, frame) in frames(gray.width, gray.height, &gray.pixels).iter().enumerate() {
            let head = HeadBox::usual(frame);
            let whole = sums.cells(frame);
            add(&mut all.whole, &whole);
            add(&mut all.without_head, &without_head(&whole, frame, &head));
            if i < HEAD_FRAMES {
                for factor in [0.9, 1.0, 1.11] {
                    add(&mut all.head, &sums.cells(&head.square(HEAD_SQUARE * factor)));
                }
            }
        }
        all
    }
}

fn add(list: &mut Vec<Hash256>, cells: &super::regions::Cells) {
    let plain = hash::of(cells);
    if plain.quality >= LEAST_QUALITY {
        list.push(plain.hash);
        list.push(hash::of_mirrored(cells).hash);
    }
}

/// How many of the first frames give head variants.
const HEAD_FRAMES: usize = 6;
/// A row or column with less deviation than this is a border.
const BORDER_DEVIATION: f64 = 4.0;
/// Most of a side that is trimmed.
const MOST_TRIM: f64 = 0.4;

/// The frames of the query that an enrolled picture may be: as it is; without borders; the one block of a page; crops and zoom-outs.
fn frames(width: u32, height: u32, gray: &[u8]) -> Vec<Frame> {
    let whole = Frame::whole(width, height);
    let lines = Lines { width: width as usize, height: height as usize, gray };
    let trimmed = lines.trimmed();
    let mut frames = vec![whole];
    frames.extend([trimmed, lines.block()].into_iter().filter(|frame| *frame != whole));
    frames.dedup();
    frames.extend([0.95, 1.05, 0.9, 1.12].map(|scale| trimmed.scaled(scale, 0.5, 0.5)));
    for scale in [0.9, 0.84, 1.12, 1.22] {
        for upper in [0.0, 0.5, 1.0] {
            for left in [0.0, 0.5, 1.0] {
                frames.push(trimmed.scaled(scale, left, upper));
            }
        }
    }
    frames.extend(other_shapes(&trimmed));
    frames
}

/// Square crops of a frame that is none; longer frames round one that is square: upload forms crop to squares.
fn other_shapes(frame: &Frame) -> Vec<Frame> {
    let shape = frame.width / frame.height;
    let of = |width: f64, height: f64, upper: f64| Frame {
        x: frame.x + (frame.width - width) / 2.0,
        y: frame.y + (frame.height - height) * upper,
        width,
        height,
    };
    if (0.95..1.05).contains(&shape) {
        let mut longer: Vec<Frame> =
            [1.2, 1.33, 1.5].iter().flat_map(|by| [0.0, 0.25].map(|upper| of(frame.width, frame.height * by, upper))).collect();
        longer.extend([1.33, 1.5].map(|by| of(frame.width * by, frame.height, 0.0)));
        return longer;
    }
    let side = frame.width.min(frame.height);
    [0.0, 0.25, 0.5].map(|upper| of(side, side, upper)).to_vec()
}

/// A picture seen as rows and columns, some of which are uniform.
struct Lines<'a> {
    width: usize,
    height: usize,
    gray: &'a [u8],
}

/// From and up to (not with) a row or column.
type Span = (usize, usize);

impl Lines<'_> {
    fn row_is_uniform(&self, y: usize, across: Span) -> bool {
        deviation((across.0..across.1).map(|x| self.gray[y * self.width + x])) < BORDER_DEVIATION
    }

    fn column_is_uniform(&self, x: usize, down: Span) -> bool {
        deviation((down.0..down.1).map(|y| self.gray[y * self.width + x])) < BORDER_DEVIATION
    }

    /// The picture without uniform borders, at most 40 % a side.
    fn trimmed(&self) -> Frame {
        let trim = |uniform: &dyn Fn(usize) -> bool, length: usize| {
            let most = (length as f64 * MOST_TRIM) as usize;
            let low = (0..most).take_while(|i| uniform(*i)).count();
            let high = (0..most).take_while(|i| uniform(length - 1 - *i)).count();
            (low, length - high)
        };
        let rows = trim(&|y| self.row_is_uniform(y, (0, self.width)), self.height);
        let columns = trim(&|x| self.column_is_uniform(x, rows), self.width);
        frame_of(columns, rows)
    }

    /// The largest block between uniform rows and columns: the photo in a screenshot of a page. Less than a third of a side is none.
    fn block(&self) -> Frame {
        let (mut rows, mut columns) = ((0, self.height), (0, self.width));
        for _ in 0..2 {
            rows = longest(rows, |y| !self.row_is_uniform(y, columns), self.height / 3);
            columns = longest(columns, |x| !self.column_is_uniform(x, rows), self.width / 3);
        }
        frame_of(columns, rows)
    }
}

fn frame_of(columns: Span, rows: Span) -> Frame {
    let (width, height) = ((columns.1 - columns.0) as f64, (rows.1 - rows.0) as f64);
    Frame { x: columns.0 as f64, y: rows.0 as f64, width, height }
}

/// The longest run of lines that hold something; all of them when it is shorter than `least`.
fn longest(span: Span, holds: impl Fn(usize) -> bool, least: usize) -> Span {
    let mut best = (span.0, span.0);
    let mut start = span.0;
    for at in span.0..=span.1 {
        if at == span.1 || !holds(at) {
            if at - start > best.1 - best.0 {
                best = (start, at);
            }
            start = at + 1;
        }
    }
    if best.1 - best.0 >= least.max(1) { best } else { span }
}

fn deviation(values: impl Iterator<Item = u8>) -> f64 {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for value in values.map(f64::from) {
        count += 1.0;
        sum += value;
        squares += value * value;
    }
    let mean: f64 = sum / count;
    (squares / count - mean * mean).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniform_borders_are_trimmed_but_never_everything() {
        let (width, height) = (40, 30);
        let mut gray = vec![255_u8; width * height];
        for y in 5..28 {
            for x in 4..36 {
                gray[y * width + x] = ((x * 37 + y * 91) % 256) as u8;
            }
        }
        let inner = Frame { x: 4.0, y: 5.0, width: 32.0, height: 23.0 };
        assert_eq!(Lines { width, height, gray: &gray }.trimmed(), inner);
        assert_eq!(Lines { width, height, gray: &gray }.block(), inner);
        let flat = vec![9; width * height];
        let flat = Lines { width, height, gray: &flat };
        assert!(flat.trimmed().width >= 8.0 && flat.trimmed().height >= 6.0);
        assert_eq!(flat.block(), Frame::whole(40, 30));
    }
}
