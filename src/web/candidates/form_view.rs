//! The candidate form as its template shows it: every field with its label, hint, value and fault, every list with its rows.

use crate::domain::id::SubmissionId;
use crate::web::form::Form;

use super::fields::{FIRST_PLATFORMS, Field, Group, Input, PLATFORMS, Part, Section, TEAM};
use super::sections::SECTIONS;
use super::typed_intake::{name_in, rows};

/// The field that carries the number of this form, so that sending it twice is once.
pub const RECEIPT: &str = "receipt";

/// How a field is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Widget {
    /// One line; type of the input, name of a list of suggestions.
    Line(&'static str, &'static str),
    /// Several lines.
    Text(u8),
    /// One of several; value, label, chosen.
    Choice(Vec<(String, String, bool)>),
    /// A box; ticked.
    Tick(bool),
    /// A file.
    Picture,
}

/// One field.
#[derive(Debug, Clone)]
pub struct FieldView {
    /// Its name in the form.
    pub name: String,
    /// Its id on the page.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// What to type.
    pub hint: &'static str,
    /// How it is drawn.
    pub widget: Widget,
    /// What was typed.
    pub value: String,
    /// What is wrong.
    pub fault: Option<String>,
    /// Must be filled in.
    pub is_required: bool,
    /// The cursor begins here.
    pub is_focused: bool,
}

/// One row of a list.
#[derive(Debug, Clone)]
pub struct RowView {
    /// Its heading: `Phone 2`.
    pub title: String,
    /// Fields always shown.
    pub fields: Vec<FieldView>,
    /// Fields folded away.
    pub further: Vec<FieldView>,
    /// The folded ones are open, because something was typed there or is wrong.
    pub is_open: bool,
}

/// A list.
#[derive(Debug, Clone)]
pub struct GroupView {
    /// Path of the list; the value of its button.
    pub key: &'static str,
    /// Heading.
    pub title: &'static str,
    /// What belongs here.
    pub hint: &'static str,
    /// One of it.
    pub one: &'static str,
    /// Its rows.
    pub rows: Vec<RowView>,
    /// Rows taken at most.
    pub most: usize,
    /// False when it holds all it may.
    pub may_grow: bool,
    /// A plain list has one field a row.
    pub is_plain: bool,
}

/// A part of a section.
#[derive(Debug, Clone)]
pub enum PartView {
    /// One field.
    One(FieldView),
    /// A list.
    Many(GroupView),
    /// Folded parts: heading, open, parts.
    Fold(&'static str, bool, Vec<PartView>),
}

/// A section.
#[derive(Debug, Clone)]
pub struct SectionView {
    /// Its anchor.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What is in it.
    pub parts: Vec<PartView>,
}

/// The whole form.
#[derive(Debug, Clone)]
pub struct FormView {
    /// Its sections.
    pub sections: Vec<SectionView>,
    /// Faults in the order of the page: id of the field, what is wrong.
    pub faults: Vec<(String, String)>,
    /// Number of this form.
    pub receipt: String,
    /// The team candidates get, where it cannot be chosen.
    pub fixed_team: Option<String>,
    /// Platforms offered.
    pub platforms: &'static [&'static str],
}

struct Drawing<'a> {
    form: &'a Form,
    grown: Option<&'a str>,
    fixed_team: bool,
}

impl FormView {
    /// The form with what was typed. `grown` is the list that was asked to have one row more; `fixed_team` the team of a
    /// person who cannot choose one.
    #[must_use]
    pub fn of(form: &Form, grown: Option<&str>, fixed_team: Option<&str>) -> Self {
        let drawing = Drawing { form, grown, fixed_team: fixed_team.is_some() };
        let sections: Vec<SectionView> = SECTIONS.iter().map(|section| drawing.section(section)).collect();
        let faults = form.faults().iter().map(|fault| (id_of(&fault.field), fault.message.clone())).collect();
        let receipt = form.optional(RECEIPT).and_then(|text| SubmissionId::parse(&text).ok()).unwrap_or_else(SubmissionId::random);
        Self { sections, faults, receipt: receipt.as_str().to_owned(), fixed_team: fixed_team.map(str::to_owned), platforms: PLATFORMS }
    }
}

