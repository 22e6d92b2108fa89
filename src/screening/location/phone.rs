//! `location.phone-country-mismatch`: a number of a country that neither a claim nor the history names. Numbers without a
//! country code, free and personal numbers and satellite phones belong nowhere; an area code is never read as a place.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType};

use super::area;
use super::claims;
use super::facts::Facts;
use super::tables;
use crate::domain::finding::{Code, Evidence, Pair, Side};
use crate::domain::phone::PhoneNumber;
use crate::domain::place::Country;
use crate::domain::screening::Outcome;
use crate::screening::context::Raised;
use crate::screening::policy;
use crate::screening::profile::Profile;

/// The country that a number belongs to, folded, so that +44 is one country and +39 another; none when it belongs to none.
#[must_use]
pub fn country(number: &PhoneNumber) -> Option<Country> {
    if !number.is_international() {
        return None;
    }
    let parsed = number.library_number(None)?;
    let kind = PHONE_NUMBER_UTIL.get_number_type(&parsed);
    if matches!(kind, PhoneNumberType::TollFree | PhoneNumberType::PersonalNumber) {
        return None;
    }
    let region = PHONE_NUMBER_UTIL.get_region_for_number(&parsed)?;
    Country::parse(&region.to_string()).ok().map(Country::folded)
}

/// Compares every number with the countries claimed and those of the history.
pub fn check(profile: &Profile, facts: &Facts, raised: &mut Raised) {
    let mut known = facts.claimed.clone();
    known.extend(profile.history.iter().flat_map(|entry| entry.readings.countries()));
    let numbers: Vec<(Side, Country)> = profile
        .phones
        .iter()
        .filter_map(|phone| {
            let number = &phone.value.number;
            let side = Side::new(format!("{}.number", phone.path), number.as_str(), number.canonical());
            country(number).map(|country| (side, country))
        })
        .collect();
    // A history entry whose place was not understood may be in any country.
    let unknown_history = profile.history.iter().any(|e| e.value.place.is_some() && e.readings.is_empty());
    let mut hits: Vec<(Side, Country)> = Vec::new();
    if facts.comparable() && !unknown_history {
        hits = numbers.iter().filter(|(_, country)| !known.contains(country)).cloned().collect();
    }
    hits.sort_by(|(a, _), (b, _)| a.normalized.cmp(&b.normalized));
    let stated = profile.claims.iter().filter(|c| !c.readings.is_empty()).min_by_key(|c| (c.value.source, &c.value.text));
    if let (Some((first, more)), Some(stated)) = (hits.split_first(), stated) {
        let (side, country) = first;
        let sentence = format!(
            "Phone number {} belongs to {}; no stated place and no job does ({:?}).",
            side.value.as_deref().unwrap_or_default(),
            area::country_name(*country),
            stated.value.text
        );
        let clears = "A time lived or worked in that country: many people keep their number.";
        let mut evidence =
            Evidence::new(side.clone(), Some(claims::other(stated)), clears).with_reason(format!("region of the number: {country}"));
        evidence.data = vec![tables::phones(), tables::places()];
        evidence.more = more
            .iter()
            .map(|(side, _)| Pair { candidate: side.clone(), other: Some(claims::other(stated)), numbers: serde_json::Map::new() })
            .collect();
        raised.findings.push(policy::finding(Code::LocationPhoneCountryMismatch, sentence, evidence));
    }
    let outcome = if numbers.is_empty() || !facts.comparable() { Outcome::NoData } else { Outcome::NoMatch };
    let note = unknown_history.then(|| "a place of the history was not understood".to_owned());
    raised.record(Code::LocationPhoneCountryMismatch, outcome, facts.note(note));
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("+1 512 471 3434", Some("US"))]
    #[case("+1 787 250 0000", Some("US"))]
    #[case("+44 7911 123456", Some("GB"))]
    #[case("+39 06 698 12345", Some("IT"))]
    #[case("+7 495 123 45 67", Some("RU"))]
    #[case("+7 701 123 45 67", Some("KZ"))]
    #[case("+33 9 77 00 00 00", Some("FR"))]
    #[case("+91 98765 43210", Some("IN"))]
    #[case("+1 800 234 5678", None)]
    #[case("+800 1234 5678", None)]
    #[case("+8816 234 5678 90", None)]
    #[case("+44 70 1234 5678", None)]
    #[case("+1 555 0100", None)]
    #[case("(512) 471-3434", None)]
    fn a_number_belongs_to_one_country_or_none(#[case] number: &str, #[case] expected: Option<&str>) {
        let found = country(&PhoneNumber::parse(number).unwrap());
        assert_eq!(found.map(|c| c.to_string()).as_deref(), expected);
    }
}
