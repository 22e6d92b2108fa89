//! Phone numbers: the ladder of equality, and numbers that say nothing.
//!
//! Idea: equal in E.164; or, when one side has no country code, equal in a national part of [`NATIONAL_DIGITS_MIN`] digits
//! or more. The last digits alone are never compared: at a million entries they would alarm .7 % of honest people.
//!
//! To add a step: a level here, below `national`, and the reason it gives.

use crate::domain::identifier::Identifier;
use crate::domain::phone::PhoneNumber;

use super::ladder::Equality;

/// Digits of a national part that may be compared without a country.
pub const NATIONAL_DIGITS_MIN: usize = 8;

/// How two numbers are equal; none when they are not or when the number is a placeholder.
#[must_use]
pub fn equality(a: &Identifier, b: &Identifier) -> Option<Equality> {
    if is_placeholder(&a.canonical) {
        return None;
    }
    let (known_a, known_b) = (a.canonical.starts_with('+'), b.canonical.starts_with('+'));
    if known_a && known_b {
        return (a.canonical == b.canonical).then(|| written(a, b));
    }
    let (parts_a, parts_b) = (national_parts(&a.canonical), national_parts(&b.canonical));
    if !parts_a.iter().any(|part| parts_b.contains(part)) {
        return None;
    }
    let reason = if known_a || known_b { "national and international form" } else { "national form, country not stated" };
    Some(Equality { level: "national", reasons: vec![reason.to_owned()] })
}

fn written(a: &Identifier, b: &Identifier) -> Equality {
    if a.typed == b.typed {
        return Equality::exact();
    }
    let is_international = |side: &Identifier| {
        side.typed.as_deref().and_then(|typed| PhoneNumber::parse(typed).ok()).is_some_and(|number| number.is_international())
    };
    let reason = if is_international(a) == is_international(b) { "written differently" } else { "national and international form" };
    Equality::canonical(vec![reason.to_owned()])
}

/// What a number may look like where its country is not stated: the digits after the country code, and all of them; trunk
/// zeros removed. Empty when they are fewer than [`NATIONAL_DIGITS_MIN`].
#[must_use]
pub fn national_parts(canonical: &str) -> Vec<String> {
    let mut parts = vec![canonical.trim_start_matches(['+', '0']).to_owned()];
    if canonical.starts_with('+') {
        let parsed = PhoneNumber::parse(canonical).ok().and_then(|number| number.library_number(None));
        parts.extend(parsed.map(|number| number.national_number.to_string()));
    }
    parts.retain(|digits| digits.len() >= NATIONAL_DIGITS_MIN);
    parts
}

/// True for what people type where they have no number: the last seven digits are one digit over and over, or count up.
#[must_use]
pub fn is_placeholder(canonical: &str) -> bool {
    let digits: Vec<u8> = canonical.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    let tail = digits.get(digits.len().saturating_sub(7)..).unwrap_or_default();
    let each_adds = |step: u8| tail.windows(2).all(|pair| matches!(pair, [a, b] if (a + step) % 10 == *b));
    each_adds(0) || each_adds(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::IdentifierKind;
    use rstest::rstest;

    fn number(text: &str) -> Identifier {
        let phone = PhoneNumber::parse(text).unwrap();
        let (canonical, typed) = (phone.canonical(), Some(phone.as_str().to_owned()));
        Identifier { kind: IdentifierKind::Phone, canonical, path: "phones[0].number".to_owned(), typed }
    }

    #[rstest]
    #[case("+1 512 471 3434", "+1 512 471 3434", Some(("exact", "equal as written")))]
    #[case("+1 512 471 3434", "001-512-471-3434", Some(("canonical", "written differently")))]
    #[case("(512) 471-3434", "+15124713434", Some(("national", "national and international form")))]
    #[case("0151 2345 6711", "+49 151 2345 6711", Some(("national", "national and international form")))]
    #[case("512 471 3434", "512-471-3434", Some(("national", "national form, country not stated")))]
    #[case("1-512-471-3434", "+1 512 471 3434", Some(("national", "national and international form")))]
    #[case::another_country("+44 512 471 3434", "+1 512 471 3434", None)]
    #[case::too_short("471 3434", "+1 512 471 3434", None)]
    #[case::short_and_equal("471 3434", "471 3434", None)]
    #[case::placeholder("+1 000 000 0000", "+1 000 000 0000", None)]
    #[case::counting("0123456789", "0123456789", None)]
    #[case::one_digit_off("+1 512 471 3434", "+1 512 471 3435", None)]
    fn every_step_has_a_name(#[case] a: &str, #[case] b: &str, #[case] expected: Option<(&'static str, &str)>) {
        let step = |a: &str, b: &str| equality(&number(a), &number(b)).map(|e| (e.level, e.reasons.join("; ")));
        assert_eq!(step(a, b), expected.map(|(level, reason)| (level, reason.to_owned())));
        assert_eq!(step(a, b), step(b, a));
    }
}