/// The id of a field: its name in letters, digits and hyphens.
fn id_of(name: &str) -> String {
    let mut id = String::from("f-");
    for c in name.chars().filter(|c| *c != ']') {
        id.push(if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' });
    }
    id
}

impl Drawing<'_> {
    fn section(&self, section: &'static Section) -> SectionView {
        SectionView { id: section.id, title: section.title, parts: section.parts.iter().filter_map(|part| self.part(part)).collect() }
    }

    fn part(&self, part: &'static Part) -> Option<PartView> {
        Some(match part {
            Part::One(field) if field.key == TEAM && self.fixed_team => return None,
            Part::One(field) => PartView::One(self.field(field, field.key.to_owned(), field.label.to_owned(), 0)),
            Part::Many(group) => PartView::Many(self.group(group)),
            Part::Fold(title, parts) => {
                let parts: Vec<PartView> = parts.iter().filter_map(|part| self.part(part)).collect();
                let is_open = parts.iter().any(needs_a_look);
                PartView::Fold(title, is_open, parts)
            }
        })
    }

    fn group(&self, group: &'static Group) -> GroupView {
        let grows = self.grown == Some(group.key);
        let typed = rows(self.form, group);
        let count = if grows { typed.max(1) + 1 } else { typed.max(group.rows) }.min(group.most);
        GroupView {
            key: group.key,
            title: group.title,
            hint: group.hint,
            one: group.one,
            rows: (0..count).map(|row| self.row(group, row, grows && row + 1 == count)).collect(),
            most: group.most,
            may_grow: count < group.most,
            is_plain: group.fields.len() == 1,
        }
    }

    fn row(&self, group: &'static Group, row: usize, is_new: bool) -> RowView {
        let field = |field: &'static Field| {
            let label = if group.fields.len() == 1 && row > 0 { format!("{} {}", field.label, row + 1) } else { field.label.to_owned() };
            self.field(field, name_in(group, row, field), label, row)
        };
        let mut fields: Vec<FieldView> = group.fields.iter().map(field).collect();
        if let Some(first) = fields.first_mut() {
            first.is_focused = is_new;
        }
        let further: Vec<FieldView> = group.further.iter().map(field).collect();
        let mut one = group.one.to_owned();
        if let Some(first) = one.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        let is_open = further.iter().any(|field| field.fault.is_some() || !field.value.is_empty());
        RowView { title: format!("{one} {}", row + 1), fields, further, is_open }
    }

    fn field(&self, field: &Field, name: String, label: String, row: usize) -> FieldView {
        let typed = self.form.value(&name);
        let was_sent = self.form.values(&name).next().is_some();
        let preset = match field.input {
            Input::Platform if !was_sent && name.starts_with("handles[") => FIRST_PLATFORMS.get(row).copied().unwrap_or_default(),
            _ => typed,
        };
        let widget = match field.input {
            Input::Line(kind) => Widget::Line(kind, ""),
            Input::Platform => Widget::Line("text", "platforms"),
            Input::Name | Input::Number | Input::Day | Input::Instant | Input::Hours => Widget::Line("text", ""),
            Input::Text(lines) => Widget::Text(lines),
            Input::Maybe(words) => Widget::Choice(choices("Not stated", &words(), typed)),
            Input::Word(words) => {
                let words = words();
                let chosen = if typed.is_empty() { words.first().copied().unwrap_or_default() } else { typed };
                Widget::Choice(choices("", &words, chosen))
            }
            Input::YesNo => Widget::Choice(choices("Not stated", &["yes", "no"], typed)),
            Input::Tick => Widget::Tick(typed == "yes"),
            Input::Picture => Widget::Picture,
        };
        FieldView {
            id: id_of(&name),
            fault: self.form.fault_of(&name).map(str::to_owned),
            value: preset.to_owned(),
            is_required: name == "name",
            is_focused: false,
            hint: field.hint,
            name,
            label,
            widget,
        }
    }
}

