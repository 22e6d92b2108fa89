//! One filter for the queue, the candidates, the export and the commands, as one fixed SQL text.
//!
//! Every parameter is always bound; an unset one lets all rows through. A condition with a closed vocabulary takes several
//! words: they travel as one text `,a,b,` in which the row's own word, between commas, is looked for. That is the same on
//! both databases, needs no assembled text and is exact, because none of these words holds a comma, `%`, `_` or `\`. Team
//! and list are free text and therefore one value each.

use sqlx::Arguments;
use sqlx::any::AnyArguments;

use crate::domain::candidate::Stage;
use crate::domain::case::{CaseStatus, DecisionVerdict};
use crate::domain::finding::{Code, Severity};
use crate::domain::screening::Attention;
use crate::domain::time::Timestamp;
use crate::domain::user::Scope;

use super::error::StoreError;

/// Which candidates are asked for (CONTRACT section 6). An empty condition lets all through; conditions add up; the words of
/// one condition are alternatives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Attention of the latest screening.
    pub attention: Vec<Attention>,
    /// Severity of a finding of the latest screening. `severity`, `code` and `list` are met by one and the same finding.
    pub severity: Vec<Severity>,
    /// Code of a finding of the latest screening.
    pub code: Vec<Code>,
    /// Name of a list that a finding of the latest screening names.
    pub list: Option<String>,
    /// Team.
    pub team: Option<String>,
    /// Stage.
    pub stage: Vec<Stage>,
    /// Status of the case; a candidate without a case has none.
    pub status: Vec<CaseStatus>,
    /// Verdict of the latest decision.
    pub decision: Vec<DecisionVerdict>,
    /// First instant of the latest submission.
    pub from: Option<Timestamp>,
    /// Instant before which the latest submission came: a day's filter gives the next midnight.
    pub to: Option<Timestamp>,
}

impl Filter {
    /// True when the filter asks for what a recruiter may not know: lists, or which identifier is listed. A door that serves
    /// one refuses such a filter.
    #[must_use]
    pub fn asks_for_evidence(&self) -> bool {
        self.list.is_some() || self.code.iter().any(|code| code.family() == "watchlist")
    }

    /// The values of `$1` to `$13`, in the order of the text below.
    pub(super) fn arguments(&self, scope: &Scope) -> Result<AnyArguments, StoreError> {
        let (all, own) = match scope {
            Scope::All => (1, ""),
            Scope::Team(team) => (0, team.as_str()),
        };
        let mut values = AnyArguments::default();
        let mut texts = |value: String| values.add(value).map_err(|error| StoreError::from(sqlx::Error::Encode(error)));
        texts(own.to_owned())?;
        texts(words(self.attention.iter().map(|word| (*word as i64).to_string())))?;
        texts(self.team.clone().unwrap_or_default())?;
        texts(words(self.stage.iter().map(|word| word.as_str())))?;
        texts(words(self.status.iter().map(|word| word.as_str())))?;
        texts(words(self.decision.iter().map(|word| word.as_str())))?;
        texts(words(self.code.iter().map(|word| word.as_str())))?;
        texts(words(self.severity.iter().map(|word| word.as_str())))?;
        texts(self.list.clone().unwrap_or_default())?;
        let of_finding = !self.code.is_empty() || !self.severity.is_empty() || self.list.is_some();
        for value in [all, self.from.map_or(i64::MIN, Timestamp::as_ms), self.to.map_or(i64::MAX, Timestamp::as_ms), i64::from(of_finding)]
        {
            values.add(value).map_err(|error| StoreError::from(sqlx::Error::Encode(error)))?;
        }
        Ok(values)
    }
}

/// `,a,b,`; empty for no word.
fn words<T: std::fmt::Display>(words: impl Iterator<Item = T>) -> String {
    let joined: String = words.map(|word| format!("{word},")).collect();
    if joined.is_empty() { joined } else { format!(",{joined}") }
}

/// Joins head, tables, the filter's conditions and tail of a statement, when compiled. The tables name `candidate` as `c` and
/// `review_case` as `k`; the tail's own parameters begin at `$14`. `arrival` is the time of the latest submission: written as
/// a sum, it keeps the database from walking the index of that time where another order is asked for.
macro_rules! filtered {
    ($head:literal, $tables:literal, $tail:literal) => {
        filtered!($head, $tables, $tail, arrival = "c.last_submission_at")
    };
    ($head:literal, $tables:literal, $tail:literal, arrival = $arrival:literal) => {
        concat!(
            $head,
            $tables,
            r" WHERE ($10 = 1 OR c.team = $1)
                AND ($2 = '' OR $2 LIKE '%,' || CAST(c.attention AS TEXT) || ',%' ESCAPE '\')
                AND ($3 = '' OR c.team = $3)
                AND ($4 = '' OR $4 LIKE '%,' || c.stage || ',%' ESCAPE '\')
                AND ($5 = '' OR $5 LIKE '%,' || k.status || ',%' ESCAPE '\')
                AND ($6 = '' OR $6 LIKE '%,' || c.decision || ',%' ESCAPE '\')
                AND ",
            $arrival,
            " >= $11 AND ",
            $arrival,
            r" < $12
                AND ($13 = 0 OR 0 < (SELECT COUNT(*) FROM (
                    SELECT 1 FROM finding f
                    WHERE f.screening = c.screening
                        AND ($7 = '' OR $7 LIKE '%,' || f.code || ',%' ESCAPE '\')
                        AND ($8 = '' OR $8 LIKE '%,' || f.severity || ',%' ESCAPE '\')
                        AND ($9 = '' OR 0 < (
                            SELECT COUNT(*) FROM citation t
                            WHERE t.candidate = f.candidate AND t.position = f.position AND t.list = $9))
                    LIMIT 1) AS fitting)) ",
            $tail
        )
    };
}
pub(super) use filtered;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_between_commas() {
        assert_eq!(words([Stage::Offer, Stage::Hired].iter()), ",offer,hired,");
        assert_eq!(words(std::iter::empty::<&str>()), "");
    }

    #[test]
    fn no_word_of_a_closed_vocabulary_could_match_more_than_itself() {
        let all = Code::ALL
            .iter()
            .map(|w| w.as_str())
            .chain(Severity::ALL.iter().map(|w| w.as_str()))
            .chain(Stage::ALL.iter().map(|w| w.as_str()));
        let all = all.chain(CaseStatus::ALL.iter().map(|w| w.as_str())).chain(DecisionVerdict::ALL.iter().map(|w| w.as_str()));
        for word in all {
            assert!(!word.contains([',', '%', '_', '\\']) && word.to_lowercase() == word, "{word}");
        }
    }

    #[test]
    fn lists_and_listed_identifiers_are_evidence() {
        assert!(Filter { list: Some("Sanctions".into()), ..Filter::default() }.asks_for_evidence());
        assert!(Filter { code: vec![Code::WatchlistEmail], ..Filter::default() }.asks_for_evidence());
        assert!(!Filter { code: vec![Code::ReuseEmail], team: Some("a".into()), ..Filter::default() }.asks_for_evidence());
    }
}
