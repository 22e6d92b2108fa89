//! The areas of a picture that match another one: one path a state, so that four hundred areas are three elements.

use crate::domain::photo::{Tile, TileMap, TileState};

/// The map over a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileDrawing {
    /// Number of the drawing on its page, for the ids inside.
    pub number: usize,
    /// Width in pixels of the drawing.
    pub width: u32,
    /// Height in pixels of the drawing.
    pub height: u32,
    /// Outlines of the areas that match.
    pub matching: String,
    /// Outlines of those that differ.
    pub differing: String,
    /// Outlines of those with nothing to compare.
    pub nothing: String,
    /// The same in words.
    pub words: String,
}

impl TileDrawing {
    /// Draws a map, the `number`th of its page.
    #[must_use]
    pub fn of(map: &TileMap, number: usize) -> Self {
        let outlines = |state: TileState| -> String {
            let tiles = map.tiles.iter().filter(|tile| tile.state == state);
            tiles.map(|tile| format!("M{} {}h{s}v{s}h-{s}z", tile.x * map.side, tile.y * map.side, s = map.side)).collect()
        };
        Self {
            number,
            width: map.width,
            height: map.height,
            matching: outlines(TileState::Match),
            differing: outlines(TileState::Differs),
            nothing: outlines(TileState::Nothing),
            words: words(&map.tiles),
        }
    }
}

/// `195 of 199 areas outside the head match; of 20 areas of the head, 0 match. In 12 areas there is nothing to compare.`
fn words(tiles: &[Tile]) -> String {
    let count = |head: bool, state: TileState| tiles.iter().filter(|tile| tile.head == head && tile.state == state).count();
    let of = |head: bool| {
        let matching = count(head, TileState::Match);
        (matching, matching + count(head, TileState::Differs))
    };
    let ((outside, outside_all), (head, head_all)) = (of(false), of(true));
    let nothing = tiles.iter().filter(|tile| tile.state == TileState::Nothing).count();
    let tail = if nothing == 0 { String::new() } else { format!(" In {nothing} areas there is nothing to compare.") };
    format!("{outside} of {outside_all} areas outside the head match; in the head area {head} of {head_all}.{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_is_drawn_once_and_counted_in_words() {
        let tile = |x, state, head| Tile { x, y: 1, state, head };
        let tiles = vec![tile(0, TileState::Match, false), tile(1, TileState::Differs, true), tile(2, TileState::Nothing, false)];
        let drawing = TileDrawing::of(&TileMap { width: 48, height: 32, side: 16, head: [0.0; 4], tiles }, 1);
        assert_eq!(drawing.matching, "M0 16h16v16h-16z");
        assert_eq!(drawing.differing, "M16 16h16v16h-16z");
        assert_eq!(drawing.nothing, "M32 16h16v16h-16z");
        assert_eq!(drawing.words, "1 of 1 areas outside the head match; in the head area 0 of 1. In 1 areas there is nothing to compare.");
    }
}
