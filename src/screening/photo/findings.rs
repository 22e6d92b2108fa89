//! Comparisons to findings: one of a code for each other candidate, with both pictures and the numbers.
//!
//! The same person's own photo sent again is a link, never a finding. When one photo looks like a swap of three or more different people,
//! they stand before one backdrop: all of these become context (`photo.shared-backdrop`, low).
//!
//! To add a finding: a verdict, its code in `code_of`, what would clear it in `clears`.

use crate::domain::finding::{Code, Evidence, Other, OtherKind, Pair, Side};
use crate::domain::photo::{Comparison, PhotoFeatures, Verdict};
use crate::domain::screening::{Link, Outcome};
use crate::screening::context::{Context, Raised};
use crate::screening::policy::{self, PHOTO_BACKDROP_PEOPLE};
use crate::screening::profile::{Profile, ProfilePhoto};

use super::compare::compare;
use super::scan::closeness;
use super::variants::QueryVariants;
use super::verdict::shares;

/// A photo of another candidate that the scan found near one of the profile's.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbor {
    /// Public id of that candidate.
    pub profile_id: String,
    /// Its main name.
    pub name: String,
    /// Its names match the profile's: one person, so a shared photo is a link.
    pub same_person: bool,
    /// The photo.
    pub photo: ProfilePhoto,
}

/// One pair of photos that show the same, wholly or in part.
struct Hit<'a> {
    own: &'a ProfilePhoto,
    neighbor: &'a Neighbor,
    verdict: Verdict,
    comparison: Comparison,
}

/// The checks of this family, in the order of their rows.
const CODES: [Code; 3] = [Code::PhotoSamePhoto, Code::PhotoFaceSwapped, Code::PhotoSharedBackdrop];

/// Compares the profile's photos with those the scan found near them.
#[must_use]
pub fn screen(profile: &Profile, neighbors: &[Neighbor], _context: &Context) -> Raised {
    let mut raised = Raised::default();
    let mut hits = Vec::new();
    let mut unread = Vec::new();
    for own in &profile.photos {
        match &own.features {
            Ok(features) => hits.extend(hits_of(own, features, neighbors)),
            Err(reason) => unread.push((own, reason)),
        }
    }
    add_links(&mut raised, &hits);
    hits.retain(|hit| !hit.neighbor.same_person);
    for code in CODES {
        add_findings(&mut raised, code, &hits);
    }
    for (own, reason) in &unread {
        raised.findings.push(incomplete(own, reason));
    }
    let (outcome, note) = if profile.photos.is_empty() {
        (Outcome::NoData, Some("no photo was given".to_owned()))
    } else if unread.is_empty() {
        (Outcome::NoMatch, None)
    } else {
        let named: Vec<String> = unread.iter().map(|(own, reason)| format!("{} {reason}", own.path)).collect();
        (Outcome::Incomplete, Some(named.join("; ")))
    };
    for code in CODES {
        raised.record(code, outcome, note.clone());
    }
    raised
}

/// What one photo has in common with those of others, its shared backdrop settled.
fn hits_of<'a>(own: &'a ProfilePhoto, features: &PhotoFeatures, neighbors: &'a [Neighbor]) -> Vec<Hit<'a>> {
    let query = QueryVariants::of(features);
    let mut hits: Vec<Hit> = Vec::new();
    for neighbor in neighbors.iter().filter(|neighbor| neighbor.photo.kind.comparable_with(own.kind)) {
        let Ok(other) = &neighbor.photo.features else { continue };
        let Some((score, distance, _)) = closeness(&query, other) else { continue };
        if score > 0 {
            continue;
        }
        let mut comparison = compare(features, other);
        comparison.distance = comparison.distance.into_iter().chain([distance]).min();
        if comparison.verdict != Verdict::Unrelated {
            hits.push(Hit { own, neighbor, verdict: comparison.verdict, comparison });
        }
    }
    let is_swap = |hit: &Hit| hit.verdict == Verdict::FaceSwapped && !hit.neighbor.same_person;
    let mut people: Vec<&str> = hits.iter().filter(|hit| is_swap(hit)).map(|hit| hit.neighbor.profile_id.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    let people = people.len();
    if people >= PHOTO_BACKDROP_PEOPLE {
        for hit in hits.iter_mut().filter(|hit| is_swap(hit)) {
            hit.verdict = Verdict::SharedBackdrop;
            hit.comparison.verdict = Verdict::SharedBackdrop;
            hit.comparison.sentence = format!(
                "The background matches the other photo and those of {people} people in all ({}): a shared backdrop.",
                shares(hit.comparison.outside)
            );
        }
    }
    hits
}

fn add_links(raised: &mut Raised, hits: &[Hit]) {
    for hit in hits.iter().filter(|hit| hit.neighbor.same_person) {
        if !raised.links.iter().any(|link| link.candidate == hit.neighbor.profile_id) {
            let reason = format!("the same name, and {} matches its photo", hit.own.path);
            raised.links.push(Link { candidate: hit.neighbor.profile_id.clone(), reason });
        }
    }
}

fn code_of(verdict: Verdict) -> Option<Code> {
    match verdict {
        Verdict::SamePhoto => Some(Code::PhotoSamePhoto),
        Verdict::FaceSwapped => Some(Code::PhotoFaceSwapped),
        Verdict::SharedBackdrop => Some(Code::PhotoSharedBackdrop),
        Verdict::SameFaceElsewhere | Verdict::Unrelated => None,
    }
}

fn clears(code: Code) -> &'static str {
    match code {
        Code::PhotoSamePhoto => {
            "A reviewer sees that the pictures differ, that both candidates are one person, or that the picture shows nobody (a logo, a default)."
        }
        Code::PhotoFaceSwapped => {
            "A reviewer sees one person in both pictures, or two people before one backdrop; or the candidate shows the original photo in a call."
        }
        _ => "Nothing to clear: context for the other findings.",
    }
}

