//! Numbers to verdict, and verdict to a sentence. Honest people first: a swap needs clothes and surroundings that match.

use crate::domain::photo::{TileCount, Verdict};
use crate::screening::policy::{
    PHOTO_COPY_OUTSIDE, PHOTO_COVERAGE, PHOTO_FACE_COPY, PHOTO_HEAD_COPY_BITS, PHOTO_OTHER_TONES, PHOTO_RING, PHOTO_RING_TILES,
    PHOTO_SWAP_OUTSIDE, PHOTO_SWAP_TILES, PHOTO_TORSO, PHOTO_TORSO_TILES, PHOTO_WITHOUT_HEAD_BITS,
};

/// What was measured of two pictures laid over each other.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measured {
    /// Larger share of one picture that the other covers.
    pub coverage: f64,
    /// Likeness of the face's fine structure.
    pub face_match: Option<f64>,
    /// One is the mirror image of the other.
    pub mirrored: bool,
    /// Areas of the head.
    pub head: TileCount,
    /// Areas outside the head.
    pub outside: TileCount,
    /// Areas of clothes and shoulders.
    pub torso: TileCount,
    /// Areas round the head.
    pub ring: TileCount,
    /// Flat areas of clothes of another tone.
    pub other_tones: u32,
    /// Distance of the whole.
    pub whole_bits: u32,
    /// Distance of the whole without the head.
    pub without_head_bits: u32,
    /// Distance of the head region.
    pub head_bits: u32,
}

/// The verdict that the numbers give.
#[must_use]
pub fn judge(measured: &Measured) -> Verdict {
    let outside = measured.outside.share().unwrap_or(0.0);
    if measured.coverage < PHOTO_COVERAGE || measured.outside.compared < PHOTO_SWAP_TILES {
        return Verdict::Unrelated;
    }
    let face_is_copy = measured.face_match.is_some_and(|face| face >= PHOTO_FACE_COPY);
    if face_is_copy {
        return if outside >= PHOTO_COPY_OUTSIDE { Verdict::SamePhoto } else { Verdict::Unrelated };
    }
    let face_differs = measured.face_match.is_some() && measured.head_bits > PHOTO_HEAD_COPY_BITS;
    let swapped = face_differs
        && measured.without_head_bits <= PHOTO_WITHOUT_HEAD_BITS
        && outside >= PHOTO_SWAP_OUTSIDE
        && clothes_match(measured)
        && surroundings_match(measured);
    if swapped { Verdict::FaceSwapped } else { Verdict::Unrelated }
}

/// Two people before one wall differ in their clothes. Too few areas of clothes are judged together with the ring.
fn clothes_match(measured: &Measured) -> bool {
    let (torso, ring) = (measured.torso, measured.ring);
    let share = if torso.compared >= PHOTO_TORSO_TILES {
        torso.share()
    } else if torso.compared >= PHOTO_TORSO_TILES / 2 && ring.compared >= PHOTO_TORSO_TILES / 2 {
        TileCount { matching: torso.matching + ring.matching, compared: torso.compared + ring.compared }.share()
    } else {
        None
    };
    share.is_some_and(|share| share >= PHOTO_TORSO) && measured.other_tones < PHOTO_OTHER_TONES
}

fn surroundings_match(measured: &Measured) -> bool {
    measured.ring.compared < PHOTO_RING_TILES || measured.ring.share().is_some_and(|share| share >= PHOTO_RING)
}

/// The verdict in words, with its numbers; `of` names whose photo the other one is.
#[must_use]
pub fn sentence(verdict: Verdict, measured: &Measured, of: Option<&str>) -> String {
    let other = of.map_or_else(|| "the other photo".to_owned(), |name| format!("the photo of {name}"));
    let TileCount { matching, compared } = measured.outside;
    let percent = (100.0 * measured.outside.share().unwrap_or(0.0)).round();
    let mirrored = if measured.mirrored { ", mirrored" } else { "" };
    match verdict {
        Verdict::SamePhoto => {
            let covered = (100.0 * measured.coverage).round();
            let cropped = if covered < 97.0 { format!(" and cropped to {covered} %") } else { String::new() };
            let joined =
                if mirrored.is_empty() && !cropped.is_empty() { cropped.replacen(" and", ",", 1) } else { format!("{mirrored}{cropped}") };
            format!("The whole picture matches {other}{joined} ({matching} of {compared} areas outside the head, {percent} %).")
        }
        Verdict::FaceSwapped => format!(
            "Background, clothes and pose match {other}{mirrored} ({matching} of {compared} areas, {percent} %); the face does not ({:.2}, a copy gives {PHOTO_FACE_COPY:.2} or more).",
            measured.face_match.unwrap_or(0.0)
        ),
        Verdict::SharedBackdrop => {
            format!(
                "The background matches {other} and those of other people, too ({matching} of {compared} areas, {percent} %): a shared backdrop."
            )
        }
        Verdict::SameFaceElsewhere | Verdict::Unrelated => {
            format!("The pictures do not match ({matching} of {compared} areas outside the head, {percent} %).")
        }
    }
}
