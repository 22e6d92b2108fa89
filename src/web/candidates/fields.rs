//! What the candidate form is made of: sections of fields, lists and folded parts. The fields themselves stand in `sections.rs`.
//!
//! A field's name in the form is its path in the intake (`phones[0].number`), so that a fault of the reader stands beside
//! the field it belongs to.

use super::sections::SECTIONS;

/// How a value is typed, and what it is in the intake.
#[derive(Debug, Clone, Copy)]
pub enum Input {
    /// One line of text; the word is the keyboard a phone shows.
    Line(&'static str),
    /// A text as typed, invisible characters and all: what a person calls themselves is evidence.
    Name,
    /// Several lines; how many are shown.
    Text(u8),
    /// One word of a list that may be left open.
    Maybe(fn() -> Vec<&'static str>),
    /// One word of a list; the first one unless another is chosen.
    Word(fn() -> Vec<&'static str>),
    /// Yes, no or not stated.
    YesNo,
    /// A box that is ticked or not.
    Tick,
    /// A platform, with the common ones offered.
    Platform,
    /// A number.
    Number,
    /// A day, a month or a year.
    Day,
    /// A day, or a day and a time.
    Instant,
    /// Hours of the day, several.
    Hours,
    /// A file.
    Picture,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Path inside its part; empty where the part is a list of plain values.
    pub key: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What to type, where that is not plain.
    pub hint: &'static str,
    /// How it is typed.
    pub input: Input,
}

/// A list of values or of small objects.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Path of the list.
    pub key: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// One of it, for the button and the rows: `e-mail`.
    pub one: &'static str,
    /// What belongs here, where that is not plain.
    pub hint: &'static str,
    /// Rows shown at first.
    pub rows: usize,
    /// Rows taken at most.
    pub most: usize,
    /// Fields of a row that are always shown.
    pub fields: &'static [Field],
    /// Fields of a row that are folded away.
    pub further: &'static [Field],
}

/// A part of a section.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// One field.
    One(Field),
    /// A list.
    Many(Group),
    /// Parts that few need, folded under a heading.
    Fold(&'static str, &'static [Part]),
}

/// A section of the page.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its anchor.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What is in it.
    pub parts: &'static [Part],
}

/// Platforms offered; any other lower-case word is taken, too.
pub const PLATFORMS: &[&str] = &["github", "linkedin", "gitlab", "npm", "telegram", "upwork", "x", "stackoverflow", "discord", "skype"];

/// What the platform of a fresh row is, by row.
pub const FIRST_PLATFORMS: &[&str] = &["github", "linkedin"];

/// The one field that depends on who looks: a recruiter's candidates always get the recruiter's team.
pub const TEAM: &str = "team";

/// Names of the file parts, one a row.
pub const PICTURES: &[&str] = &["photos[0].file", "photos[1].file", "photos[2].file", "photos[3].file", "photos[4].file", "photos[5].file"];

/// Every list of the form, folded ones too.
#[must_use]
pub fn groups() -> Vec<&'static Group> {
    fn walk(parts: &'static [Part], found: &mut Vec<&'static Group>) {
        for part in parts {
            match part {
                Part::One(_) => {}
                Part::Many(group) => found.push(group),
                Part::Fold(_, parts) => walk(parts, found),
            }
        }
    }
    let mut found = Vec::new();
    SECTIONS.iter().for_each(|section| walk(section.parts, &mut found));
    found
}

/// Every single field of the form, folded ones too.
#[must_use]
pub fn singles() -> Vec<&'static Field> {
    fn walk(parts: &'static [Part], found: &mut Vec<&'static Field>) {
        for part in parts {
            match part {
                Part::One(field) => found.push(field),
                Part::Many(_) => {}
                Part::Fold(_, parts) => walk(parts, found),
            }
        }
    }
    let mut found = Vec::new();
    SECTIONS.iter().for_each(|section| walk(section.parts, &mut found));
    found
}
