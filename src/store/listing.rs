//! What lists of candidates show: all candidates, the latest first, and the queue, in the order of urgency. Both take the
//! [`Filter`].

use crate::domain::candidate::{Candidate, Stage};
use crate::domain::case::{Case, CaseStatus, DecisionVerdict};
use crate::domain::finding::{Code, OtherKind, Severity};
use crate::domain::id::{CandidateId, CaseId, UserId};
use crate::domain::screening::Attention;
use crate::domain::time::Timestamp;
use crate::domain::user::Scope;

use super::error::StoreError;
use super::filter::{Filter, filtered};
use super::open::Store;
use super::page::{MOST_COUNTED, Page, PageRequest};

/// The strongest finding of a screening. Its sentence may name the other side: a page for recruiters shows the sentence only
/// where `other` is neither an entry nor a candidate, and of a `watchlist.*` code the family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopFinding {
    /// What kind.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// The fact in plain words.
    pub sentence: String,
    /// Whose value the candidate's was compared with.
    pub other: Option<OtherKind>,
}

/// The latest finished screening, as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Screened {
    /// When it ended.
    pub at: Timestamp,
    /// How urgently a person should look.
    pub attention: Attention,
    /// Number of independent sources.
    pub sources: i64,
    /// Sum of the match weights, in bits.
    pub weight_bits: f64,
    /// The strongest finding.
    pub top: Option<TopFinding>,
}

/// A candidate in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The candidate.
    pub candidate: Candidate,
    /// Requisition of the latest submission.
    pub requisition: Option<String>,
    /// When the latest submission came.
    pub last_submission_at: Timestamp,
    /// Number of submissions.
    pub submissions: i64,
    /// The latest finished screening; none before the first.
    pub screened: Option<Screened>,
    /// The case, where there is one.
    pub case: Option<Case>,
    /// The verdict of the latest decision.
    pub decision: Option<DecisionVerdict>,
}

row!(
    struct CandidatePart {
        number: i64,
        id: String,
        team: String,
        external_id: Option<String>,
        name: String,
        role: Option<String>,
        requisition: Option<String>,
        stage: String,
        created_at: i64,
        last_submission_at: i64,
        submissions: i64,
        is_demo: i64,
        version: i64,
        decision: Option<String>,
    }
);

row!(
    struct ScreenedPart {
        screened_at: Option<i64>,
        attention: i64,
        sources: i64,
        weight_bits: f64,
        top_code: Option<String>,
        top_severity: Option<String>,
        top_sentence: Option<String>,
        top_other: Option<String>,
    }
);

row!(
    struct CasePart {
        case_id: Option<String>,
        status: Option<String>,
        assignee_name: Option<String>,
        opened_at: Option<i64>,
        case_version: Option<i64>,
    }
);

/// The three parts of a listed row.
struct ListedRow(CandidatePart, ScreenedPart, CasePart);

impl<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> for ListedRow {
    fn from_row(row: &'r sqlx::any::AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self(CandidatePart::from_row(row)?, ScreenedPart::from_row(row)?, CasePart::from_row(row)?))
    }
}

impl ScreenedPart {
    fn screened(self, number: i64) -> Result<Option<Screened>, StoreError> {
        let wrong = |column| StoreError::inconsistent("candidate", column, number);
        let Some(at) = self.screened_at else { return Ok(None) };
        let top = match (self.top_code, self.top_severity, self.top_sentence) {
            (Some(code), Some(severity), Some(sentence)) => Some(TopFinding {
                code: Code::parse(&code).ok_or_else(|| wrong("top_code"))?,
                severity: Severity::parse(&severity).ok_or_else(|| wrong("top_severity"))?,
                other: self.top_other.map(|kind| OtherKind::parse(&kind).ok_or_else(|| wrong("top_other"))).transpose()?,
                sentence,
            }),
            _ => None,
        };
        let attention = Attention::ALL.iter().copied().find(|word| *word as i64 == self.attention);
        Ok(Some(Screened {
            at: Timestamp::from_ms(at),
            attention: attention.ok_or_else(|| wrong("attention"))?,
            sources: self.sources,
            weight_bits: self.weight_bits,
            top,
        }))
    }
}

