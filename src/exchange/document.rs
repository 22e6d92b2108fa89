//! One JSON document from bytes: what serde_json reads, and beyond that no key twice, no deep nesting, no flood of values.
//!
//! serde_json keeps the last of two equal keys in silence; in a file about a person that hides half of what was sent. So the
//! value is built by hand here and every key that comes twice is a fault with its path.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::domain::intake::Fault;

/// Path of a fault that concerns the whole document.
pub const WHOLE: &str = "document";

/// Deepest nesting taken; the deepest value of an intake lies at 6.
const MAX_DEPTH: usize = 32;

/// Most values one document may hold. A value costs 32 bytes or more of memory and as little as 2 bytes of text, so bytes
/// alone do not bound it. The largest honest intake holds about 20,000.
const MAX_VALUES: usize = 500_000;

/// Reads one JSON document. A byte order mark is skipped.
///
/// # Errors
/// One fault with line and column for what is not UTF-8 or not JSON; one for every key that stands twice in an object.
pub fn parse_bytes(bytes: &[u8]) -> Result<Value, Vec<Fault>> {
    parse(bytes, None)
}

/// Reads the JSON document that is line `line` of a file; its faults bear that number.
///
/// # Errors
/// As [`parse_bytes`].
pub fn parse_line(bytes: &[u8], line: u64) -> Result<Value, Vec<Fault>> {
    parse(bytes, Some(line)).map_err(|faults| faults.into_iter().map(|fault| fault.on_line(line)).collect())
}

fn parse(bytes: &[u8], line_of_file: Option<u64>) -> Result<Value, Vec<Fault>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|b| **b == b'\n').count() as u64;
        let column = 1 + before.iter().rev().take_while(|b| **b != b'\n').count();
        let line = line_of_file.unwrap_or(line);
        vec![Fault::new(WHOLE, None, format!("is not UTF-8 at line {line}, byte {column}"), "text saved as UTF-8").on_line(line)]
    })?;
    if text.trim().is_empty() {
        return Err(vec![Fault::new(WHOLE, None, "is empty", "one JSON object").on_line(1)]);
    }
    let build = Build { twice: RefCell::new(Vec::new()), values: Cell::new(0) };
    let mut source = serde_json::Deserializer::from_str(text);
    let value = Node { build: &build, path: &Path::Root, depth: 0 }
        .deserialize(&mut source)
        .and_then(|value| source.end().map(|()| value))
        .map_err(|error| vec![not_json(&error, line_of_file)])?;
    let twice = build.twice.into_inner();
    if twice.is_empty() { Ok(value) } else { Err(twice) }
}

fn not_json(error: &serde_json::Error, line_of_file: Option<u64>) -> Fault {
    let line = line_of_file.unwrap_or(error.line().max(1) as u64);
    let column = error.column();
    let full = error.to_string();
    let said = full.rsplit_once(" at line ").map_or(full.as_str(), |(said, _)| said);
    let problem = if error.is_eof() { "ends before it is complete".to_owned() } else { format!("is not JSON: {said}") };
    Fault::new(WHOLE, None, format!("{problem} (line {line}, column {column})"), "one JSON object").on_line(line)
}

struct Build {
    twice: RefCell<Vec<Fault>>,
    values: Cell<usize>,
}

/// Where a value stands, without building a text for each.
enum Path<'p> {
    Root,
    Key(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(Path::Root, key) => f.write_str(&shown_key(key)),
            Self::Key(parent, key) => write!(f, "{parent}.{}", shown_key(key)),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A key as a path shows it: at most 60 characters, none of them invisible.
#[must_use]
pub fn shown_key(key: &str) -> String {
    if key.is_empty() {
        return "(empty key)".to_owned();
    }
    key.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

struct Node<'b, 'p> {
    build: &'b Build,
    path: &'p Path<'p>,
    depth: usize,
}

impl Node<'_, '_> {
    fn deeper<E: serde::de::Error>(&self) -> Result<usize, E> {
        if self.depth >= MAX_DEPTH { Err(E::custom(format!("nested deeper than {MAX_DEPTH} levels"))) } else { Ok(self.depth + 1) }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Value;
    fn deserialize<D: serde::Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        let count = self.build.values.get() + 1;
        if count > MAX_VALUES {
            return Err(D::Error::custom(format!("more than {MAX_VALUES} values")));
        }
        self.build.values.set(count);
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut list = Vec::new();
        loop {
            let path = Path::Index(self.path, list.len());
            match items.next_element_seed(Node { build: self.build, path: &path, depth })? {
                Some(value) => list.push(value),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let path = Path::Key(self.path, &key);
            let value = entries.next_value_seed(Node { build: self.build, path: &path, depth })?;
            if object.contains_key(&key) {
                let mut twice = self.build.twice.borrow_mut();
                if twice.len() < 100 {
                    twice.push(Fault::new(path.to_string(), None, "stands twice in one object", "each key once"));
                }
            } else {
                object.insert(key, value);
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_that_stands_twice_is_named_with_its_path() {
        let faults = parse_bytes(br#"{"name": "A", "phones": [{"number": "1", "number": "2"}], "name": "B"}"#).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["phones[0].number", "name"]);
    }

    #[rstest::rstest]
    #[case(b"", 1, "is empty")]
    #[case(b"{\n\"a\": }", 2, "is not JSON: expected value (line 2, column 6)")]
    #[case(b"{\"a\": 1", 1, "ends before it is complete (line 1, column 7)")]
    #[case(b"{}\n{}", 2, "is not JSON: trailing characters (line 2, column 1)")]
    #[case(b"{\n\"name\": \"Ren\xe9e\"}", 2, "is not UTF-8 at line 2, byte 13")]
    #[case(b"{\"a\": 1e999}", 1, "is not JSON: number out of range (line 1, column 11)")]
    fn what_is_no_document_is_told_with_line_and_column(#[case] bytes: &[u8], #[case] line: u64, #[case] problem: &str) {
        let faults = parse_bytes(bytes).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].line, faults[0].problem.as_str()), (Some(line), problem));
    }

    #[test]
    fn deep_nesting_and_floods_of_values_are_refused() {
        let deep = "[".repeat(100_000);
        assert!(parse_bytes(deep.as_bytes()).unwrap_err()[0].problem.contains("nested deeper than 32 levels"));
        let flood = format!("[{}0]", "0,".repeat(MAX_VALUES));
        assert!(parse_bytes(flood.as_bytes()).unwrap_err()[0].problem.contains("more than 500000 values"));
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_value_or_faults_that_say_where_and_what(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Err(faults) = parse_bytes(&bytes) {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(!fault.path.is_empty() && !fault.problem.is_empty() && !fault.expected.is_empty());
                }
            }
        }

        #[test]
        fn documents_without_repeated_keys_read_as_the_library_reads_them(list in proptest::collection::vec((any::<i64>(), ".{0,12}"), 0..9)) {
            let text = serde_json::json!({"a": list, "b": {"c": [null, true, 1.5]}}).to_string();
            prop_assert_eq!(parse_bytes(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
        }
    }
}
