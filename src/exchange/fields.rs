//! JSON values walked by hand: a value with its path, and one collector for every fault, so that a sender sees all of them
//! at once.
//!
//! A reader opens an object with the keys it knows ([`Slot::fields`]), takes each key as a [`Slot`] and turns it into a domain
//! value. What is wrong is added to [`Faults`] and the walk goes on. `null` means absent everywhere but inside lists, where
//! it would move the places of what follows.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::document::{WHOLE, shown_key};
use crate::domain::intake::Fault;

/// Most faults told of one record; a last one says that there are more.
const MAX_FAULTS: usize = 1_000;

/// Keys whose values never appear in a fault.
const SECRET_KEYS: [&str; 4] = ["payout_account", "payout_accounts", "photos", "data_base64"];

/// The faults of one record.
#[derive(Debug, Default)]
pub struct Faults {
    list: RefCell<Vec<Fault>>,
}

impl Faults {
    /// Adds a fault; the value of a secret key is left out.
    pub fn add(&self, mut fault: Fault) {
        if is_secret(&fault.path) {
            fault.value = None;
        }
        let mut list = self.list.borrow_mut();
        match list.len() {
            0..MAX_FAULTS => list.push(fault),
            MAX_FAULTS => list.push(Fault::new(WHOLE, None, "has more faults than are listed", "the listed ones to be mended first")),
            _ => {}
        }
    }

    /// The value when there was no fault.
    ///
    /// # Errors
    /// Every fault that was added.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Fault>> {
        let list = self.list.into_inner();
        match value {
            Some(value) if list.is_empty() => Ok(value),
            None if list.is_empty() => Err(vec![Fault::new(WHOLE, None, "could not be read", "one JSON object")]),
            _ => Err(list),
        }
    }
}

/// True when the last key of a path is one whose values are never shown.
fn is_secret(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or_default();
    SECRET_KEYS.contains(&last.split('[').next().unwrap_or_default())
}

/// A value with its path.
#[derive(Debug)]
pub struct Slot<'a> {
    value: &'a Value,
    path: String,
    faults: &'a Faults,
}

impl<'a> Slot<'a> {
    /// The value at the top of a document.
    #[must_use]
    pub const fn top(value: &'a Value, faults: &'a Faults) -> Self {
        Self { value, path: String::new(), faults }
    }

    /// Where it stands.
    #[must_use]
    pub fn path(&self) -> &str {
        if self.path.is_empty() { WHOLE } else { &self.path }
    }

    /// Adds a fault that shows the value, where it is a plain one.
    pub fn fault(&self, problem: impl Into<String>, expected: impl Into<String>) {
        let shown = match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(self.value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        self.faults.add(Fault::new(self.path(), shown.as_deref(), problem, expected));
    }

    fn mistyped(&self, expected: &str) {
        let kind = match self.value {
            Value::Null => "is null",
            Value::Bool(_) => "is true or false",
            Value::Number(_) => "is a number",
            Value::String(_) => "is a text",
            Value::Array(_) => "is a list",
            Value::Object(_) => "is an object",
        };
        self.fault(kind, expected);
    }

    /// A text of at most `limit` characters, blanks at the ends removed; none when nothing is left.
    #[must_use]
    pub fn text(&self, limit: usize) -> Option<&'a str> {
        let Value::String(text) = self.value else {
            self.mistyped("a text");
            return None;
        };
        let text = text.trim();
        if text.contains('\0') {
            self.fault("has a NUL character", "text without it");
            return None;
        }
        let length = text.chars().count();
        if length > limit {
            self.fault(format!("has {length} characters"), format!("at most {limit}"));
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    /// As [`Self::text`], but an empty one is a fault.
    #[must_use]
    pub fn filled(&self, limit: usize) -> Option<&'a str> {
        if self.value.as_str().is_some_and(|text| text.trim().is_empty()) {
            self.fault("is empty", "a text");
            return None;
        }
        self.text(limit)
    }

    /// A text read by the parser of its type, whose errors read `what is wrong: expected what is expected`.
    #[must_use]
    pub fn parse<T, E: Display>(&self, limit: usize, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        if self.value.as_str().is_some_and(|text| text.chars().count() > limit) {
            let _told = self.text(limit);
            return None;
        }
        let Value::String(text) = self.value else {
            self.mistyped("a text");
            return None;
        };
        if text.contains('\0') {
            self.fault("has a NUL character", "text without it");
            return None;
        }
        parse(text).map_err(|error| self.faults.add(Fault::from_error(self.path(), Some(text), &error))).ok()
    }

    /// One word of a closed list.
    #[must_use]
    pub fn word<T: Copy>(&self, all: &[T], name: impl Fn(T) -> &'static str) -> Option<T> {
        let found = self.value.as_str().and_then(|text| all.iter().copied().find(|word| name(*word) == text.trim()));
        if found.is_none() {
            let words: Vec<&str> = all.iter().map(|word| name(*word)).collect();
            let expected = format!("one of {}", words.join(", "));
            if self.value.is_string() { self.fault("is not a word of the list", expected) } else { self.mistyped(&expected) }
        }
        found
    }

    /// True or false.
    #[must_use]
    pub fn flag(&self) -> Option<bool> {
        let flag = self.value.as_bool();
        if flag.is_none() {
            self.mistyped("true or false");
        }
        flag
    }

    /// A number inside a range.
    #[must_use]
    pub fn number(&self, range: RangeInclusive<f64>) -> Option<f64> {
        match self.value.as_f64() {
            Some(number) if range.contains(&number) => Some(number),
            Some(_) => {
                self.fault("is out of range", format!("a number from {} to {}", range.start(), range.end()));
                None
            }
            None => {
                self.mistyped("a number");
                None
            }
        }
    }

    /// A whole number inside a range.
    #[must_use]
    pub fn integer(&self, range: RangeInclusive<i64>) -> Option<i64> {
        match self.value.as_i64() {
            Some(number) if range.contains(&number) => Some(number),
            None if !self.value.is_number() => {
                self.mistyped("a whole number");
                None
            }
            _ => {
                self.fault("is out of range", format!("a whole number from {} to {}", range.start(), range.end()));
                None
            }
        }
    }

    /// The values of a list of at most `limit`; none of them when there are more.
    #[must_use]
    pub fn list(&self, limit: usize) -> Vec<Slot<'a>> {
        let Value::Array(values) = self.value else {
            self.mistyped("a list");
            return Vec::new();
        };
        if values.len() > limit {
            self.fault(format!("has {} values", values.len()), format!("at most {limit}"));
            return Vec::new();
        }
        let slot = |(index, value)| Slot { value, path: format!("{}[{index}]", self.path), faults: self.faults };
        values.iter().enumerate().map(slot).collect()
    }

