//! What was typed into the candidate form, as the JSON intake of CONTRACT section 4: the form is then read by the same reader
//! as the API, so that the same values are refused with the same words.

use std::collections::{BTreeSet, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value};

use crate::domain::intake::Fault;
use crate::web::form::{Form, stripped};
use crate::web::upload::FilePart;

use super::fields::{Field, Group, Input, groups, singles};
use super::typed_date;

/// The same form without its blank rows, so that places in the form and in the intake agree. Files move with their rows.
#[must_use]
pub fn without_blank_rows(form: &Form, files: &mut [FilePart]) -> Form {
    let typed = form.pairs().filter(|(name, value)| is_content(name, value)).map(|(name, _)| name);
    let named = typed.chain(files.iter().map(|file| file.field.as_str()));
    let filled: BTreeSet<(&str, usize)> = named.filter_map(row_of).map(|(group, row, _)| (group.key, row)).collect();
    let mut places = HashMap::new();
    let mut last = ("", 0);
    for (key, row) in filled {
        last = (key, if last.0 == key { last.1 + 1 } else { 0 });
        places.insert((key, row), last.1);
    }
    let moved = |name: &str| -> Option<String> {
        let Some((group, row, rest)) = row_of(name) else { return Some(name.to_owned()) };
        places.get(&(group.key, row)).map(|to| format!("{}[{to}]{rest}", group.key))
    };
    let pairs: Vec<(String, String)> = form.pairs().filter_map(|(name, value)| Some((moved(name)?, value.to_owned()))).collect();
    for file in files {
        if let Some(name) = moved(&file.field) {
            file.field = name;
        }
    }
    Form::filled(pairs)
}

/// True when something beyond a preset word was typed.
fn is_content(name: &str, value: &str) -> bool {
    let preset = |field: &Field| matches!(field.input, Input::Word(_) | Input::Platform);
    field_of(name).is_some_and(|field| !preset(field)) && !stripped(value).is_empty()
}

/// The declared field of a name.
fn field_of(name: &str) -> Option<&'static Field> {
    match row_of(name) {
        Some((group, _, rest)) => {
            let key = rest.strip_prefix('.').unwrap_or(rest);
            group.fields.iter().chain(group.further).find(|field| field.key == key)
        }
        None => singles().into_iter().find(|field| field.key == name),
    }
}

/// How many rows of a list the form holds, blank ones too.
#[must_use]
pub fn rows(form: &Form, group: &Group) -> usize {
    let own = form.pairs().filter_map(|(name, _)| row_of(name)).filter(|(of, _, _)| of.key == group.key);
    own.map(|(_, row, _)| row + 1).max().unwrap_or(0).min(group.most)
}

/// Name of a field in a row of a list.
#[must_use]
pub fn name_in(group: &Group, row: usize, field: &Field) -> String {
    if field.key.is_empty() { format!("{}[{row}]", group.key) } else { format!("{}[{row}].{}", group.key, field.key) }
}

/// The list, the row and what follows, of a name such as `phones[0].number`.
fn row_of(name: &str) -> Option<(&'static Group, usize, &str)> {
    let (key, rest) = name.split_once('[')?;
    let (row, rest) = rest.split_once(']')?;
    let group = groups().into_iter().find(|group| group.key == key)?;
    Some((group, row.parse().ok()?, rest))
}

/// The intake as JSON, pictures inside. Only the declared fields are read: whatever else was posted is left out.
#[must_use]
pub fn value_of(form: &Form, files: &[FilePart]) -> Value {
    let mut intake = Value::Object(Map::new());
    for (name, text) in form.pairs() {
        if let Some(value) = field_of(name).and_then(|field| typed(field.input, text)) {
            insert(&mut intake, name, value);
        }
    }
    for file in files.iter().filter(|file| !file.bytes.is_empty()) {
        if let Some((group, row, ".file")) = row_of(&file.field) {
            insert(&mut intake, &format!("{}[{row}].data_base64", group.key), Value::String(STANDARD.encode(&file.bytes)));
        }
    }
    intake
}

