//! The rules in one place: severity, source and reason of every code, and every threshold with its origin.
//!
//! To change a rule: change it here, give its new origin, and raise [`RULE_VERSION`].

use crate::domain::finding::{Code, Evidence, Finding, Severity, Source};
use crate::domain::photo::Region;

/// Version of everything in this file and of the engines that read it. Recorded with each screening.
pub const RULE_VERSION: &str = "2026-11-20.1";

/// Severity, source and reason of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// How much a finding of this code weighs, unless the check says otherwise.
    pub severity: Severity,
    /// What it rests on.
    pub source: Source,
    /// Why it is looked at, in one line for people.
    pub reason: &'static str,
}

/// The rule of a code (CONTRACT section 2).
#[must_use]
pub const fn rule(code: Code) -> Rule {
    use Severity::{Critical, High, Low, Medium};
    let (severity, source, reason) = match code {
        Code::WatchlistEmail => (Critical, Source::List, "One mailbox has one owner: a listed mailbox is the listed persona's."),
        Code::WatchlistHandle => (Critical, Source::List, "An account on a platform has one owner."),
        Code::WatchlistPhone => (Critical, Source::List, "A phone number has one owner at a time."),
        Code::WatchlistDomain => (Critical, Source::List, "Listed domains are front companies and made-up employers."),
        Code::WatchlistWallet => (Critical, Source::List, "A wallet has one owner."),
        Code::WatchlistPayoutAccount => (Critical, Source::List, "A bank account has one owner."),
        Code::WatchlistIp => (Medium, Source::List, "Network addresses are shared and change owners, so one alone opens no review."),
        Code::WatchlistName => (Low, Source::List, "Names repeat among honest people: a name alone never raises attention."),
        Code::ReuseEmail => (High, Source::Pool, "The same mailbox under another name in the company's own candidates."),
        Code::ReusePhone => (High, Source::Pool, "The same phone number under another name in the company's own candidates."),
        Code::ReuseHandle => (High, Source::Pool, "The same account under another name in the company's own candidates."),
        Code::ReuseWallet => (High, Source::Pool, "The same wallet under another name in the company's own candidates."),
        Code::ReusePayoutAccount => (High, Source::Money, "Two people who are paid into one account."),
        Code::PhotoSamePhoto => (High, Source::Photo, "One photo shows one person: the same one under another name is a contradiction."),
        Code::PhotoFaceSwapped => (High, Source::Photo, "Background, clothes and pose are another candidate's; only the face differs."),
        Code::PhotoSharedBackdrop => (Low, Source::Photo, "Many honest people stand before one wall: context only."),
        Code::LocationClaimConflict => (Medium, Source::History, "Two stated places that exclude each other."),
        Code::LocationPhoneCountryMismatch => (Low, Source::Phone, "People keep their number when they move: context only."),
        Code::LocationTimezoneMismatch => (Medium, Source::Clock, "The stated zone is not in use at any stated place."),
        Code::LocationIpCountryMismatch => {
            (Medium, Source::Network, "An access line is where the person is, and this one is in another country.")
        }
        Code::LocationImpossibleTravel => (High, Source::Network, "Nobody travels that fast."),
        Code::LocationImpossibleTravelWeak => (Low, Source::Network, "One end is a network that moves or hides people: context only."),
        Code::ScreeningIncomplete => (Medium, Source::None, "A check that was not completed must not look like one that found nothing."),
    };
    Rule { severity, source, reason }
}

/// A finding with the severity and source of its rule.
#[must_use]
pub fn finding(code: Code, sentence: impl Into<String>, evidence: Evidence) -> Finding {
    finding_of(code, rule(code).severity, sentence, evidence)
}

/// A finding whose severity the check chose.
#[must_use]
pub fn finding_of(code: Code, severity: Severity, sentence: impl Into<String>, evidence: Evidence) -> Finding {
    Finding { id: None, code, severity, source: rule(code).source, sentence: sentence.into(), evidence }
}

/// Least stated confidence of an entry that may count; below it gives context only (CONTRACT section 3).
pub const ENTRY_CONFIDENCE_MIN: u8 = 50;

/// Score, of 100, at which two names match (the line is 76 in every layer).
pub const NAME_MATCH_SCORE: f64 = 76.0;