    /// The object, whose keys must be among `known`; a fault for every other one.
    #[must_use]
    pub fn fields(&self, known: &'static [&'static str]) -> Option<Fields<'a>> {
        let Value::Object(object) = self.value else {
            self.mistyped(&format!("an object with {}", known.join(", ")));
            return None;
        };
        let fields = Fields { object, path: self.path.clone(), faults: self.faults };
        for key in object.keys().filter(|key| !known.contains(&key.as_str())).take(MAX_FAULTS + 1) {
            // The value is left out: a misspelled key may stand before an account number.
            fields.fault(&shown_key(key), "is not a known key", format!("one of {}", known.join(", ")));
        }
        Some(fields)
    }

    /// True for a text.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.value.is_string()
    }

    /// True for a list without values.
    #[must_use]
    pub fn is_empty_list(&self) -> bool {
        self.value.as_array().is_some_and(Vec::is_empty)
    }
}

/// An object with its path.
#[derive(Debug)]
pub struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: String,
    faults: &'a Faults,
}

impl<'a> Fields<'a> {
    fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Adds a fault at a key, without a value.
    pub fn fault(&self, key: &str, problem: impl Into<String>, expected: impl Into<String>) {
        self.faults.add(Fault::new(self.at(key), None, problem, expected));
    }

    /// True when the key stands there, even as `null`.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.object.contains_key(key)
    }

    /// The value of a key; none when absent or `null`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Slot<'a>> {
        let value = self.object.get(key).filter(|value| !value.is_null())?;
        Some(Slot { value, path: self.at(key), faults: self.faults })
    }

    /// The value of a key; a fault when absent or `null`.
    #[must_use]
    pub fn require(&self, key: &str, expected: &str) -> Option<Slot<'a>> {
        let slot = self.get(key);
        if slot.is_none() {
            self.fault(key, "is missing", expected);
        }
        slot
    }

    /// An optional text of at most `limit` characters; blank means absent.
    #[must_use]
    pub fn text(&self, key: &str, limit: usize) -> Option<String> {
        self.get(key)?.text(limit).map(str::to_owned)
    }

    /// Every value of an optional list that `read` accepts.
    #[must_use]
    pub fn list<T>(&self, key: &str, limit: usize, read: impl FnMut(&Slot<'a>) -> Option<T>) -> Vec<T> {
        self.get(key).map(|slot| slot.list(limit)).unwrap_or_default().iter().filter_map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_of_secret_keys_are_never_told() {
        for path in ["payout_account", "candidate.payout_account", "photos[0].data_base64", "photos", "photos[3]", "payout_accounts[7]"] {
            let faults = Faults::default();
            faults.add(Fault::new(path, Some("DE89370400440532013000"), "is wrong", "another"));
            assert_eq!(faults.finish(Some(())).unwrap_err()[0].value, None, "{path}");
        }
        assert!(!is_secret("photos[0].kind"));
    }

    #[test]
    fn a_flood_of_faults_is_cut_and_says_so() {
        let value = json!((0..5_000).collect::<Vec<u32>>());
        let faults = Faults::default();
        for slot in Slot::top(&value, &faults).list(10_000) {
            assert_eq!(slot.text(9), None);
        }
        let told = faults.finish(Some(())).unwrap_err();
        assert_eq!(told.len(), MAX_FAULTS + 1);
        assert_eq!(told[MAX_FAULTS].problem, "has more faults than are listed");
    }

    #[test]
    fn keys_of_any_length_keep_paths_short() {
        let value = json!({"k".repeat(5_000): 1, "": 2});
        let faults = Faults::default();
        assert!(Slot::top(&value, &faults).fields(&["name"]).is_some());
        let told = faults.finish(Some(())).unwrap_err();
        assert_eq!(told[0].path.chars().count(), 60);
        assert_eq!(told[1].path, "(empty key)");
    }
}
