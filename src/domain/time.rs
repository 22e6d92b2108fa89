//! Times: instants in milliseconds UTC, partial dates as people state them, and the clock that is passed in.

use serde::{Deserialize, Serialize};

/// A text that is not a time or date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not an instant.
    #[error("is not a time: expected RFC 3339, such as 2026-10-05T14:00:00Z, or a date, such as 2026-10-05")]
    Instant,
    /// Not a date or a part of one.
    #[error("is not a date: expected YYYY, YYYY-MM or YYYY-MM-DD")]
    Date,
}

/// An instant: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds UTC.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds UTC.
    #[must_use]
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, or a plain date, which means its midnight UTC.
    ///
    /// # Errors
    /// [`TimeError::Instant`] for any other text.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(at.as_millisecond()));
        }
        let date: jiff::civil::Date = text.parse().map_err(|_| TimeError::Instant)?;
        if text.len() != 10 {
            return Err(TimeError::Instant);
        }
        let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| TimeError::Instant)?;
        Ok(Self(zoned.timestamp().as_millisecond()))
    }

    /// This instant and `ms` milliseconds.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// As a library instant, clamped to the library's range.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// The UTC calendar day.
    #[must_use]
    pub fn date(self) -> jiff::civil::Date {
        self.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// As people read it: `20 Nov 2026, 14:05 UTC`.
    #[must_use]
    pub fn for_people(self) -> String {
        self.to_jiff().strftime("%-d %b %Y, %H:%M UTC").to_string()
    }
}

impl std::fmt::Display for Timestamp {
    /// RFC 3339 in UTC: seconds, with milliseconds only where there are any.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(at: Timestamp) -> Self {
        at.to_string()
    }
}

/// A date as precise as it was stated: a year, a month or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`TimeError::Date`] for any other text or a day that does not exist.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        let shape_ok = matches!(text.len(), 4 | 7 | 10)
            && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        if !shape_ok {
            return Err(TimeError::Date);
        }
        let part = |range: std::ops::Range<usize>| text.get(range).and_then(|p| p.parse::<i16>().ok());
        let year = part(0..4).ok_or(TimeError::Date)?;
        let small = |value: i16| i8::try_from(value).map_err(|_| TimeError::Date);
        let month = part(5..7).map(small).transpose()?;
        let day = part(8..10).map(small).transpose()?;
        jiff::civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).map_err(|_| TimeError::Date)?;
        Ok(Self { year, month, day })
    }

    /// The first day this date may mean.
    #[must_use]
    pub fn first_day(self) -> jiff::civil::Date {
        jiff::civil::Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).unwrap_or(jiff::civil::Date::MIN)
    }

    /// The last day this date may mean.
    #[must_use]
    pub fn last_day(self) -> jiff::civil::Date {
        let first = self.first_day();
        match (self.month, self.day) {
            (_, Some(_)) => first,
            (Some(_), None) => first.last_of_month(),
            (None, None) => first.last_of_year(),
        }
    }
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl TryFrom<String> for PartialDate {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        Self::parse(&text)
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

/// Where the current time comes from. The program passes `System`; tests pass `Fixed`.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always this instant.
    Fixed(Timestamp),
}

impl Clock {
    /// The current instant.
    #[expect(clippy::disallowed_methods, reason = "the one home of the system clock")]
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp(jiff::Timestamp::now().as_millisecond()),
            Self::Fixed(at) => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_back_as_written() {
        for text in ["2026-10-05T14:00:00Z", "1999-12-31T23:59:59.5Z"] {
            let at = Timestamp::parse(text).unwrap();
            assert_eq!(Timestamp::parse(&at.to_string()), Ok(at));
        }
        assert_eq!(Timestamp::parse("2026-10-05T16:00:00+02:00"), Timestamp::parse("2026-10-05T14:00:00Z"));
        assert_eq!(Timestamp::parse("2026-10-05"), Timestamp::parse("2026-10-05T00:00:00Z"));
    }

    #[test]
    fn ambiguous_or_impossible_dates_are_refused() {
        for text in ["03/04/26", "2026-13", "2026-02-30", "20261005", "", "yesterday", "2026-1-1"] {
            assert!(PartialDate::parse(text).is_err(), "{text}");
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_means_all_its_days() {
        let may = PartialDate::parse("2024-02").unwrap();
        assert_eq!(may.last_day().to_string(), "2024-02-29");
        assert_eq!(may.to_string(), "2024-02");
        assert_eq!(PartialDate::parse("2024").unwrap().last_day().to_string(), "2024-12-31");
    }
}
