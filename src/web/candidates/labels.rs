//! Codes, paths and numbers as people read them.

use serde_json::Value;

use crate::domain::case::DispositionVerdict;
use crate::domain::finding::{Code, Source};

use super::fields::{groups, singles};

/// What a code is about, in a few words.
#[must_use]
pub const fn code(code: Code) -> &'static str {
    match code {
        Code::WatchlistEmail => "E-mail on a watchlist",
        Code::WatchlistHandle => "Account on a watchlist",
        Code::WatchlistPhone => "Phone on a watchlist",
        Code::WatchlistDomain => "Domain on a watchlist",
        Code::WatchlistWallet => "Wallet on a watchlist",
        Code::WatchlistPayoutAccount => "Payout account on a watchlist",
        Code::WatchlistIp => "Network address on a watchlist",
        Code::WatchlistName => "Namesake on a watchlist",
        Code::ReuseEmail => "E-mail under another name",
        Code::ReusePhone => "Phone under another name",
        Code::ReuseHandle => "Account under another name",
        Code::ReuseWallet => "Wallet under another name",
        Code::ReusePayoutAccount => "Payout account under another name",
        Code::PhotoSamePhoto => "Photo under another name",
        Code::PhotoFaceSwapped => "Photo with another face",
        Code::PhotoSharedBackdrop => "Backdrop shared with others",
        Code::LocationClaimConflict => "Stated places exclude each other",
        Code::LocationPhoneCountryMismatch => "Phone of another country",
        Code::LocationTimezoneMismatch => "Time zone fits no stated place",
        Code::LocationIpCountryMismatch => "Network in another country",
        Code::LocationImpossibleTravel => "Sightings too far apart",
        Code::LocationImpossibleTravelWeak => "Sightings far apart, network unsure",
        Code::ScreeningIncomplete => "Check not completed",
    }
}

/// What a check looks for, for lists of checks without a finding: never worded as if it had found something.
#[must_use]
pub const fn check(code: Code) -> &'static str {
    match code {
        Code::WatchlistEmail => "E-mails against watchlists",
        Code::WatchlistHandle => "Accounts against watchlists",
        Code::WatchlistPhone => "Phones against watchlists",
        Code::WatchlistDomain => "Domains against watchlists",
        Code::WatchlistWallet => "Wallets against watchlists",
        Code::WatchlistPayoutAccount => "Payout account against watchlists",
        Code::WatchlistIp => "Network addresses against watchlists",
        Code::WatchlistName => "Names against watchlists",
        Code::ReuseEmail => "E-mails against other candidates",
        Code::ReusePhone => "Phones against other candidates",
        Code::ReuseHandle => "Accounts against other candidates",
        Code::ReuseWallet => "Wallets against other candidates",
        Code::ReusePayoutAccount => "Payout account against other candidates",
        Code::PhotoSamePhoto => "Pictures against other candidates' pictures",
        Code::PhotoFaceSwapped => "Pictures with another face",
        Code::PhotoSharedBackdrop => "Backdrops shared with others",
        Code::LocationClaimConflict => "Stated places against one another",
        Code::LocationPhoneCountryMismatch => "Country of the phone against stated places",
        Code::LocationTimezoneMismatch => "Time zone against stated places",
        Code::LocationIpCountryMismatch => "Country of the network against stated places",
        Code::LocationImpossibleTravel => "Distance and time between sightings",
        Code::LocationImpossibleTravelWeak => "The same where a network moves or hides people",
        Code::ScreeningIncomplete => "Completeness of all checks",
    }
}

/// A reviewer's verdict on a finding, as people read it.
#[must_use]
pub const fn disposition(verdict: DispositionVerdict) -> &'static str {
    match verdict {
        DispositionVerdict::TrueMatch => "True match",
        DispositionVerdict::NotAMatch => "Not a match",
        DispositionVerdict::Unsure => "Unsure",
    }
}

/// The same for a code as a view gives it, which may be a family alone.
#[must_use]
pub fn code_text(text: &str) -> String {
    match Code::parse(text) {
        Some(known) => code(known).to_owned(),
        None if text == "watchlist" => "Matches a watchlist".to_owned(),
        None => text.to_owned(),
    }
}

/// What a source is, in words.
#[must_use]
pub const fn source(source: Source) -> &'static str {
    match source {
        Source::List => "watchlists",
        Source::Pool => "own candidates",
        Source::Photo => "pictures",
        Source::Network => "networks",
        Source::Clock => "clocks",
        Source::Phone => "phones",
        Source::Money => "pay",
        Source::History => "stated places",
        Source::None => "a check that was not completed",
    }
}