/// A typed text as the value its field holds; none when nothing was typed. What cannot be read goes on as text, so that the
/// reader refuses it.
fn typed(input: Input, typed: &str) -> Option<Value> {
    let text = stripped(typed);
    if text.is_empty() {
        return None;
    }
    match input {
        Input::Picture => None,
        Input::Name | Input::Text(_) => Some(Value::String(typed.replace("\r\n", "\n"))),
        Input::Line(_) | Input::Platform | Input::Maybe(_) | Input::Word(_) => Some(Value::String(text)),
        Input::YesNo => match text.as_str() {
            "yes" => Some(Value::Bool(true)),
            "no" => Some(Value::Bool(false)),
            _ => Some(Value::String(text)),
        },
        Input::Tick => Some(Value::Bool(true)),
        Input::Number => Some(number(&text)),
        Input::Day | Input::Instant => Some(Value::String(typed_date::iso(&text))),
        Input::Hours => Some(text.split([' ', ',', ';', '\n']).filter(|hour| !hour.is_empty()).map(number).collect()),
    }
}

fn number(text: &str) -> Value {
    let whole = text.parse::<i64>().ok().map(Number::from);
    let number = whole.or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64));
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

/// Puts a value at a path such as `phones[0].number`, making what is missing on the way.
fn insert(target: &mut Value, path: &str, value: Value) {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let (key, row) = match step.split_once('[') {
        Some((key, row)) => (key, row.trim_end_matches(']').parse::<usize>().ok()),
        None => (step, None),
    };
    let Value::Object(object) = target else { return };
    let mut place = object.entry(key).or_insert(Value::Null);
    if let Some(row) = row {
        if !place.is_array() {
            *place = Value::Array(Vec::new());
        }
        let Value::Array(list) = place else { return };
        if list.len() <= row {
            list.resize(row + 1, Value::Null);
        }
        let Some(slot) = list.get_mut(row) else { return };
        place = slot;
    }
    match rest {
        None => *place = value,
        Some(rest) => {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            insert(place, rest, value);
        }
    }
}

/// Notes the reader's faults beside the fields they belong to.
pub fn tell(form: &mut Form, faults: &[Fault]) {
    for fault in faults {
        let (name, label, input) = beside(&fault.path);
        form.fault(&name, sentence(fault, &label, input));
    }
}

