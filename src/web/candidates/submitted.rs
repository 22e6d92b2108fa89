//! What was submitted, field by field under the labels of the form, and in time order what says where the person was.

use serde_json::Value;

use crate::domain::intake::Intake;
use crate::domain::time::Timestamp;
use crate::exchange::intake::write;

use super::difference::shown;
use super::fields::{Field, Group, Input, Part};
use super::form_view::spoken;
use super::labels;
use super::sections::SECTIONS;

/// A section of the submitted data.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// Its heading.
    pub title: &'static str,
    /// Label and values; a value may have several lines.
    pub rows: Vec<(String, Vec<String>)>,
}

/// The submitted data, without what was left open. The payout account is not shown: only its keyed hash is kept.
#[must_use]
pub fn submitted(intake: &Intake) -> Vec<Submitted> {
    let value = write(intake);
    SECTIONS
        .iter()
        .map(|section| {
            let mut rows = Vec::new();
            section.parts.iter().for_each(|part| part_rows(part, &value, &mut rows));
            Submitted { title: section.title, rows }
        })
        .filter(|section| !section.rows.is_empty())
        .collect()
}

fn part_rows(part: &Part, intake: &Value, rows: &mut Vec<(String, Vec<String>)>) {
    match part {
        Part::One(field) => {
            let value = at(intake, field.key).and_then(|value| text(value, field.input));
            rows.extend(value.map(|value| (field.label.to_owned(), vec![value])));
        }
        Part::Many(group) => {
            let list = at(intake, group.key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let lines: Vec<String> = list.iter().map(|entry| line(group, entry)).filter(|line| !line.is_empty()).collect();
            if !lines.is_empty() {
                rows.push((group.title.to_owned(), lines));
            }
        }
        Part::Fold(_, parts) => parts.iter().for_each(|part| part_rows(part, intake, rows)),
    }
}

/// The value at a path of keys.
fn at<'a>(intake: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(intake, |value, key| value.get(key)).filter(|value| !value.is_null())
}

/// One entry of a list in a line: `+1 512 471 3434 · Kind of line: mobile`.
fn line(group: &Group, entry: &Value) -> String {
    let own = group.fields.iter().chain(group.further);
    let part = |field: &Field| {
        let value =
            if field.key.is_empty() { text(entry, field.input) } else { entry.get(field.key).and_then(|value| text(value, field.input)) };
        let value = value?;
        let speaks_for_itself =
            group.fields.first().is_some_and(|first| first.key == field.key) || matches!(field.key, "value" | "number" | "org" | "place");
        Some(if speaks_for_itself { value } else { format!("{}: {value}", field.label.to_lowercase()) })
    };
    own.filter_map(part).collect::<Vec<_>>().join(" \u{b7} ")
}

fn text(value: &Value, input: Input) -> Option<String> {
    match value {
        Value::Null | Value::Bool(false) if matches!(input, Input::Tick) => None,
        Value::Null => None,
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(match input {
            Input::Maybe(_) | Input::Word(_) => spoken(text).to_lowercase(),
            Input::Instant => Timestamp::parse(text).map_or_else(|_| shown(text), Timestamp::for_people),
            _ => shown(text),
        }),
        Value::Array(list) if list.is_empty() => None,
        Value::Array(list) => Some(list.iter().filter_map(text_of).collect::<Vec<_>>().join(", ")),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(_) => None,
    }
}

fn text_of(value: &Value) -> Option<String> {
    text(value, Input::Hours)
}

/// One statement or observation of where the person was.
#[derive(Debug, Clone)]
pub struct Place {
    /// When; none is undated.
    pub at: Option<Timestamp>,
    /// What it is: `Stated in application`, `Interview`.
    pub what: String,
    /// The place as written or told.
    pub place: String,
    /// Network address and kind.
    pub network: String,
    /// The clock of the browser.
    pub clock: String,
}

/// Claims and sightings in time order, undated ones first.
#[must_use]
pub fn places(intake: &Intake) -> Vec<Place> {
    let claims = intake.claims.iter().map(|claim| Place {
        at: claim.at,
        what: format!("Stated in {}", claim.source),
        place: shown(&claim.text),
        network: String::new(),
        clock: String::new(),
    });
    let sightings = intake.sightings.iter().map(|sighting| {
        let told: Vec<String> =
            sighting.city.iter().map(|city| shown(city)).chain(sighting.country.map(|country| country.code().to_owned())).collect();
        let point = sighting.point.map(|point| format!("{:.3}, {:.3}", point.lat(), point.lon()));
        let network: Vec<String> =
            sighting.ip.iter().map(ToString::to_string).chain(sighting.network.map(|class| spoken(class.as_str()))).collect();
        let offset = sighting.client_utc_offset_min.map(|minutes| format!("{minutes} min from UTC"));
        let clock: Vec<String> = sighting.client_tz.iter().map(|zone| shown(zone)).chain(offset).collect();
        Place {
            at: Some(sighting.at),
            what: labels::capitalized(sighting.kind.as_str()),
            place: told.into_iter().chain(point).collect::<Vec<_>>().join(", "),
            network: network.join(", "),
            clock: clock.join(", "),
        }
    });
    let mut places: Vec<Place> = claims.chain(sightings).collect();
    places.sort_by_key(|place| place.at);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::AccountKey;
    use crate::exchange::intake::{ReadOptions, read};
    use serde_json::json;

    fn intake(value: &Value) -> Intake {
        read(value, &ReadOptions { account_key: AccountKey::new([1; 32]), allow_files: false }).unwrap().intake
    }

    #[test]
    fn what_was_sent_is_shown_under_its_label_and_nothing_else() {
        let intake = intake(&json!({
            "name": "Kim Example", "phones": [{"number": "+1 512 471 3434", "line_type": "mobile"}], "payout_account": "DE89370400440532013000",
            "working_hours": {"stated": "09:00-17:00", "activity_utc_hours": [14, 15]}, "relocation": false
        }));
        let all = submitted(&intake);
        let rows: Vec<&(String, Vec<String>)> = all.iter().flat_map(|section| &section.rows).collect();
        let value = |label: &str| rows.iter().find(|row| row.0 == label).map(|row| row.1.join("|"));
        assert_eq!(value("Full name").as_deref(), Some("Kim Example"));
        assert_eq!(value("Phone numbers").as_deref(), Some("+1 512 471 3434 \u{b7} kind of line: mobile"));
        assert_eq!(value("Hours of activity").as_deref(), Some("14, 15"));
        assert_eq!(value("Payout account"), None);
        assert_eq!(value("Other names"), None);
        assert!(!format!("{all:?}").contains("DE89"));
    }

    #[test]
    fn places_stand_in_the_order_of_time() {
        let intake = intake(&json!({
            "name": "Kim Example", "emails": ["a@b.example"],
            "claims": [{"source": "resume", "text": "Austin, TX", "at": "2026-10-06"}, {"source": "profile", "text": "Berlin"}],
            "sightings": [{"at": "2026-10-05T14:00:00Z", "kind": "interview", "ip": "198.51.100.7", "client_tz": "America/Chicago"}]
        }));
        let places = places(&intake);
        let whats: Vec<&str> = places.iter().map(|place| place.what.as_str()).collect();
        assert_eq!(whats, ["Stated in profile", "Interview", "Stated in resume"]);
        assert_eq!(places[1].network, "198.51.100.7");
    }
}