impl CasePart {
    fn case(self, candidate: i64) -> Result<Option<Case>, StoreError> {
        let wrong = |column| StoreError::inconsistent("review_case", column, candidate);
        let (Some(id), Some(status), Some(opened_at), Some(version)) = (self.case_id, self.status, self.opened_at, self.case_version)
        else {
            return Ok(None);
        };
        Ok(Some(Case {
            id: CaseId::parse(&id).map_err(|_| wrong("id"))?,
            candidate,
            status: CaseStatus::parse(&status).ok_or_else(|| wrong("status"))?,
            assignee: self.assignee_name,
            opened_at: Timestamp::from_ms(opened_at),
            version,
        }))
    }
}

impl TryFrom<ListedRow> for Listed {
    type Error = StoreError;

    fn try_from(ListedRow(row, screened, case): ListedRow) -> Result<Self, StoreError> {
        let number = row.number;
        let wrong = |column| StoreError::inconsistent("candidate", column, number);
        Ok(Self {
            requisition: row.requisition,
            last_submission_at: Timestamp::from_ms(row.last_submission_at),
            submissions: row.submissions,
            screened: screened.screened(number)?,
            case: case.case(number)?,
            decision: row.decision.map(|word| DecisionVerdict::parse(&word).ok_or_else(|| wrong("decision"))).transpose()?,
            candidate: Candidate {
                id: CandidateId::parse(&row.id).map_err(|_| wrong("id"))?,
                number,
                team: row.team,
                external_id: row.external_id,
                name: row.name,
                role: row.role,
                stage: Stage::parse(&row.stage).ok_or_else(|| wrong("stage"))?,
                created_at: Timestamp::from_ms(row.created_at),
                is_demo: row.is_demo != 0,
                version: row.version,
            },
        })
    }
}

/// The columns of a listed row, and the tail that follows them.
macro_rules! listed {
    ($tables:literal, $tail:literal) => {
        filtered!(
            "SELECT c.number, c.id, c.team, c.external_id, c.name, c.role, c.requisition, c.stage, c.created_at,
                c.last_submission_at, c.submissions, c.is_demo, c.version, c.decision,
                c.screened_at, c.attention, c.sources, c.weight_bits, c.top_code, c.top_severity, c.top_sentence, c.top_other,
                k.id AS case_id, k.status, k.assignee_name, k.opened_at, k.version AS case_version ",
            $tables,
            $tail
        )
    };
}

const CANDIDATES: &str = listed!(
    "FROM candidate c LEFT JOIN review_case k ON k.candidate = c.number",
    "ORDER BY c.last_submission_at DESC, c.number DESC LIMIT $14 OFFSET $15"
);
const CANDIDATES_OLDEST: &str = listed!(
    "FROM candidate c LEFT JOIN review_case k ON k.candidate = c.number",
    "ORDER BY c.last_submission_at, c.number LIMIT $14 OFFSET $15"
);
const CANDIDATES_BY_ATTENTION: &str = listed!(
    "FROM candidate c LEFT JOIN review_case k ON k.candidate = c.number",
    "ORDER BY c.attention DESC, c.sources DESC, c.weight_bits DESC, c.last_submission_at, c.number LIMIT $14 OFFSET $15"
);
const CASES_OF_ONE: &str = listed!(
    "FROM review_case k JOIN candidate c ON c.number = k.candidate",
    "AND k.status = 'taken' AND k.assignee_user = $14
    ORDER BY k.attention DESC, k.sources DESC, k.weight_bits DESC, k.opened_at, k.candidate LIMIT $15 OFFSET $16"
);
const COUNT_CASES_OF_ONE: &str = filtered!(
    "SELECT COUNT(*) FROM (SELECT 1 ",
    "FROM review_case k JOIN candidate c ON c.number = k.candidate",
    "AND k.status = 'taken' AND k.assignee_user = $14 LIMIT $15) AS counted"
);
const OPEN_CASES: &str = listed!(
    "FROM review_case k JOIN candidate c ON c.number = k.candidate",
    "AND k.is_open = 1
    ORDER BY k.attention DESC, k.sources DESC, k.weight_bits DESC, k.opened_at, k.candidate LIMIT $14 OFFSET $15"
);
const CASES: &str = listed!(
    "FROM review_case k JOIN candidate c ON c.number = k.candidate",
    "ORDER BY k.attention DESC, k.sources DESC, k.weight_bits DESC, k.opened_at, k.candidate LIMIT $14 OFFSET $15"
);
const COUNT_CANDIDATES: &str = filtered!(
    "SELECT COUNT(*) FROM (SELECT 1 ",
    "FROM candidate c LEFT JOIN review_case k ON k.candidate = c.number",
    "LIMIT $14) AS counted"
);
const COUNT_OPEN_CASES: &str = filtered!(
    "SELECT COUNT(*) FROM (SELECT 1 ",
    "FROM review_case k JOIN candidate c ON c.number = k.candidate",
    "AND k.is_open = 1 LIMIT $14) AS counted"
);
const COUNT_CASES: &str =
    filtered!("SELECT COUNT(*) FROM (SELECT 1 ", "FROM review_case k JOIN candidate c ON c.number = k.candidate", "LIMIT $14) AS counted");

