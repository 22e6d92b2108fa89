//! Numbers to verdict, and verdict to a sentence. Honest people first: a swap needs clothes and surroundings that match.

use crate::domain::photo::{TileCount, Verdict};
use crate::screening::policy::{
    PHOTO_COPY_BITS, PHOTO_COPY_OUTSIDE, PHOTO_COVERAGE, PHOTO_FACE_COPY, PHOTO_HEAD_COPY_BITS, PHOTO_RING, PHOTO_RING_ALONE,
    PHOTO_RING_TILES, PHOTO_SWAP_OUTSIDE, PHOTO_SWAP_TILES, PHOTO_TORSO, PHOTO_TORSO_LIKENESS, PHOTO_TORSO_TILES,
    PHOTO_WATERMARKED_OUTSIDE, PHOTO_WITHOUT_HEAD_BITS,
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
    /// Mean correlation of the areas of clothes, -1 to 1.
    pub torso_likeness: f64,
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
        let watermarked = measured.whole_bits <= PHOTO_COPY_BITS && outside >= PHOTO_WATERMARKED_OUTSIDE;
        return if outside >= PHOTO_COPY_OUTSIDE || watermarked { Verdict::SamePhoto } else { Verdict::Unrelated };
    }
    let face_differs = measured.face_match.is_some() && measured.head_bits > PHOTO_HEAD_COPY_BITS;
    let swapped = face_differs
        && measured.without_head_bits <= PHOTO_WITHOUT_HEAD_BITS
        && outside >= PHOTO_SWAP_OUTSIDE
        && clothes_match(measured)
        && surroundings_match(measured);
    if swapped { Verdict::FaceSwapped } else { Verdict::Unrelated }
}

/// Two people before one wall differ in their clothes. Too few areas of clothes are judged together with the ring; a close-up without
/// any is judged by the ring alone, more strictly.
fn clothes_match(measured: &Measured) -> bool {
    let (torso, ring) = (measured.torso, measured.ring);
    let share = if torso.compared >= PHOTO_TORSO_TILES {
        if measured.torso_likeness < PHOTO_TORSO_LIKENESS {
            return false;
        }
        torso.share()
    } else if torso.compared >= PHOTO_TORSO_TILES / 2 && ring.compared >= PHOTO_TORSO_TILES / 2 {
        TileCount { matching: torso.matching + ring.matching, compared: torso.compared + ring.compared }.share()
    } else {
        return ring.compared >= PHOTO_SWAP_TILES && ring.share().is_some_and(|share| share >= PHOTO_RING_ALONE);
    };
    share.is_some_and(|share| share >= PHOTO_TORSO)
}

fn surroundings_match(measured: &Measured) -> bool {
    measured.ring.compared < PHOTO_RING_TILES || measured.ring.share().is_some_and(|share| share >= PHOTO_RING)
}

/// The verdict in words, with its numbers. Says "the other photo"; who that is stands beside it.
#[must_use]
pub fn sentence(verdict: Verdict, measured: &Measured) -> String {
    let areas = shares(measured.outside);
    let mirrored = if measured.mirrored { ", mirrored" } else { "" };
    match verdict {
        Verdict::SamePhoto => {
            let covered = (100.0 * measured.coverage).round();
            let cropped = if covered < 97.0 { format!(", cropped to {covered} %") } else { String::new() };
            format!("The whole picture matches the other photo{mirrored}{cropped} ({areas} outside the head).")
        }
        Verdict::FaceSwapped => format!(
            "Background, clothes and pose match the other photo{mirrored} ({areas}); the face does not ({:.2}, a copy gives {PHOTO_FACE_COPY:.2} or more).",
            measured.face_match.unwrap_or(0.0)
        ),
        Verdict::SharedBackdrop => format!("Only the background matches the other photo and those of other people ({areas})."),
        Verdict::SameFaceElsewhere | Verdict::Unrelated => format!("The pictures do not match ({areas} outside the head)."),
    }
}

/// "162 of 165 areas, 98 %".
#[must_use]
pub fn shares(count: TileCount) -> String {
    let TileCount { matching, compared } = count;
    format!("{matching} of {compared} areas, {} %", (100.0 * count.share().unwrap_or(0.0)).round())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swap() -> Measured {
        let all = |compared| TileCount { matching: compared, compared };
        Measured {
            coverage: 1.0,
            face_match: Some(0.31),
            outside: TileCount { matching: 162, compared: 165 },
            torso: all(40),
            ring: all(30),
            torso_likeness: 0.97,
            head: TileCount { matching: 8, compared: 40 },
            whole_bits: 48,
            without_head_bits: 6,
            head_bits: 50,
            ..Measured::default()
        }
    }

    #[test]
    fn a_swap_is_called_one_and_its_sentence_gives_the_numbers() {
        assert_eq!(judge(&swap()), Verdict::FaceSwapped);
        let sentence = sentence(Verdict::FaceSwapped, &swap());
        assert!(sentence.contains("162 of 165 areas, 98 %") && sentence.contains("0.31, a copy gives 0.85"), "{sentence}");
    }

    #[test]
    fn a_swap_needs_everything_but_the_face() {
        type Spoil = fn(&mut Measured);
        let spoiled: [(&str, Spoil); 8] = [
            ("other clothes", |m| m.torso.matching = 10),
            ("clothes alike in outline only", |m| m.torso_likeness = 0.8),
            ("another outline of the head", |m| m.ring.matching = 12),
            ("too little outside", |m| m.outside.matching = 90),
            ("too few areas", |m| m.outside = TileCount { matching: 11, compared: 11 }),
            ("too little overlap", |m| m.coverage = 0.5),
            ("the whole without the head differs", |m| m.without_head_bits = 70),
            ("no face to compare", |m| m.face_match = None),
        ];
        for (what, spoil) in spoiled {
            let mut measured = swap();
            spoil(&mut measured);
            assert_eq!(judge(&measured), Verdict::Unrelated, "{what}");
        }
    }

    #[test]
    fn a_close_up_without_clothes_is_judged_by_what_is_round_the_head() {
        let close_up = Measured { torso: TileCount::default(), ..swap() };
        assert_eq!(judge(&close_up), Verdict::FaceSwapped);
        let ring = TileCount { matching: 24, compared: 30 };
        assert_eq!(judge(&Measured { ring, ..close_up }), Verdict::Unrelated);
    }

    #[test]
    fn a_copy_is_the_same_photo_and_a_cut_out_is_not() {
        let copy = Measured { face_match: Some(0.97), whole_bits: 2, head_bits: 2, ..swap() };
        assert_eq!(judge(&copy), Verdict::SamePhoto);
        let watermarked = Measured { outside: TileCount { matching: 130, compared: 165 }, ..copy };
        assert_eq!(judge(&watermarked), Verdict::SamePhoto);
        assert_eq!(judge(&Measured { whole_bits: 36, ..watermarked }), Verdict::Unrelated);
        let mirrored = Measured { mirrored: true, coverage: 0.81, ..copy };
        assert!(sentence(Verdict::SamePhoto, &mirrored).contains("matches the other photo, mirrored, cropped to 81 %"));
    }
}
