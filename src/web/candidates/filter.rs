//! The filter words of CONTRACT section 6 in an address: `attention, severity, code, list, team, stage, status, decision, from,
//! to`, the same on every page. The address holds the whole state, so it can be shared and Back works.

use crate::domain::candidate::Stage;
use crate::domain::case::{CaseStatus, DecisionVerdict};
use crate::domain::finding::{Code, Severity};
use crate::domain::screening::Attention;
use crate::domain::time::PartialDate;
use crate::store::filter::Filter;
use crate::web::form::Form;

use super::{form_view::spoken, labels, typed_date};

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// Reads the words of an address. A word that is not known is a fault of the form, and its condition is left out: the page
/// must then show no rows, because what it would show is not what was asked for.
pub fn read(form: &mut Form, sees_evidence: bool) -> Filter {
    let mut filter = Filter {
        attention: words(form, "attention", "Attention", Attention::ALL, Attention::as_str),
        severity: words(form, "severity", "Severity", Severity::ALL, Severity::as_str),
        code: words(form, "code", "Finding", Code::ALL, Code::as_str),
        list: form.optional("list"),
        team: form.optional("team"),
        stage: words(form, "stage", "Stage", Stage::ALL, Stage::as_str),
        status: words(form, "status", "Case", CaseStatus::ALL, CaseStatus::as_str),
        decision: words(form, "decision", "Decision", DecisionVerdict::ALL, DecisionVerdict::as_str),
        from: None,
        to: None,
    };
    filter.from = day(form, "from", "From").map(|(first, _)| first);
    // The last day counts whole, so the filter ends at the next midnight.
    filter.to = day(form, "to", "To").map(|(_, last)| last.plus_ms(DAY_MS));
    if !sees_evidence && filter.asks_for_evidence() {
        let field = if filter.list.is_some() { "list" } else { "code" };
        form.fault(field, "Which list or which listed value matched is for the security team: leave this filter out");
        filter.list = None;
        filter.code.clear();
    }
    filter
}

fn words<T: Copy>(form: &mut Form, field: &str, label: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Vec<T> {
    let typed: Vec<String> = form.values(field).flat_map(|text| text.split(',')).map(|word| word.trim().to_owned()).collect();
    let mut found = Vec::new();
    for word in typed.iter().filter(|word| !word.is_empty()) {
        match all.iter().copied().find(|known| name(*known) == word) {
            Some(known) => found.push(known),
            None => {
                let known: Vec<&str> = all.iter().map(|known| name(*known)).collect();
                form.fault(field, format!("{label} does not know this word: expected one of {}", known.join(", ")));
            }
        }
    }
    found
}

fn day(form: &mut Form, field: &str, label: &str) -> Option<(crate::domain::time::Timestamp, crate::domain::time::Timestamp)> {
    let text = form.optional(field)?;
    let midnight = |day: jiff::civil::Date| crate::domain::time::Timestamp::parse(&day.to_string()).ok();
    match PartialDate::parse(&typed_date::iso(&text)) {
        Ok(date) => Some((midnight(date.first_day())?, midnight(date.last_day())?)),
        Err(error) => {
            form.fault(field, format!("{label} {error}"));
            None
        }
    }
}

/// One condition that is set: what it says, and the address without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// `Attention: high`.
    pub label: String,
    /// The page without this condition.
    pub without: String,
}

/// A choice of the filter form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Name of the field.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Word, label, chosen.
    pub options: Vec<(String, String, bool)>,
}

/// The filter as the page shows it.
#[derive(Debug, Clone)]
pub struct FilterView {
    /// Path of the page.
    pub path: &'static str,
    /// Conditions with few words.
    pub choices: Vec<Choice>,
    /// Conditions that are set.
    pub chips: Vec<Chip>,
    /// First day, as typed.
    pub from: String,
    /// Last day, as typed.
    pub to: String,
    /// What is wrong with the address.
    pub faults: Vec<String>,
    /// Tab and order, which the filter keeps.
    pub kept: Vec<(String, String)>,
}

const LABELS: &[(&str, &str)] = &[
    ("attention", "Attention"),
    ("severity", "Severity"),
    ("code", "Finding"),
    ("list", "List"),
    ("team", "Team"),
    ("stage", "Stage"),
    ("status", "Case"),
    ("decision", "Decision"),
    ("from", "From"),
    ("to", "To"),
];