/// Name, label and kind of the field a path of the intake belongs to.
fn beside(path: &str) -> (String, String, Option<Input>) {
    if let Some(field) =
        singles().into_iter().find(|field| path == field.key || path.strip_prefix(field.key).is_some_and(|rest| rest.starts_with('[')))
    {
        return (field.key.to_owned(), field.label.to_owned(), Some(field.input));
    }
    if let Some((group, row, rest)) = row_of(path) {
        let rest = rest.trim_start_matches('.');
        let own = || group.fields.iter().chain(group.further);
        let exact = own().find(|field| field.key == rest);
        if let Some(field) = exact.or_else(|| own().next()) {
            return (name_in(group, row, field), numbered(field.label, row), Some(field.input));
        }
    }
    if let Some(group) = groups().into_iter().find(|group| path == group.key)
        && let Some(field) = group.fields.first()
    {
        return (name_in(group, 0, field), group.title.to_owned(), None);
    }
    let inside = singles().into_iter().find(|field| field.key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')));
    let field = inside.map_or("name", |field| field.key);
    (field.to_owned(), path.to_owned(), None)
}

fn numbered(label: &str, row: usize) -> String {
    if row == 0 { label.to_owned() } else { format!("{label} {}", row + 1) }
}

fn sentence(fault: &Fault, label: &str, input: Option<Input>) -> String {
    if fault.path == "emails" && fault.problem.starts_with("is empty") {
        return "Give at least one contact: an e-mail, a phone or an account".to_owned();
    }
    let problem = match (input, fault.problem.as_str()) {
        (Some(Input::Number | Input::Hours), "is a text") => "is not a number",
        (_, problem) => problem,
    };
    format!("{label} {problem}: expected {}", fault.expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn form(pairs: &[(&str, &str)]) -> Form {
        Form::filled(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn what_is_typed_becomes_the_intake() {
        let form = form(&[
            ("name", "Kim Example"),
            ("emails[0]", " kim@example.com "),
            ("phones[0].number", "+1 512 471 3434"),
            ("phones[0].line_type", ""),
            ("handles[0].platform", "github"),
            ("handles[0].value", "kim"),
            ("relocation", "yes"),
            ("working_hours.activity_utc_hours", "14, 15"),
            ("footprint.commit_identities[0].name", "K"),
            ("sightings[0].at", "5 Oct 2026"),
            ("sightings[0].kind", "application"),
            ("sightings[0].lat", "30.5"),
            ("interviews[0].prompted", "no"),
            ("attention", "high"),
        ]);
        let expected = json!({
            "name": "Kim Example", "relocation": true,
            "working_hours": {"activity_utc_hours": [14, 15]},
            "footprint": {"commit_identities": [{"name": "K"}]},
            "emails": ["kim@example.com"], "phones": [{"number": "+1 512 471 3434"}],
            "handles": [{"platform": "github", "value": "kim"}],
            "sightings": [{"at": "2026-10-05", "kind": "application", "lat": 30.5}],
            "interviews": [{"prompted": false}],
        });
        assert_eq!(value_of(&form, &[]), expected);
    }

    #[test]
    fn blank_rows_are_closed_and_pictures_move_with_their_row() {
        let form = form(&[
            ("emails[0]", " "),
            ("emails[1]", "a@b.example"),
            ("handles[0].platform", "github"),
            ("handles[0].value", ""),
            ("photos[0].kind", "profile"),
            ("photos[1].kind", "document"),
        ]);
        let mut files = vec![FilePart { field: "photos[1].file".into(), name: "a.png".into(), bytes: vec![1], is_too_large: false }];
        let form = without_blank_rows(&form, &mut files);
        assert_eq!(form.value("emails[0]"), "a@b.example");
        assert_eq!(files[0].field, "photos[0].file");
        let value = value_of(&form, &files);
        assert_eq!(value, json!({"emails": ["a@b.example"], "photos": [{"kind": "document", "data_base64": "AQ=="}]}));
    }

    #[rstest]
    #[case("emails[1]", "emails[1]", "E-mail 2")]
    #[case("phones[0]", "phones[0].number", "Number")]
    #[case("photos[2].data_base64", "photos[2].file", "Picture 3")]
    #[case("working_hours.activity_utc_hours[3]", "working_hours.activity_utc_hours", "Hours of activity")]
    #[case("footprint", "footprint.platform", "footprint")]
    #[case("footprint.commit_identities[0].email", "footprint.commit_identities[0].email", "E-mail")]
    #[case("claims", "claims[0].text", "Stated places")]
    #[case("document", "name", "document")]
    fn every_path_has_a_field(#[case] path: &str, #[case] name: &str, #[case] label: &str) {
        let (found, labeled, _) = beside(path);
        assert_eq!((found.as_str(), labeled.as_str()), (name, label));
    }

    #[test]
    fn far_places_are_moved_up_and_odd_names_are_left_out() {
        let form = form(&[("emails[999999999]", "a@b.example"), ("photos[7].kind", "profile"), ("emails[-1]", "x"), ("[0]", "x")]);
        let group = groups().into_iter().find(|group| group.key == "emails").unwrap();
        assert_eq!(rows(&form, group), 50);
        assert_eq!(value_of(&without_blank_rows(&form, &mut []), &[]), json!({"emails": ["a@b.example"]}));
    }
}