/// Score at which two names may match: shown, never counted (chosen 2026-11-20; revisit with the identity issue).
pub const NAME_POSSIBLE_SCORE: f64 = 60.0;

/// Rows read at most when candidates are looked up by name keys, rarest block first (recall .964).
pub const NAME_ROW_BUDGET: i64 = 1_000;

/// Rows read at most for one exact contact or account. So many sharers of one mailbox are an agency or a mistake (chosen
/// 2026-11-20); beyond it the screening says that it is incomplete.
pub const EXACT_BLOCK_ROWS: i64 = 1_000;

/// Share of the candidates above which a list change that touches them needs a second person (CONTRACT section 4).
pub const GUARD_NEW_HITS_SHARE: f64 = 0.05;

/// Candidates from which that guard applies (CONTRACT section 4).
pub const GUARD_CANDIDATES_FROM: i64 = 100;

// Identity.

/// Namesakes shown at most, the closest first: they are context, and a common name has hundreds (chosen 2026-11-20).
pub const NAMESAKES_MAX: usize = 20;

// Location. Origins: measured on 116 cases (2026-11-20), unless said otherwise.

/// A reading is kept when its score is within this of the best: a factor of 20 in people.
pub const PLACE_MARGIN: f64 = 1.3;

/// Readings of one text at most.
pub const PLACE_READINGS_MAX: usize = 5;

/// Score of a name that is not the main one is lowered by this.
pub const PLACE_ALTERNATE_MALUS: f64 = 0.7;

/// Score of a region is lowered by this: whoever names a region and a town alike mostly means the town (chosen 2026-11-20).
pub const PLACE_REGION_MALUS: f64 = 0.7;

/// A region or country of fewer people than this many times its town of the same name is that town; the sum counts the
/// districts of a city again, so Berlin comes out at 2.1 times itself (chosen 2026-11-20).
pub const PLACE_CITY_STATE_RATIO: f64 = 2.5;

/// A region of fewer people than this many times its town of the same name stands behind the town (chosen 2026-11-20).
pub const PLACE_OWN_CITY_RATIO: f64 = 8.0;

/// Score of a metro name is raised by this: nicknames such as `Bay Area` are also small towns (chosen 2026-11-20).
pub const PLACE_METRO_BONUS: f64 = 1.0;

/// Score is raised by this when the stated region fits.
pub const PLACE_REGION_BONUS: f64 = 3.5;

/// Score is raised by this when the stated country fits.
pub const PLACE_COUNTRY_BONUS: f64 = 3.0;

/// Score is raised by this when region and country both fit.
pub const PLACE_BOTH_BONUS: f64 = 4.0;

/// Score of a corrected name is lowered by this.
pub const PLACE_MISSPELLED_MALUS: f64 = 1.0;

/// Shortest name, in letters, that may be misspelled.
pub const PLACE_MISSPELLED_MIN_LETTERS: usize = 6;

/// A town named beside another must lie this near to say the same place, in kilometers (chosen 2026-11-20).
pub const PLACE_NEAR_KM: f64 = 60.0;

/// Towns of at least this many people measure how far a country is.
pub const GAP_TOWN_MIN_PEOPLE: u32 = 15_000;

/// Towns that stand for a country that has none so large.
pub const GAP_TOWNS_OF_SMALL_COUNTRY: usize = 50;

/// A point farther than this from any town lies in no country that can be told, in kilometers (chosen 2026-11-20).
pub const POINT_ON_LAND_KM: f64 = 300.0;

/// Radius of a located address when none is given, in kilometers.
pub const CITY_RADIUS_KM: f64 = 50.0;

/// Least radius of any located sighting, in kilometers.
pub const RADIUS_MIN_KM: f64 = 20.0;

/// Two claims in one country conflict beyond this distance, in kilometers.
pub const CLAIM_CONFLICT_KM: f64 = 150.0;

/// Largest towns that stand for a region when its distance is measured (chosen 2026-11-20).
pub const REGION_TOWNS_MAX: usize = 300;

/// Days before and after a declared trip that it still explains.
pub const TRIP_SLACK_DAYS: i64 = 1;

/// Hours added to every travel time: they absorb clock skew and make equal times safe.
pub const TRAVEL_SLACK_HOURS: f64 = 0.25;