/// A number of things: `1 finding`, `1,204 findings`.
#[must_use]
pub fn count(number: usize, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", thousands(&number.to_string()))
}

/// What a path of an intake is called: `emails[1]` is `E-mail 2`.
#[must_use]
pub fn path(path: &str) -> String {
    let (list, row, rest) = match path.split_once('[').and_then(|(list, rest)| Some((list, rest.split_once(']')?))) {
        Some((list, (row, rest))) => (list, row.parse::<usize>().ok(), rest.trim_start_matches('.')),
        None => (path, None, ""),
    };
    if let Some(field) = singles().into_iter().find(|field| field.key == list) {
        return field.label.to_owned();
    }
    let Some(group) = groups().into_iter().find(|group| group.key == list) else { return capitalized(&list.replace(['_', '.'], " ")) };
    let number = row.map(|row| format!(" {}", row + 1)).unwrap_or_default();
    let field = group.fields.iter().chain(group.further).find(|field| !rest.is_empty() && field.key == rest);
    let plain = group.fields.len() == 1 || field.is_none() || matches!(rest, "number" | "value" | "text" | "file");
    match field {
        Some(field) if !plain => format!("{}{number}, {}", capitalized(group.one), field.label.to_lowercase()),
        _ => format!("{}{number}", capitalized(group.one)),
    }
}

/// A measured number with its unit: `distance_km` is `Distance`, `11,063 km`.
#[must_use]
pub fn number(name: &str, value: &Value) -> (String, String) {
    const UNITS: &[(&str, &str)] = &[
        ("_kmh", " km/h"),
        ("_km", " km"),
        ("_min", " min"),
        ("_ms", " ms"),
        ("_hours", " h"),
        ("_h", " h"),
        ("_days", " days"),
        ("_bits", " bits"),
        ("_percent", " %"),
    ];
    let unit = UNITS.iter().find(|(ending, _)| name.ends_with(ending));
    let stem = unit.map_or(name, |(ending, _)| name.trim_end_matches(ending));
    // `least_km` and `least_kmh` would both be `Least`.
    let measure = match unit {
        Some((_, " km/h")) if !stem.contains("speed") => " speed",
        Some((_, " km")) if !stem.contains("distance") => " distance",
        _ => "",
    };
    (format!("{}{measure}", capitalized(&stem.replace('_', " "))), format!("{}{}", plain(value), unit.map_or("", |(_, unit)| unit)))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => super::difference::shown(text),
        Value::Number(number) if number.is_f64() => {
            let rounded = format!("{:.2}", number.as_f64().unwrap_or_default());
            let (whole, part) = rounded.split_once('.').unwrap_or((&rounded, ""));
            let part = part.trim_end_matches('0');
            if part.is_empty() { thousands(whole) } else { format!("{}.{part}", thousands(whole)) }
        }
        Value::Number(number) => thousands(&number.to_string()),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Null => "not measured".to_owned(),
        Value::Object(_) => value.to_string(),
    }
}

/// Digits in groups of three.
#[must_use]
pub fn thousands(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut grouped = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// With its first letter in upper case.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("emails[1]", "E-mail 2")]
    #[case("phones[0].number", "Phone 1")]
    #[case("history[2].place", "Job or course 3, place")]
    #[case("working_hours.activity_utc_hours[3]", "Hours of activity")]
    #[case("timezone", "Time zone")]
    #[case("names[0]", "Names")]
    #[case("profile", "Profile")]
    fn paths_have_names(#[case] given: &str, #[case] expected: &str) {
        assert_eq!(path(given), expected);
    }

    #[rstest]
    #[case("distance_km", json!(11063.4), "Distance", "11,063.4 km")]
    #[case("least_kmh", json!(3382), "Least speed", "3,382 km/h")]
    #[case("least_km", json!(5915), "Least distance", "5,915 km")]
    #[case("tiles_compared", json!(165), "Tiles compared", "165")]
    #[case("mirrored", json!(true), "Mirrored", "yes")]
    #[case("offset_min", json!(-1200), "Offset", "-1,200 min")]
    fn numbers_have_units(#[case] name: &str, #[case] value: Value, #[case] label: &str, #[case] text: &str) {
        assert_eq!(number(name, &value), (label.to_owned(), text.to_owned()));
    }

    #[test]
    fn things_are_counted_in_words() {
        assert_eq!(count(1, "finding"), "1 finding");
        assert_eq!(count(3204, "finding"), "3,204 findings");
    }
}
