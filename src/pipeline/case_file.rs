//! Everything that is known of one candidate, cut to what the reader may see. The candidate page and the API print this.

use crate::domain::candidate::Candidate;
use crate::domain::case::{Case, Decision};
use crate::domain::finding::Source;
use crate::domain::id::{CandidateId, PhotoId, SubmissionId};
use crate::domain::intake::Intake;
use crate::domain::photo::PhotoKind;
use crate::domain::screening::{Attention, Check, ListVersion, Screening, ScreeningState};
use crate::domain::time::Timestamp;
use crate::domain::user::{Action, User};
use crate::domain::view::FindingView;
use crate::store::disposition::Dispositions;
use crate::store::job::JobState;
use crate::store::{self, StoreError};

use super::installation::Installation;
use super::screen;

/// One submission in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionLine {
    /// Public id.
    pub id: SubmissionId,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Who sent it.
    pub by: String,
}

/// One picture in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoLine {
    /// Public id; the picture is at `/photos/{id}`.
    pub id: PhotoId,
    /// Path in the intake.
    pub path: String,
    /// What it shows.
    pub kind: PhotoKind,
}

/// A candidate that is likely the same person, or that the sender gave the same id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkLine {
    /// Public id.
    pub candidate: CandidateId,
    /// Name.
    pub name: String,
    /// What ties them.
    pub reason: String,
}

/// The latest finished screening as the reader may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct ScreeningView {
    /// The instant that dates were compared with.
    pub as_of: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// How urgently a person should look.
    pub attention: Attention,
    /// Which rule was met.
    pub attention_reason: String,
    /// Independent sources.
    pub sources: Vec<Source>,
    /// Findings, strongest first.
    pub findings: Vec<FindingView>,
    /// What each check came to; for a reader who may not know which identifier matched, without the watchlist's.
    pub checks: Vec<Check>,
    /// Version of the rules.
    pub rule_version: String,
    /// Lists searched; none for a reader who may not know them.
    pub list_versions: Option<Vec<ListVersion>>,
}

/// Everything of one candidate that a reader may see.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFile {
    /// The candidate.
    pub candidate: Candidate,
    /// As last sent.
    pub intake: Intake,
    /// What was sent, the latest first.
    pub submissions: Vec<SubmissionLine>,
    /// Pictures.
    pub photos: Vec<PhotoLine>,
    /// How far the screening that was asked for last has come.
    pub state: ScreeningState,
    /// The latest finished screening.
    pub screening: Option<ScreeningView>,
    /// Likely the same person.
    pub linked: Vec<LinkLine>,
    /// The case, where there is one.
    pub case: Option<Case>,
    /// Decisions, the latest first.
    pub decisions: Vec<Decision>,
}

/// The case file of a candidate; none when there is no such candidate for this reader.
///
/// # Errors
/// When the database fails.
pub async fn find(installation: &Installation, reader: &User, id: &CandidateId) -> Result<Option<CaseFile>, StoreError> {
    let store = &installation.store;
    let Some(scope) = reader.scope() else { return Ok(None) };
    let Some(candidate) = store::candidate::find(store, &scope, id).await? else { return Ok(None) };
    let number = candidate.number;
    let submissions = store::submission::all_of(store, number).await?;
    let Some(latest) = submissions.first() else { return Ok(None) };
    let photos = store::photo::of_candidates(store, &[number]).await?;
    let latest_number = latest.number;
    let photos = photos
        .into_iter()
        .map(|photo| {
            let prefix = if photo.submission == latest_number { "" } else { "earlier." };
            PhotoLine { path: format!("{prefix}photos[{}]", photo.position), id: photo.id, kind: photo.kind }
        })
        .collect();
    let sees_all = reader.may(Action::SeeEvidence);
    let stored = store::screening::latest(store, number).await?;
    let dispositions = store::disposition::of_candidate(store, number).await?;
    let mut linked = linked(installation, reader, number).await?;
    if let Some(stored) = &stored {
        linked.extend(screened_links(installation, reader, &stored.screening).await?);
    }
    linked.dedup_by(|a, b| a.candidate == b.candidate && a.reason == b.reason);
    let intake = latest.intake.clone();
    let case = store::case::find(store, number).await?.map(|stored| stored.case).filter(|_| sees_all);
    let decisions = store::decision::all_of(store, number).await?;
    let state = state(installation, number, stored.is_some()).await?;
    let lines = submissions.into_iter().map(|s| SubmissionLine { id: s.id, received_at: s.received_at, by: s.by_name }).collect();
    let screening = stored.map(|stored| view(stored.screening, stored.finished_at, &dispositions, sees_all));
    Ok(Some(CaseFile { candidate, intake, submissions: lines, photos, state, screening, linked, case, decisions }))
}

/// Where the screening stands that was asked for last.
async fn state(installation: &Installation, number: i64, has_result: bool) -> Result<ScreeningState, StoreError> {
    let jobs = store::job::states(&installation.store, screen::JOB, &number.to_string()).await?;
    Ok(if jobs.contains(&JobState::Running) {
        ScreeningState::Running
    } else if jobs.contains(&JobState::Waiting) || !has_result {
        ScreeningState::Queued
    } else {
        ScreeningState::Done
    })
}

fn view(screening: Screening, finished_at: Timestamp, dispositions: &Dispositions, sees_all: bool) -> ScreeningView {
    let findings = screening.findings.iter().map(|finding| FindingView::of(finding, dispositions.on(finding).cloned(), sees_all)).collect();
    let checks = screening.checks.into_iter().filter(|check| sees_all || check.code.family() != "watchlist").collect();
    ScreeningView {
        as_of: screening.as_of,
        finished_at,
        attention: screening.attention,
        attention_reason: screening.attention_reason,
        sources: screening.sources,
        findings,
        checks,
        rule_version: screening.rule_version,
        list_versions: sees_all.then_some(screening.list_versions),
    }
}

async fn linked(installation: &Installation, reader: &User, number: i64) -> Result<Vec<LinkLine>, StoreError> {
    let Some(scope) = reader.scope() else { return Ok(Vec::new()) };
    let links = store::candidate::linked(&installation.store, &scope, number).await?;
    Ok(links.into_iter().map(|l| LinkLine { candidate: l.candidate.id, name: l.candidate.name, reason: l.reason }).collect())
}

/// Candidates that the screening took for the same person, as far as the reader sees them.
async fn screened_links(installation: &Installation, reader: &User, screening: &Screening) -> Result<Vec<LinkLine>, StoreError> {
    let Some(scope) = reader.scope() else { return Ok(Vec::new()) };
    let mut lines = Vec::new();
    for link in &screening.links {
        let Ok(id) = CandidateId::parse(&link.candidate) else { continue };
        if let Some(other) = store::candidate::find(&installation.store, &scope, &id).await? {
            lines.push(LinkLine { candidate: other.id, name: other.name, reason: link.reason.clone() });
        }
    }
    Ok(lines)
}