/// One finding for each other candidate: its closest pair, the others under `more`.
fn add_findings(raised: &mut Raised, code: Code, hits: &[Hit]) {
    let mut of_code: Vec<&Hit> = hits.iter().filter(|hit| code_of(hit.verdict) == Some(code)).collect();
    of_code.sort_by_key(|hit| (hit.neighbor.profile_id.as_str(), hit.comparison.distance));
    for pairs in of_code.chunk_by(|a, b| a.neighbor.profile_id == b.neighbor.profile_id) {
        let Some((closest, further)) = pairs.split_first() else { continue };
        let (candidate, other) = sides(closest);
        let mut evidence = Evidence::new(candidate, Some(other), clears(code)).with_level(closest.verdict.as_str());
        if closest.comparison.mirrored {
            evidence = evidence.with_reason("mirrored");
        }
        evidence.numbers = numbers(&closest.comparison);
        evidence.more = further
            .iter()
            .map(|hit| {
                let (candidate, other) = sides(hit);
                Pair { candidate, other: Some(other), numbers: numbers(&hit.comparison) }
            })
            .collect();
        raised.findings.push(policy::finding(code, closest.comparison.sentence.clone(), evidence));
    }
}

fn sides(hit: &Hit) -> (Side, Other) {
    let shown = |photo: &ProfilePhoto| photo.features.as_ref().map(PhotoFeatures::shown_hash).unwrap_or_default();
    let candidate = Side::new(&hit.own.path, &hit.own.shown, shown(hit.own));
    let photo = &hit.neighbor.photo;
    let mut other = Other::of(OtherKind::Candidate).with_value(&photo.path, Some(photo.shown.clone()), shown(photo));
    other.id = Some(hit.neighbor.profile_id.clone());
    other.name = Some(hit.neighbor.name.clone());
    (candidate, other)
}

fn numbers(comparison: &Comparison) -> serde_json::Map<String, serde_json::Value> {
    let rounded = |value: Option<f64>| value.map(|value| (value * 1_000.0).round() / 1_000.0);
    let mut numbers = serde_json::Map::new();
    numbers.insert("distance".to_owned(), comparison.distance.into());
    numbers.insert("coverage".to_owned(), rounded(comparison.coverage).into());
    numbers.insert("outside_match".to_owned(), rounded(comparison.outside_match).into());
    numbers.insert("face_match".to_owned(), rounded(comparison.face_match).into());
    numbers.insert("outside_tiles".to_owned(), comparison.outside.compared.into());
    numbers.insert("outside_tiles_matching".to_owned(), comparison.outside.matching.into());
    numbers
}

fn incomplete(own: &ProfilePhoto, reason: &str) -> crate::domain::finding::Finding {
    let mut side = Side::new(&own.path, &own.shown, "");
    side.normalized = None;
    let evidence = Evidence::new(side, None, "The picture is sent again as a whole JPEG, PNG or WebP file.");
    let sentence = format!("The picture at {} could not be compared: it {}.", own.path, reason.trim_end_matches('.'));
    policy::finding(Code::ScreeningIncomplete, sentence, evidence)
}
