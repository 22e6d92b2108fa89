//! The content of an entry: as rows for pages, as the difference of two revisions, as a form and back.
//!
//! The form becomes the JSON form of an entry and is read by the reader of list files, so that both refuse the same values.

use serde_json::{Map, Value, json};

use crate::domain::handle::Handle;
use crate::domain::identifier::AccountKey;
use crate::domain::intake::Fault;
use crate::domain::watchlist::Persona;
use crate::exchange::lists::entry_json;
use crate::web::candidates::difference::shown;
use crate::web::form::{Form, stripped};

use super::in_words;

/// A field of an entry: key, label, hint.
pub type Field = (&'static str, &'static str, &'static str);

/// Fields with several values, one a line of the form.
pub const LISTS: &[Field] = &[
    ("names", "Names", "One a line, the main one first"),
    ("emails", "E-mails", "One a line"),
    ("phones", "Phones", "One a line, with country code: +1 512 471 3434"),
    ("handles", "Handles", "One a line: github:octocat, or the address of a profile"),
    ("domains", "Domains", "One a line"),
    ("wallets", "Wallets", "One a line"),
    ("ips", "Network addresses", "One a line"),
    ("payout_accounts", "Payout accounts", "One a line; kept as keyed hashes and never shown again"),
    ("addresses", "Postal addresses", "One a line"),
    ("locations", "Places", "One a line"),
];

/// Fields with one value.
pub const SINGLES: &[Field] = &[
    ("id", "Id on the list", "By this a later file knows the entry again"),
    ("source", "Source", "Where it comes from"),
    ("source_url", "Link to the source", "It is never fetched"),
    ("as_of", "Date of the source", "YYYY, YYYY-MM or YYYY-MM-DD"),
    ("confidence", "Confidence", "0 to 100; below 50 it gives context only"),
    ("expires", "Expires", "Last day on which it counts"),
    ("tlp", "Traffic light", "How far it may be passed on"),
    ("note", "Note", ""),
];

/// The values of a field, as texts.
#[must_use]
pub fn values(persona: &Persona, key: &str) -> Vec<String> {
    let one = |text: Option<String>| text.into_iter().collect();
    match key {
        "names" => persona.names.iter().map(|name| name.as_str().to_owned()).collect(),
        "emails" => persona.emails.iter().map(|email| email.as_str().to_owned()).collect(),
        "phones" => persona.phones.iter().map(|phone| phone.as_str().to_owned()).collect(),
        "handles" => persona.handles.iter().map(|handle| format!("{}:{}", handle.platform(), handle.as_str())).collect(),
        "domains" => persona.domains.iter().map(|domain| domain.as_str().to_owned()).collect(),
        "wallets" => persona.wallets.iter().map(|wallet| wallet.as_str().to_owned()).collect(),
        "ips" => persona.ips.iter().map(ToString::to_string).collect(),
        "payout_accounts" => persona.payout_accounts.iter().map(|hash| hash.as_str().chars().take(8).collect()).collect(),
        "addresses" => persona.addresses.clone(),
        "locations" => persona.locations.clone(),
        "id" => one(persona.id.clone()),
        "source" => one(persona.source.clone()),
        "source_url" => one(persona.source_url.as_ref().map(|url| url.as_str().to_owned())),
        "as_of" => one(persona.as_of.map(|date| date.to_string())),
        "confidence" => one(persona.confidence.map(|number| number.to_string())),
        "expires" => one(persona.expires.map(|date| date.to_string())),
        "tlp" => one(persona.tlp.map(|word| word.as_str().to_owned())),
        "note" => one(persona.note.clone()),
        _ => Vec::new(),
    }
}

/// Label and values of one field, safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is called.
    pub label: &'static str,
    /// Its values.
    pub values: Vec<String>,
}

/// Every field that holds something.
#[must_use]
pub fn shown_fields(persona: &Persona) -> Vec<Shown> {
    let all = LISTS.iter().chain(SINGLES).map(|(key, label, _)| Shown { label, values: readable(persona, key) });
    all.filter(|field| !field.values.is_empty()).collect()
}

/// Identifiers in one line each: `E-mails: a@b.example`.
#[must_use]
pub fn identifiers(persona: &Persona) -> Vec<Shown> {
    const KEYS: [&str; 7] = ["emails", "phones", "handles", "domains", "wallets", "ips", "payout_accounts"];
    let fields = LISTS.iter().filter(|(key, _, _)| KEYS.contains(key));
    fields.map(|(key, label, _)| Shown { label, values: readable(persona, key) }).filter(|field| !field.values.is_empty()).collect()
}

fn readable(persona: &Persona, key: &str) -> Vec<String> {
    let as_hash = |text: String| if key == "payout_accounts" { format!("keyed hash {text}…") } else { shown(&text) };
    values(persona, key).into_iter().map(as_hash).collect()
}

/// A field that two revisions hold differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// What it is called.
    pub label: &'static str,
    /// What stands on the list.
    pub old: String,
    /// What the file says.
    pub new: String,
}

/// Every field that differs.
#[must_use]
pub fn changed_fields(old: &Persona, new: &Persona) -> Vec<Changed> {
    let said = |persona, key| {
        let values = readable(persona, key);
        if values.is_empty() { "nothing".to_owned() } else { values.join("; ") }
    };
    let all = LISTS.iter().chain(SINGLES).filter(|(key, _, _)| values(old, key) != values(new, key));
    all.map(|(key, label, _)| Changed { label, old: said(old, key), new: said(new, key) }).collect()
}