/// An order of the candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The latest submission first.
    #[default]
    Latest,
    /// The oldest submission first.
    Oldest,
    /// As in the queue, those without a case too.
    Attention,
}

impl Order {
    /// Reads the word of an address; the latest first for any other.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "oldest" => Self::Oldest,
            "attention" => Self::Attention,
            _ => Self::Latest,
        }
    }
}

/// As [`candidates`], in this order.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn candidates_in(
    store: &Store,
    scope: &Scope,
    filter: &Filter,
    order: Order,
    page: PageRequest,
) -> Result<Page<Listed>, StoreError> {
    let text = match order {
        Order::Latest => CANDIDATES,
        Order::Oldest => CANDIDATES_OLDEST,
        Order::Attention => CANDIDATES_BY_ATTENTION,
    };
    listed(store, scope, filter, page, text, COUNT_CANDIDATES).await
}

/// The cases that a person has taken, in the order of the queue.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn taken_by(
    store: &Store,
    scope: &Scope,
    filter: &Filter,
    person: &UserId,
    page: PageRequest,
) -> Result<Page<Listed>, StoreError> {
    let rows: Vec<ListedRow> = sqlx::query_as_with(CASES_OF_ONE, filter.arguments(scope)?)
        .bind(person.as_str())
        .bind(page.limit)
        .bind(page.offset)
        .fetch_all(store.reader())
        .await?;
    let total = sqlx::query_scalar_with(COUNT_CASES_OF_ONE, filter.arguments(scope)?)
        .bind(person.as_str())
        .bind(MOST_COUNTED + 1)
        .fetch_one(store.reader())
        .await?;
    Ok(Page { rows: rows.into_iter().map(Listed::try_from).collect::<Result<_, _>>()?, total })
}

/// Candidates that the reader sees and the filter lets through, the latest submission first.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn candidates(store: &Store, scope: &Scope, filter: &Filter, page: PageRequest) -> Result<Page<Listed>, StoreError> {
    listed(store, scope, filter, page, CANDIDATES, COUNT_CANDIDATES).await
}

/// The queue: by attention, number of sources, summed weight, then the longest open first. Without a status in the filter the
/// cases that are not decided, for which one index holds the order.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn queue(store: &Store, scope: &Scope, filter: &Filter, page: PageRequest) -> Result<Page<Listed>, StoreError> {
    if filter.status.contains(&CaseStatus::Decided) {
        listed(store, scope, filter, page, CASES, COUNT_CASES).await
    } else {
        listed(store, scope, filter, page, OPEN_CASES, COUNT_OPEN_CASES).await
    }
}

async fn listed(
    store: &Store,
    scope: &Scope,
    filter: &Filter,
    page: PageRequest,
    text: &'static str,
    count: &'static str,
) -> Result<Page<Listed>, StoreError> {
    let rows: Vec<ListedRow> =
        sqlx::query_as_with(text, filter.arguments(scope)?).bind(page.limit).bind(page.offset).fetch_all(store.reader()).await?;
    let total = sqlx::query_scalar_with(count, filter.arguments(scope)?).bind(MOST_COUNTED + 1).fetch_one(store.reader()).await?;
    Ok(Page { rows: rows.into_iter().map(Listed::try_from).collect::<Result<_, _>>()?, total })
}
