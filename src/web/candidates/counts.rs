//! The counts on the home page, each a link to the list it counts.

use crate::domain::case::DecisionVerdict;
use crate::domain::screening::Attention;
use crate::domain::user::{Action, Scope, User};
use crate::pipeline::installation::Installation;
use crate::store::filter::Filter;
use crate::store::page::{MOST_COUNTED, PageRequest};
use crate::store::{StoreError, case, listing};

use super::labels;

/// One count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// What is counted.
    pub label: &'static str,
    /// How many: `1,204`, `more than 10,000`.
    pub number: String,
    /// The list.
    pub href: &'static str,
}

/// What the home page counts for a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Cases that wait, for who may take one.
    pub waiting: i64,
    /// The counts.
    pub all: Vec<Count>,
}

/// The counts for a person; none for who sees no candidates.
///
/// # Errors
/// When the database fails.
pub async fn counts(installation: &Installation, person: &User) -> Result<Counts, StoreError> {
    let Some(scope) = person.scope() else { return Ok(Counts::default()) };
    let high = Filter { attention: vec![Attention::High], ..Filter::default() };
    let fake = Filter { decision: vec![DecisionVerdict::ConfirmedFake], ..Filter::default() };
    let verify = Filter { decision: vec![DecisionVerdict::Verify], ..Filter::default() };
    let by_status = case::count_by_status(&installation.store, &scope).await?;
    let mut all = Vec::new();
    if person.may(Action::SeeQueue) {
        all.push(Count { label: "Waiting for review", number: in_words(by_status.waiting), href: "/queue" });
        all.push(Count { label: "In review", number: in_words(by_status.taken), href: "/queue?tab=all&status=taken" });
    } else {
        all.push(count(installation, &scope, "Candidates", &Filter::default(), "/candidates").await?);
        all.push(count(installation, &scope, "To be verified", &verify, "/candidates?decision=verify").await?);
    }
    all.push(count(installation, &scope, "Attention high", &high, "/candidates?attention=high").await?);
    all.push(count(installation, &scope, "Confirmed fake", &fake, "/candidates?decision=confirmed-fake").await?);
    Ok(Counts { waiting: if person.may(Action::Decide) { by_status.waiting } else { 0 }, all })
}

async fn count(
    installation: &Installation,
    scope: &Scope,
    label: &'static str,
    filter: &Filter,
    href: &'static str,
) -> Result<Count, StoreError> {
    let page = listing::candidates(&installation.store, scope, filter, PageRequest { offset: 0, limit: 1 }).await?;
    let number = if page.is_longer() { format!("more than {}", in_words(MOST_COUNTED)) } else { in_words(page.total) };
    Ok(Count { label, number, href })
}

fn in_words(number: i64) -> String {
    labels::thousands(&number.to_string())
}
