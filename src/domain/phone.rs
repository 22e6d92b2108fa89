//! Phone numbers: as typed, in E.164 where the country is known, and the regions a number may belong to.

use serde::{Deserialize, Serialize};

use super::finding::words;
use super::place::Country;

/// A text that is not a phone number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing but blanks.
    #[error("is empty: expected a number such as +1 512 471 3434")]
    Empty,
    /// Fewer than 5 or more than 17 digits.
    #[error("has {0} digits: expected 5 to 17, such as +1 512 471 3434")]
    Digits(usize),
    /// A letter or sign that no number has.
    #[error("has a character that no phone number has: expected digits, blanks and + ( ) - . /")]
    BadCharacter,
}

words!(
    /// What kind of line, as stated.
    LineType {
        /// A mobile phone.
        Mobile = "mobile",
        /// A fixed line.
        Landline = "landline",
        /// Voice over the internet.
        Voip = "voip",
    }
);

/// A number as typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber {
    typed: String,
    digits: String,
    international: bool,
}

impl PhoneNumber {
    /// Reads a number of 5 to 17 digits with the usual signs between; an extension (`ext. 12`, `x12`) is dropped.
    ///
    /// # Errors
    /// [`PhoneError`] says what is wrong and what is expected.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        use unicode_normalization::UnicodeNormalization;
        let plain: String = text
            .nfkc()
            .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
            .collect();
        let typed = plain.trim().trim_start_matches("tel:").trim();
        if typed.is_empty() {
            return Err(PhoneError::Empty);
        }
        let lower = typed.to_lowercase();
        let main = lower.split("ext").next().unwrap_or_default().split('x').next().unwrap_or_default().trim();
        let mut digits = String::new();
        for c in main.chars() {
            match c {
                '0'..='9' => digits.push(c),
                '+' | '(' | ')' | '-' | '.' | '/' | '\u{2010}'..='\u{2015}' => {}
                c if c.is_whitespace() => {}
                _ => return Err(PhoneError::BadCharacter),
            }
        }
        if !(5..=17).contains(&digits.len()) {
            return Err(PhoneError::Digits(digits.len()));
        }
        let mut international = main.starts_with('+') || main.starts_with("(+");
        if !international && let Some(rest) = digits.strip_prefix("00") {
            digits = rest.to_owned();
            international = true;
        }
        Ok(Self { typed: typed.to_owned(), digits, international })
    }

    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The international form, `+` and digits: the stated one, or the one the default country gives.
    /// None when neither is a possible number.
    #[must_use]
    pub fn e164(&self, default: Option<Country>) -> Option<String> {
        let parsed = self.library_number(default)?;
        Some(rlibphonenumber::PHONE_NUMBER_UTIL.format(&parsed, rlibphonenumber::PhoneNumberFormat::E164).into_owned())
    }

    /// The text that equality rests on: E.164, or the bare digits when no country is known.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.e164(None).unwrap_or_else(|| self.digits.clone())
    }

    /// True when the country is part of the number.
    #[must_use]
    pub const fn is_international(&self) -> bool {
        self.international
    }

    /// The parsed number of the library; none when it is impossible.
    #[must_use]
    pub fn library_number(&self, default: Option<Country>) -> Option<rlibphonenumber::PhoneNumber> {
        let text = if self.international { format!("+{}", self.digits) } else { self.digits.clone() };
        let region = default.and_then(|country| country.code().parse::<rlibphonenumber::Region>().ok());
        if region.is_none() && !self.international {
            return None;
        }
        let parsed = rlibphonenumber::PHONE_NUMBER_UTIL.parse(&text, region).ok()?;
        Some(parsed)
    }
}

impl std::fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.typed)
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, PhoneError> {
        Self::parse(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> Self {
        phone.typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_share_e164() {
        for text in ["+1 512 471 3434", "001-512-471-3434", "+1 (512) 471.3434 ext. 9", "tel:+15124713434"] {
            assert_eq!(PhoneNumber::parse(text).unwrap().canonical(), "+15124713434", "{text}");
        }
        let us = Country::parse("US").ok();
        assert_eq!(PhoneNumber::parse("(512) 471-3434").unwrap().e164(us).as_deref(), Some("+15124713434"));
        assert_eq!(PhoneNumber::parse("(512) 471-3434").unwrap().canonical(), "5124713434");
    }

    #[test]
    fn faults_name_the_rule() {
        assert_eq!(PhoneNumber::parse(" "), Err(PhoneError::Empty));
        assert_eq!(PhoneNumber::parse("1234"), Err(PhoneError::Digits(4)));
        assert_eq!(PhoneNumber::parse("call me 55555"), Err(PhoneError::BadCharacter));
    }
}
