//! Dates as people type them, as the dates the intake takes: `5 Oct 2026` and `2026-10-05 14:00` are plain; `03/04/26` is
//! not, and goes on to the reader, which refuses it with a word on what is expected.

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FULL_MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// The date or time in ISO form; the text itself where it is neither form.
#[must_use]
pub fn iso(typed: &str) -> String {
    let typed = typed.trim();
    parts(typed).and_then(|parts| parts.iso()).unwrap_or_else(|| typed.to_owned())
}

#[derive(Default)]
struct Parts {
    date: Option<String>,
    year: Option<String>,
    month: Option<usize>,
    day: Option<u8>,
    time: Option<String>,
}

impl Parts {
    fn iso(&self) -> Option<String> {
        let date = match (&self.date, &self.year, self.month, self.day) {
            (Some(date), None, None, None) => date.clone(),
            (None, Some(year), Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
            (None, Some(year), Some(month), None) => format!("{year}-{month:02}"),
            (None, Some(year), None, None) => year.clone(),
            _ => return None,
        };
        match &self.time {
            Some(time) if time.len() == 5 => Some(format!("{date}T{time}:00Z")),
            Some(time) => Some(format!("{date}T{time}Z")),
            None => Some(date),
        }
    }
}

/// The words of the text, each known for what it is; none as soon as one is not.
fn parts(typed: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    for word in typed.split([' ', ',', '\t']).filter(|word| !word.is_empty()) {
        let (word, time) = match word.split_once('T') {
            Some((date, time)) if is_date(date) && is_time(time) => (date, Some(time)),
            _ => (word, None),
        };
        if let Some(time) = time.or_else(|| is_time(word).then_some(word)) {
            set(&mut parts.time, time.to_owned())?;
            if is_time(word) {
                continue;
            }
        }
        let digits = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        if is_date(word) {
            set(&mut parts.date, word.to_owned())?;
        } else if let Some(month) = month(word) {
            set(&mut parts.month, month)?;
        } else if digits && word.len() == 4 {
            set(&mut parts.year, word.to_owned())?;
        } else if digits && word.len() <= 2 {
            set(&mut parts.day, word.parse().ok()?)?;
        } else if !word.eq_ignore_ascii_case("utc") {
            return None;
        }
    }
    Some(parts)
}

/// Sets what was open; none when the text says it twice.
fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

fn month(word: &str) -> Option<usize> {
    let lower = word.trim_end_matches('.').to_lowercase();
    MONTHS.iter().position(|m| *m == lower).or_else(|| FULL_MONTHS.iter().position(|m| *m == lower)).map(|index| index + 1)
}

fn is_date(word: &str) -> bool {
    word.len() == 10 && word.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() })
}

fn is_time(word: &str) -> bool {
    matches!(word.len(), 5 | 8) && word.bytes().enumerate().all(|(i, b)| if i % 3 == 2 { b == b':' } else { b.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{PartialDate, Timestamp};
    use rstest::rstest;

    #[rstest]
    #[case("2026-10-05", "2026-10-05")]
    #[case("2022-01", "2022-01")]
    #[case(" 2022 ", "2022")]
    #[case("5 Oct 2026", "2026-10-05")]
    #[case("October 5, 2026", "2026-10-05")]
    #[case("Sep. 2021", "2021-09")]
    #[case("2026-10-05 14:00", "2026-10-05T14:00:00Z")]
    #[case("2026-10-05T14:00", "2026-10-05T14:00:00Z")]
    #[case("20 Nov 2026, 14:05 UTC", "2026-11-20T14:05:00Z")]
    #[case("2026-10-05T14:00:00Z", "2026-10-05T14:00:00Z")]
    #[case("2026-10-05T14:00:00+02:00", "2026-10-05T14:00:00+02:00")]
    fn plain_dates_become_iso(#[case] typed: &str, #[case] expected: &str) {
        assert_eq!(iso(typed), expected);
    }

    #[rstest]
    #[case("03/04/26")]
    #[case("yesterday")]
    #[case("5 Oct Nov 2026")]
    #[case("32 Oct 2026")]
    fn other_texts_are_left_for_the_reader_to_refuse(#[case] typed: &str) {
        let iso = iso(typed);
        assert!(Timestamp::parse(&iso).is_err() && PartialDate::parse(&iso).is_err(), "{iso}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(typed in ".{0,40}") {
            let once = iso(&typed);
            proptest::prop_assert_eq!(iso(&once), once);
        }
    }
}