fn choices(open: &str, words: &[&str], chosen: &str) -> Vec<(String, String, bool)> {
    let open = (!open.is_empty()).then(|| (String::new(), open.to_owned(), chosen.is_empty()));
    // A word that is not on the list is kept, too, so that its fault stands beside what was sent.
    let strange = (!chosen.is_empty() && !words.contains(&chosen)).then(|| (chosen.to_owned(), chosen.to_owned(), true));
    let listed = words.iter().map(|word| ((*word).to_owned(), spoken(word), *word == chosen));
    open.into_iter().chain(listed).chain(strange).collect()
}

/// A word of a list as people read it.
#[must_use]
pub fn spoken(word: &str) -> String {
    let mut text = match word {
        "isp" | "vpn" | "voip" => return word.to_uppercase(),
        other => other.replace('-', " "),
    };
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// True when something was typed or is wrong inside.
fn needs_a_look(part: &PartView) -> bool {
    let field = |field: &FieldView| {
        let typed = match &field.widget {
            Widget::Choice(choices) => choices.first().is_some_and(|first| !first.2),
            Widget::Tick(ticked) => *ticked,
            Widget::Picture => false,
            Widget::Line(_, _) | Widget::Text(_) => !field.value.is_empty(),
        };
        typed || field.fault.is_some() || field.is_focused
    };
    match part {
        PartView::One(one) => field(one),
        PartView::Many(group) => group.rows.iter().any(|row| row.fields.iter().chain(&row.further).any(field)),
        PartView::Fold(_, is_open, _) => *is_open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::intake::json::KEYS;

    fn names(view: &FormView) -> Vec<String> {
        fn walk(parts: &[PartView], found: &mut Vec<String>) {
            for part in parts {
                match part {
                    PartView::One(field) => found.push(field.name.clone()),
                    PartView::Many(group) => {
                        for row in &group.rows {
                            found.extend(row.fields.iter().chain(&row.further).map(|field| field.name.clone()));
                        }
                    }
                    PartView::Fold(_, _, parts) => walk(parts, found),
                }
            }
        }
        let mut found = Vec::new();
        view.sections.iter().for_each(|section| walk(&section.parts, &mut found));
        found
    }

    #[test]
    fn every_key_of_the_intake_can_be_typed() {
        let names = names(&FormView::of(&Form::blank(), None, None));
        for key in KEYS {
            let told = names.iter().any(|name| name.split(['.', '[']).next() == Some(*key));
            assert!(told, "{key} is missing on the form");
        }
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<String> = names(&FormView::of(&Form::blank(), Some("phones"), None)).iter().map(|name| id_of(name)).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }

    #[test]
    fn a_list_grows_by_one_row_up_to_its_limit() {
        let form = Form::filled((0..6).map(|row| (format!("photos[{row}].kind"), "profile".to_owned())));
        let rows = |view: &FormView, list: &str| names(view).iter().filter(|name| name.starts_with(&format!("{list}["))).count();
        let (before, after) = (FormView::of(&Form::blank(), None, None), FormView::of(&Form::blank(), Some("emails"), None));
        assert_eq!((rows(&before, "emails"), rows(&after, "emails")), (1, 2));
        let full = FormView::of(&form, Some("photos"), None);
        assert_eq!(rows(&full, "photos"), 6 * 5);
    }

    #[test]
    fn who_cannot_choose_a_team_gets_no_field_for_it() {
        assert!(!names(&FormView::of(&Form::blank(), None, Some("platform"))).contains(&"team".to_owned()));
    }
}
