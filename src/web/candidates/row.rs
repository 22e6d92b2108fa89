//! A candidate in a list, cut to what the reader may see, and the pages of a list.

use crate::domain::case::CaseStatus;
use crate::domain::finding::OtherKind;
use crate::domain::time::Timestamp;
use crate::store::listing::{Listed, TopFinding};
use crate::store::page::{MOST_COUNTED, Page};
use crate::web::form::Form;

use super::difference::shown;
use super::filter::address_with;
use super::labels;

/// Rows of a page.
pub const ROWS: i64 = 50;

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// The candidate's page.
    pub href: String,
    /// Name.
    pub name: String,
    /// Role applied for.
    pub role: Option<String>,
    /// Team.
    pub team: String,
    /// Invented.
    pub is_demo: bool,
    /// Attention of the latest screening; none before the first.
    pub attention: Option<&'static str>,
    /// The strongest finding in words.
    pub top: Option<String>,
    /// Number of independent sources.
    pub sources: usize,
    /// Where the case stands.
    pub case: String,
    /// The latest verdict: word, label.
    pub decision: Option<(&'static str, &'static str)>,
    /// When the latest submission came.
    pub received_at: Timestamp,
}

impl Row {
    /// The row of a candidate.
    #[must_use]
    pub fn of(listed: &Listed, sees_evidence: bool) -> Self {
        let screened = listed.screened.as_ref();
        let case = listed.case.as_ref().map(|case| match (case.status, &case.assignee) {
            (CaseStatus::Taken, Some(who)) => format!("Taken by {}", shown(who)),
            (status, _) => labels::capitalized(status.as_str()),
        });
        Self {
            href: format!("/candidates/{}", listed.candidate.id),
            name: shown(&listed.candidate.name),
            role: listed.candidate.role.as_deref().map(shown),
            team: shown(&listed.candidate.team),
            is_demo: listed.candidate.is_demo,
            attention: screened.map(|screened| screened.attention.as_str()),
            top: screened.and_then(|screened| screened.top.as_ref()).map(|top| top_in_words(top, sees_evidence)),
            sources: screened.map_or(0, |screened| usize::try_from(screened.sources).unwrap_or(0)),
            case: case.unwrap_or_else(|| "None".to_owned()),
            decision: listed.decision.map(|verdict| (verdict.as_str(), verdict.label())),
            received_at: listed.last_submission_at,
        }
    }

    /// `2 sources`.
    #[must_use]
    pub fn sources_in_words(&self) -> String {
        labels::count(self.sources, "source")
    }
}

/// The strongest finding: its sentence, or for who may not see the other side what kind it is.
fn top_in_words(top: &TopFinding, sees_evidence: bool) -> String {
    if sees_evidence || !matches!(top.other, Some(OtherKind::Entry | OtherKind::Candidate)) {
        return shown(&top.sentence);
    }
    match top.code.family() {
        "watchlist" => labels::code_text("watchlist"),
        _ => labels::code(top.code).to_owned(),
    }
}

/// Which rows of how many are shown, and the ways on.
#[derive(Debug, Clone)]
pub struct Pages {
    /// `1-50 of 3,204`.
    pub range: String,
    /// How many there are.
    pub total: String,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// The number of the page an address asks for.
#[must_use]
pub fn page_number(form: &Form) -> i64 {
    form.value("page").parse().unwrap_or(1).clamp(1, MOST_COUNTED / ROWS)
}

impl Pages {
    /// The pages of a list.
    #[must_use]
    pub fn of<T>(path: &str, form: &Form, page: &Page<T>) -> Self {
        let number = page_number(form);
        let first = (number - 1) * ROWS + 1;
        let last = first + i64::try_from(page.rows.len()).unwrap_or(0) - 1;
        let total = labels::thousands(&page.total.min(MOST_COUNTED).to_string());
        let total = if page.is_longer() { format!("more than {total}") } else { total };
        Self {
            range: format!("{}-{} of {total}", labels::thousands(&first.to_string()), labels::thousands(&last.to_string())),
            previous: (number > 1).then(|| address_with(path, form, "page", &(number - 1).to_string())),
            next: (page.total > last && number < MOST_COUNTED / ROWS).then(|| address_with(path, form, "page", &(number + 1).to_string())),
            total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{Code, Severity};

    #[test]
    fn a_recruiter_sees_the_kind_of_the_strongest_finding_alone() {
        let top = |code, other| TopFinding { code, severity: Severity::High, sentence: "secret persona".into(), other };
        assert_eq!(top_in_words(&top(Code::WatchlistEmail, Some(OtherKind::Entry)), false), "Matches a watchlist");
        assert_eq!(top_in_words(&top(Code::ReuseEmail, Some(OtherKind::Candidate)), false), "E-mail under another name");
        assert_eq!(top_in_words(&top(Code::LocationImpossibleTravel, Some(OtherKind::Own)), false), "secret persona");
        assert_eq!(top_in_words(&top(Code::WatchlistEmail, Some(OtherKind::Entry)), true), "secret persona");
    }

    #[test]
    fn pages_say_where_one_stands() {
        let form = Form::filled([("page".to_owned(), "2".to_owned()), ("team".to_owned(), "x".to_owned())]);
        let pages = Pages::of("/candidates", &form, &Page { rows: vec![(); 50], total: 3204 });
        assert_eq!(pages.range, "51-100 of 3,204");
        assert_eq!(pages.previous.as_deref(), Some("/candidates?team=x&page=1"));
        assert_eq!(pages.next.as_deref(), Some("/candidates?team=x&page=3"));
        let last = Pages::of("/candidates", &form, &Page { rows: vec![(); 7], total: 57 });
        assert_eq!((last.range.as_str(), last.next), ("51-57 of 57", None));
        let odd = Form::filled([("page".to_owned(), "-9".to_owned())]);
        assert_eq!(page_number(&odd), 1);
    }
}
