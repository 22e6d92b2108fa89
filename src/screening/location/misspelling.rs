//! One letter wrong in the name of a large town, inside a stated country or region: `San Fransisco, CA`.
//!
//! Never against the whole world: without a stated area nearly every short word is one letter away from some town.

use super::area::Area;
use super::gazetteer::{self, Place};
use super::meaning::{Kind, Meaning, Qualifier, people_score};
use crate::screening::policy;

/// The one large town that the key misspells by one edit inside the stated areas; none when there is none or more than one.
#[must_use]
pub fn corrected(key: &str, qualifiers: &[Qualifier]) -> Option<Meaning> {
    if key.chars().filter(|c| c.is_alphabetic()).count() < policy::PLACE_MISSPELLED_MIN_LETTERS {
        return None;
    }
    let stated: Vec<&Vec<Area>> =
        qualifiers.iter().filter_map(|q| if let Qualifier::Areas(areas) = q { Some(areas) } else { None }).collect();
    let typed: Vec<char> = key.chars().collect();
    let mut countries: Vec<_> = stated.last()?.iter().map(|area| area.country).collect();
    countries.sort_unstable();
    countries.dedup();
    let mut found: Option<Place> = None;
    for (number, name) in countries.into_iter().flat_map(gazetteer::large_names) {
        if !is_one_edit(&typed, name) {
            continue;
        }
        let Some(place) = gazetteer::place(number) else { continue };
        let lies_in = |area: &Area| area.country == place.country && area.region.is_none_or(|r| place.region == Some(r));
        if !stated.iter().all(|areas| areas.iter().any(lies_in)) {
            continue;
        }
        if found.is_some_and(|known| known.number != place.number) {
            return None;
        }
        found = Some(place);
    }
    let place = found?;
    let score = people_score(place.people) - policy::PLACE_MISSPELLED_MALUS;
    Some(Meaning { kind: Kind::Town { place, needs_area: false }, score, fits: stated.len(), corrected: true })
}

/// True when one insertion, deletion, replacement or swap of neighbors turns one into the other.
fn is_one_edit(typed: &[char], name: &str) -> bool {
    if name.len().abs_diff(typed.len()) > 1 && name.is_ascii() {
        return false;
    }
    let name: Vec<char> = name.chars().collect();
    let same_front = typed.iter().zip(&name).take_while(|(a, b)| a == b).count();
    let (a, b) = (typed.get(same_front..).unwrap_or_default(), name.get(same_front..).unwrap_or_default());
    match (a, b) {
        ([], [_]) | ([_], []) => true,
        ([x, more @ ..], [y, rest @ ..]) => {
            let swapped = matches!((more, rest), ([x2, m @ ..], [y2, r @ ..]) if x == y2 && y == x2 && m == r);
            more == rest || more == b || a == rest || swapped
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("munich", "munich", false)]
    #[case("munch", "munich", true)]
    #[case("municch", "munich", true)]
    #[case("monich", "munich", true)]
    #[case("muinch", "munich", true)]
    #[case("mnuihc", "munich", false)]
    #[case("munichen", "munich", false)]
    #[case("munic", "munich", true)]
    #[case("unich", "munich", true)]
    fn one_edit_is_one_step(#[case] typed: &str, #[case] name: &str, #[case] expected: bool) {
        assert_eq!(is_one_edit(&typed.chars().collect::<Vec<_>>(), name), expected);
    }
}