impl FilterView {
    /// The filter of a page. `teams` and `lists` are what can be chosen of them; none leaves the condition out.
    #[must_use]
    pub fn of(path: &'static str, form: &Form, sees_evidence: bool, teams: &[String], lists: &[String]) -> Self {
        let mut choices = vec![
            choice(form, "attention", Attention::ALL.iter().rev().map(|word| (word.as_str(), spoken(word.as_str())))),
            choice(form, "severity", Severity::ALL.iter().rev().map(|word| (word.as_str(), spoken(word.as_str())))),
            choice(
                form,
                "code",
                Code::ALL
                    .iter()
                    .filter(|code| sees_evidence || code.family() != "watchlist")
                    .map(|c| (c.as_str(), labels::code(*c).to_owned())),
            ),
            choice(form, "stage", Stage::ALL.iter().map(|word| (word.as_str(), spoken(word.as_str())))),
            choice(form, "decision", DecisionVerdict::ALL.iter().map(|word| (word.as_str(), word.label().to_owned()))),
        ];
        if sees_evidence && !lists.is_empty() {
            choices.push(choice(form, "list", lists.iter().map(|name| (name.as_str(), name.clone()))));
        }
        if teams.len() > 1 {
            choices.push(choice(form, "team", teams.iter().map(|name| (name.as_str(), name.clone()))));
        }
        let kept = form.pairs().filter(|(name, value)| matches!(*name, "tab" | "sort") && !value.is_empty());
        let mut view = Self {
            path,
            choices,
            chips: Vec::new(),
            from: form.value("from").to_owned(),
            to: form.value("to").to_owned(),
            faults: form.faults().iter().map(|fault| fault.message.clone()).collect(),
            kept: kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        };
        view.chips = view.set_conditions(form);
        view
    }

    fn set_conditions(&self, form: &Form) -> Vec<Chip> {
        let all: Vec<(&str, &str)> = form.pairs().filter(|(_, value)| !value.trim().is_empty()).collect();
        let is_set = |name: &str| LABELS.iter().find(|(known, _)| *known == name);
        all.iter()
            .enumerate()
            .filter_map(|(place, (name, value))| {
                let (_, label) = is_set(name)?;
                let shown = self.choices.iter().filter(|choice| choice.name == *name).flat_map(|choice| &choice.options);
                let shown =
                    shown.into_iter().find(|(word, _, _)| word == value).map_or_else(|| spoken(value), |(_, label, _)| label.clone());
                let others = all.iter().enumerate().filter(|(other, (name, _))| *other != place && *name != "page").map(|(_, pair)| *pair);
                Some(Chip { label: format!("{label}: {shown}"), without: address(self.path, others) })
            })
            .collect()
    }

    /// The page with no condition.
    #[must_use]
    pub fn cleared(&self) -> String {
        address(self.path, self.kept.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

fn choice<'a>(form: &Form, name: &'static str, words: impl Iterator<Item = (&'a str, String)>) -> Choice {
    let label = LABELS.iter().find(|(known, _)| *known == name).map_or(name, |(_, label)| label);
    Choice { name, label, options: words.map(|(word, shown)| (word.to_owned(), shown, form.has(name, word))).collect() }
}

impl Choice {
    /// True when no word is chosen.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.options.iter().all(|(_, _, chosen)| !chosen)
    }
}

/// An address with these parameters.
#[must_use]
pub fn address<'a>(path: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let query: Vec<String> = pairs.map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// The address of the same page with one parameter changed.
#[must_use]
pub fn address_with(path: &str, form: &Form, name: &str, value: &str) -> String {
    let kept = form.pairs().filter(|(known, typed)| *known != name && *known != "page" && !typed.trim().is_empty());
    let changed = (!value.is_empty()).then_some((name, value));
    address(path, kept.chain(changed))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    fn form(pairs: &[(&str, &str)]) -> Form {
        Form::filled(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn words_of_an_address_become_the_filter() {
        let mut form =
            form(&[("attention", "high"), ("attention", "review"), ("stage", "offer,hired"), ("from", "2026-10"), ("to", "5 Nov 2026")]);
        let filter = read(&mut form, true);
        assert_eq!(filter.attention, [Attention::High, Attention::Review]);
        assert_eq!(filter.stage, [Stage::Offer, Stage::Hired]);
        assert_eq!(filter.from, Timestamp::parse("2026-10-01").ok());
        assert_eq!(filter.to, Timestamp::parse("2026-11-06").ok());
        assert!(form.faults().is_empty());
    }

    #[test]
    fn unknown_words_are_told_and_not_ignored() {
        let mut form = form(&[("attention", "urgent"), ("from", "03/04/26")]);
        assert_eq!(read(&mut form, true), Filter::default());
        assert_eq!(form.faults().len(), 2);
    }

    #[test]
    fn who_may_not_see_evidence_cannot_ask_for_it() {
        for pairs in [[("list", "OSINT")], [("code", "watchlist.email")]] {
            let mut form = form(&pairs);
            assert_eq!(read(&mut form, false), Filter::default());
            assert_eq!(form.faults().len(), 1);
        }
        let view = FilterView::of("/candidates", &Form::blank(), false, &[], &["OSINT".to_owned()]);
        assert!(!format!("{view:?}").to_lowercase().contains("osint") && !format!("{view:?}").contains("watchlist"));
    }

    #[test]
    fn a_chip_leads_to_the_page_without_it() {
        let form = form(&[("attention", "high"), ("team", "R&D"), ("sort", "name"), ("page", "3")]);
        let view = FilterView::of("/queue", &form, true, &[], &[]);
        assert_eq!(view.chips.len(), 2);
        assert_eq!(view.chips[0], Chip { label: "Attention: High".into(), without: "/queue?team=R%26D&sort=name".into() });
        assert_eq!(view.cleared(), "/queue?sort=name");
        assert_eq!(address_with("/queue", &form, "tab", "all"), "/queue?attention=high&team=R%26D&sort=name&tab=all");
    }
}
