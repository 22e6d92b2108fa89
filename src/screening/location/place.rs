//! Free text to the places it may mean.
//!
//! Idea: a text is cut into segments; one of them is the town, the others say in which country or region. Every meaning of the
//! town's name is scored by its people and by what fits beside it, and all within a margin of the best are kept, because a
//! claim is a set of readings and a check fires only when every reading conflicts. A text not understood gives no reading.
//! Cost: 50 to 80 microseconds a text, about 50 ms for the first, with unoptimized dependencies on a busy machine
//! (2026-11-20). Known limits: towns under 1,000 people are read as their region; no streets.
//!
//! To teach it a name: a row in `data/` (see `area.rs`, `metro.rs`, `place_text.rs`).

use crate::domain::place::{Precision, Reading, ReadingSet};
use crate::screening::policy;

use super::area::{self, Area};
use super::gazetteer::Place;
use super::meaning::{self, Kind, Meaning, Qualifier, fitting, qualifiers};
use super::misspelling;
use super::place_text::{self, Segment};

/// Words up to this many letters are codes as often as words.
const SHORT_WORD: usize = 3;

/// The places a text may mean, best first; empty when it is not understood.
#[must_use]
pub fn read(text: &str) -> ReadingSet {
    if place_text::is_military(text) {
        return ReadingSet(vec![military()]);
    }
    let segments = place_text::segments(text);
    let meant = read_segments(&segments);
    ReadingSet(if meant.is_empty() { read_alternatives(&segments) } else { meant })
}

/// Several places of one text, such as `Berlin / Lisbon`: the readings of each, the best of each first.
fn read_alternatives(segments: &[Segment]) -> Vec<Reading> {
    let mut parts: Vec<Vec<Reading>> = Vec::new();
    for part in segments.chunk_by(|_, next| !next.alternative) {
        let mut part = part.to_vec();
        if let Some(first) = part.first_mut() {
            first.alternative = false;
        }
        parts.push(resolve(&part));
    }
    let longest = parts.iter().map(Vec::len).max().unwrap_or(0);
    let mut all: Vec<Reading> = Vec::new();
    for rank in 0..longest {
        for reading in parts.iter().filter_map(|part| part.get(rank)) {
            if !all.contains(reading) {
                all.push(reading.clone());
            }
        }
    }
    all.truncate(policy::PLACE_READINGS_MAX);
    all
}

/// One place, unless the segments are alternatives that do not fit together.
fn read_segments(segments: &[Segment]) -> Vec<Reading> {
    let first_alternative = segments.iter().position(|s| s.alternative);
    let Some(first_alternative) = first_alternative else { return resolve(segments) };
    // "Berlin / Germany" is one place: what stands behind the sign must be an area that fits what stands before it.
    let behind: Vec<Qualifier> = segments.iter().skip(first_alternative).flat_map(|s| qualifiers(&s.core)).collect();
    if behind.iter().all(|q| matches!(q, Qualifier::Areas(_))) && town_at(segments, 0).iter().any(|m| m.0.fits >= behind.len()) {
        return resolve(segments);
    }
    Vec::new()
}

fn resolve(segments: &[Segment]) -> Vec<Reading> {
    let first = town_at(segments, 0);
    if !first.is_empty() {
        return readings(first);
    }
    let later = (1..segments.len()).map(|i| town_at(segments, i)).find(|found| !found.is_empty()).unwrap_or_default();
    let best = later.iter().max_by(|(a, _), (b, _)| a.score.total_cmp(&b.score));
    if best.is_some_and(|(meaning, _)| meaning.is_town()) {
        return readings(later);
    }
    let corrected = misspelled(segments);
    if let Some(meaning) = corrected {
        return readings(vec![(meaning, false)]);
    }
    if !later.is_empty() { readings(later) } else { readings(area_alone(segments)) }
}

/// Meanings of segment `i` as the town, the others saying where; with whether more than the town itself is meant.
fn town_at(segments: &[Segment], i: usize) -> Vec<(Meaning, bool)> {
    let Some(segment) = segments.get(i) else { return Vec::new() };
    let after: Vec<Qualifier> = segments.iter().skip(i + 1).flat_map(beside).collect();
    let before: Vec<Qualifier> =
        segments.iter().take(i).flat_map(|s| qualifiers(&s.core)).filter(|q| matches!(q, Qualifier::Areas(_))).collect();
    if segments.len() == 1 && meaning::is_code(&segment.words.join(" ")) {
        let mut meant = fitting(&segment.words.join(" "), &[], &[]);
        // A code means the small area as often as the large one, so all its meanings stay within the margin.
        let best = meant.iter().map(|m| m.score).fold(0.0, f64::max);
        meant.iter_mut().for_each(|m| m.score = m.score.max(best - policy::PLACE_MARGIN * 0.9));
        return meant.into_iter().map(|m| (m, false)).collect();
    }
    let whole = fitting(&segment.words.join(" "), &after, &before);
    if !whole.is_empty() {
        return whole.into_iter().map(|m| (m, false)).collect();
    }
    for (name, inner) in splits(segment) {
        let all_after: Vec<Qualifier> = inner.into_iter().chain(after.iter().cloned()).collect();
        let found = fitting(&name, &all_after, &before);
        if !found.is_empty() {
            return found.into_iter().map(|m| (m, segment.broad)).collect();
        }
    }
    Vec::new()
}

/// A segment beside the town. A county bears the name of some town elsewhere, so it says nothing unless it is an area.
fn beside(segment: &Segment) -> Vec<Qualifier> {
    let whole = qualifiers(&segment.words);
    if !matches!(whole.as_slice(), [Qualifier::Unknown]) {
        return whole;
    }
    let county = segment.words.iter().any(|w| matches!(w.as_str(), "county" | "district" | "borough" | "parish" | "co"));
    if county { vec![Qualifier::Unknown] } else { qualifiers(&segment.core) }
}