/// Travel is looked at from this distance on, in kilometers.
pub const TRAVEL_MIN_KM: f64 = 500.0;

/// Nobody travels faster than this, in km/h (800 and 900 flag real flights: New York to London in 7 h is 796).
pub const TRAVEL_MAX_KMH: f64 = 1_000.0;

// Pictures (figures measured 2026-11-20 on portraits the rules were not fitted on).

/// Pictures of one query that are laid over each other, closest first.
pub const PHOTO_CANDIDATES: usize = 100;

/// Texture below which a region's hash is arbitrary and not used (published PDQ measure, 0 to 100).
pub const PHOTO_NO_TEXTURE: u8 = 10;

/// Texture below which the region without the head must come closer.
pub const PHOTO_LOW_TEXTURE: u8 = 60;

/// How much closer, in bits.
pub const PHOTO_LOW_TEXTURE_BITS: u32 = 16;

/// Distance in bits up to which a region is looked at: false-positive rate 1e-4 with the crate's hash.
#[must_use]
pub const fn photo_threshold(region: Region) -> u32 {
    match region {
        Region::Whole => 65,
        Region::WholeWithoutHead => 55,
        Region::Head => 61,
    }
}

/// Correlation above which an area of 16 pixels matches.
pub const PHOTO_TILE_MATCH: f32 = 0.6;

/// Deviation of gray values below which an area is flat.
pub const PHOTO_TILE_FLAT: f32 = 4.0;

/// Difference of gray values, light evened out, by which flat clothes are other clothes (swaps: 99 % of areas are below).
pub const PHOTO_TONE_DIFFERS: f32 = 40.0;

/// Share of one picture that the other must cover.
pub const PHOTO_COVERAGE: f64 = 0.55;

/// Likeness of a face's fine structure from which it is the same picture of it.
pub const PHOTO_FACE_COPY: f64 = 0.85;

/// Matching share of the areas outside the head of one and the same photo (at .70 every fifth cut-out is called one).
pub const PHOTO_COPY_OUTSIDE: f64 = 0.85;

/// The same where the hash of the whole agrees to [`PHOTO_COPY_BITS`]: text written over a photo changes areas, not the whole.
pub const PHOTO_WATERMARKED_OUTSIDE: f64 = 0.75;

/// Distance in bits up to which two pictures laid over each other are one (edits: 99 % within 26, cut-outs from 36).
pub const PHOTO_COPY_BITS: u32 = 24;

/// Matching share of the areas outside the head of a swap. Of 437 swaps 99 % have .89 or more; people before one wall are below.
pub const PHOTO_SWAP_OUTSIDE: f64 = 0.75;

/// Least areas outside the head that can be compared.
pub const PHOTO_SWAP_TILES: u32 = 12;

/// Matching share of the areas of clothes of a swap (99 % have .80): two people before one wall wear different ones.
pub const PHOTO_TORSO: f64 = 0.75;

/// Mean correlation of the areas of clothes of a swap: the same cloth gives .87 or more, alike outlines of other clothes .86 at most.
pub const PHOTO_TORSO_LIKENESS: f64 = 0.87;

/// Areas of clothes that can be judged alone.
pub const PHOTO_TORSO_TILES: u32 = 6;

/// Matching share of the areas round the head of a swap (99 % have .77).
pub const PHOTO_RING: f64 = 0.65;

/// The same where no clothes are in the picture.
pub const PHOTO_RING_ALONE: f64 = 0.90;

/// Areas round the head that can be judged.
pub const PHOTO_RING_TILES: u32 = 4;

/// Distance up to which the pictures without the head agree once laid over each other.
pub const PHOTO_WITHOUT_HEAD_BITS: u32 = 55;

/// Distance up to which two head regions are the same picture of a head (swaps: 16 and more on photos).
pub const PHOTO_HEAD_COPY_BITS: u32 = 4;

/// Different people before one outside from which it is a shared backdrop.
pub const PHOTO_BACKDROP_PEOPLE: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_gives_its_reason_in_a_sentence() {
        for code in Code::ALL {
            assert!(rule(*code).reason.ends_with('.') && rule(*code).reason.len() > 20, "{code}");
        }
    }

    #[test]
    fn a_name_alone_stays_low() {
        assert_eq!(rule(Code::WatchlistName).severity, Severity::Low);
    }
}