/// The form of an entry; its payout accounts stay hidden.
#[must_use]
pub fn form_of(persona: &Persona) -> Form {
    let fields = LISTS.iter().chain(SINGLES).filter(|(key, _, _)| *key != "payout_accounts");
    Form::filled(fields.map(|(key, _, _)| ((*key).to_owned(), values(persona, key).join("\n"))))
}

/// Reads the form; what is wrong is noted on it. `kept` are the payout accounts that it does not show.
pub fn read(form: &mut Form, key: &AccountKey, old: Option<&Persona>) -> Option<Persona> {
    let value = value_of(form);
    let read = entry_json::read(&value, key).map_err(|faults| tell(form, &faults)).ok();
    let mut persona = read.filter(|_| form.faults().is_empty())?;
    if let Some(old) = old.filter(|_| form.value("forget_accounts").is_empty()) {
        for account in &old.payout_accounts {
            if !persona.payout_accounts.contains(account) {
                persona.payout_accounts.push(account.clone());
            }
        }
    }
    Some(persona)
}

fn value_of(form: &mut Form) -> Value {
    let mut object = Map::new();
    for (key, _, _) in LISTS {
        let lines: Vec<String> = form.value(key).lines().map(stripped).filter(|line| !line.is_empty()).collect();
        let values = match *key {
            "handles" => handles(form, &lines),
            _ => lines.into_iter().map(Value::String).collect(),
        };
        if !values.is_empty() {
            object.insert((*key).to_owned(), Value::Array(values));
        }
    }
    for (key, _, _) in SINGLES {
        let Some(text) = form.optional(key) else { continue };
        let value = match *key {
            "confidence" => confidence(form, &text),
            _ => Some(Value::String(text)),
        };
        object.extend(value.map(|value| ((*key).to_owned(), value)));
    }
    Value::Object(object)
}

fn confidence(form: &mut Form, text: &str) -> Option<Value> {
    let number = text.parse::<i64>().ok();
    if number.is_none() {
        form.fault("confidence", "Confidence is not a whole number: expected a whole number from 0 to 100");
    }
    number.map(Value::from)
}

fn handles(form: &mut Form, lines: &[String]) -> Vec<Value> {
    let mut read = Vec::new();
    for line in lines {
        match Handle::parse_address(line) {
            Ok(handle) => read.push(json!({"platform": handle.platform(), "value": handle.as_str()})),
            Err(_) => {
                let line = shown(line).chars().take(200).collect::<String>();
                form.fault("handles", format!("Handles: “{line}” is not a handle: expected github:octocat, or the address of a profile"));
            }
        }
    }
    read
}

/// Notes the reader's faults on the fields that they belong to.
pub fn tell(form: &mut Form, faults: &[Fault]) {
    for fault in faults {
        let key = fault.path.split(['[', '.']).next().unwrap_or_default();
        let field = LISTS.iter().chain(SINGLES).find(|(known, _, _)| *known == key);
        let words = in_words(fault);
        match field {
            Some((key, label, _)) => form.fault(key, format!("{label}: {words}")),
            None => form.fault("names", format!("The entry {words}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> AccountKey {
        AccountKey::new([7; 32])
    }

    #[test]
    fn an_entry_survives_its_form_and_keeps_its_accounts() {
        let value = json!({
            "id": "P-1", "names": ["Ana Reyes", "A. Reyes"], "emails": ["ana@x.example"], "phones": ["+1 512 471 3434"],
            "handles": [{"platform": "github", "value": "ana-r"}], "domains": ["x.example"], "ips": ["198.51.100.7"],
            "payout_accounts": ["DE89370400440532013000"], "addresses": ["1 Main St"], "source": "OSINT", "as_of": "2026-05",
            "confidence": 80, "expires": "2027", "tlp": "amber", "note": "line one", "locations": ["Austin, TX"],
        });
        let persona = entry_json::read(&value, &key()).unwrap();
        let mut form = form_of(&persona);
        assert_eq!(read(&mut form, &key(), Some(&persona)), Some(persona.clone()), "{:?}", form.faults());
        assert!(changed_fields(&persona, &persona).is_empty());
        form.set("forget_accounts", "yes");
        form.set("emails", "ana@y.example");
        let changed = read(&mut form, &key(), Some(&persona)).unwrap();
        assert!(changed.payout_accounts.is_empty());
        let labels: Vec<&str> = changed_fields(&persona, &changed).iter().map(|field| field.label).collect();
        assert_eq!(labels, ["E-mails", "Payout accounts"]);
    }

    #[test]
    fn every_fault_stands_at_its_field() {
        let mut form = Form::filled(
            [("emails", "a@\nb@x.example"), ("handles", "???"), ("confidence", "high"), ("as_of", "03/04/26")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        assert_eq!(read(&mut form, &key(), None), None);
        for field in ["emails", "handles", "confidence", "as_of"] {
            assert!(form.fault_of(field).is_some_and(|fault| fault.contains("expected")), "{field}: {:?}", form.faults());
        }
        let mut empty = Form::blank();
        assert_eq!(read(&mut empty, &key(), None), None);
        assert!(empty.fault_of("names").is_some());
    }

    #[test]
    fn what_is_listed_is_shown_without_hidden_characters_and_without_accounts() {
        let persona = entry_json::read(&json!({"names": ["Ana Reyes"], "payout_accounts": ["DE89370400440532013000"]}), &key()).unwrap();
        let text = format!("{:?}", shown_fields(&persona));
        assert!(text.contains("keyed hash") && !text.contains("DE89"), "{text}");
        assert!(form_of(&persona).value("payout_accounts").is_empty());
    }
}