/// Ways to cut a segment into the town and the areas beside it: whole; the last one to three words; the first ones; and, in
/// Chinese writing, after each character. A short word in front is a code only in capitals: `US Austin`, but not `on the road`.
fn splits(segment: &Segment) -> Vec<(String, Vec<Qualifier>)> {
    let words = segment.core.as_slice();
    let mut ways = vec![(words.join(" "), Vec::new())];
    for tail in (1..=3).rev().filter(|tail| *tail < words.len()) {
        let (head, last) = words.split_at(words.len() - tail);
        let said = qualifiers(last);
        if is_area(&said) {
            ways.push((head.join(" "), said));
        }
    }
    for front in (1..=3).rev().filter(|front| *front < words.len()) {
        let (first, rest) = words.split_at(front);
        let said = qualifiers(first);
        let may_be_code = first.iter().any(|word| word.chars().count() > SHORT_WORD) || segment.starts_in_capitals;
        if is_area(&said) && may_be_code {
            ways.push((rest.join(" "), said));
        }
    }
    if let [word] = words
        && word.chars().all(|c| ('\u{3400}'..='\u{9fff}').contains(&c))
    {
        for (at, _) in word.char_indices().skip(1) {
            let (first, rest) = word.split_at(at);
            let said = qualifiers(&[first.to_owned()]);
            if is_area(&said) {
                ways.push((rest.to_owned(), said.clone()));
                ways.push((rest.trim_end_matches(['市', '都', '府']).to_owned(), said));
            }
        }
        ways.push((word.trim_end_matches(['市', '都', '府']).to_owned(), Vec::new()));
    }
    ways
}

fn is_area(said: &[Qualifier]) -> bool {
    said.iter().all(|q| matches!(q, Qualifier::Areas(_)))
}

fn misspelled(segments: &[Segment]) -> Option<Meaning> {
    let (first, rest) = segments.split_first()?;
    let beside: Vec<Qualifier> = rest.iter().flat_map(beside).collect();
    splits(first).into_iter().find_map(|(name, mut inner)| {
        inner.extend(beside.iter().cloned());
        misspelling::corrected(&name, &inner)
    })
}

/// The area that an unknown town is said to lie in, when it ends the only segment: `Smallville Kansas`. A code must stand in
/// capitals, because short words of any sentence are codes.
fn area_alone(segments: &[Segment]) -> Vec<(Meaning, bool)> {
    let [segment] = segments else { return Vec::new() };
    let last = segment.core.last().map(String::as_str).unwrap_or_default();
    if last.chars().count() <= SHORT_WORD && !segment.ends_in_capitals {
        return Vec::new();
    }
    let tails = (1..=3).rev().filter_map(|tail| segment.core.len().checked_sub(tail).filter(|at| *at > 0));
    let Some(said) = tails.filter_map(|at| segment.core.get(at..)).map(qualifiers).find(|said| is_area(said)) else { return Vec::new() };
    let Some(Qualifier::Areas(areas)) = said.last() else { return Vec::new() };
    let meaning =
        |area: &Area| Meaning { kind: Kind::Area(*area), score: meaning::people_score(area::people(*area)), fits: 0, corrected: false };
    areas.iter().map(|area| (meaning(area), false)).collect()
}

/// The best meanings as readings: within the margin of the best, at most five.
fn readings(mut meant: Vec<(Meaning, bool)>) -> Vec<Reading> {
    let order = |m: &Meaning| match m.kind {
        Kind::Town { place, .. } => (0, u32::MAX - place.people, place.number),
        Kind::Metro(metro) => (0, 0, metro.center.number),
        Kind::Area(area) => (1, 0, area.region.map_or(0, u32::from)),
    };
    meant.sort_by(|(a, _), (b, _)| {
        b.score.total_cmp(&a.score).then_with(|| (order(a), a.area().country).cmp(&(order(b), b.area().country)))
    });
    let best = meant.first().map_or(0.0, |(m, _)| m.score);
    let mut kept: Vec<Reading> = Vec::new();
    for (meaning, broad) in meant.iter().take_while(|(m, _)| m.score > best - policy::PLACE_MARGIN) {
        let reading = reading(meaning, *broad);
        if !kept
            .iter()
            .any(|k| (&k.country, &k.admin1, &k.city, k.point) == (&reading.country, &reading.admin1, &reading.city, reading.point))
        {
            kept.push(reading);
        }
    }
    kept.truncate(policy::PLACE_READINGS_MAX);
    kept
}

fn reading(meaning: &Meaning, broad: bool) -> Reading {
    let area = meaning.area();
    let (center, precision): (Option<Place>, Precision) = match &meaning.kind {
        Kind::Town { place, .. } => (Some(*place), if broad { Precision::Metro } else { Precision::City }),
        Kind::Metro(metro) => (Some(metro.center), Precision::Metro),
        Kind::Area(area) => (area::largest_town(*area), if area.region.is_some() { Precision::Region } else { Precision::Country }),
    };
    Reading {
        country: Some(area.country),
        admin1: area.region.and_then(area::region).map(|r| r.code.to_owned()),
        city: center.filter(|_| meaning.is_town()).map(|p| p.name.to_owned()),
        precision,
        point: center.and_then(|p| p.point()),
        time_zone: center.map(|p| p.time_zone.to_owned()),
        score: (meaning.score * 1000.0).round() / 1000.0,
        corrected: meaning.corrected,
    }
}

const fn military() -> Reading {
    Reading {
        country: None,
        admin1: None,
        city: None,
        precision: Precision::Military,
        point: None,
        time_zone: None,
        score: 0.0,
        corrected: false,
    }
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
