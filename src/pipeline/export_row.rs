//! One candidate, or one finding of it, as a row of the export: the columns of CONTRACT section 7.

use crate::domain::time::Timestamp;
use crate::domain::view::FindingView;
use crate::exchange::exports::csv::{ExportRow, join};
use crate::store::extract::ExtractRow;

use super::export::ExportOrder;

/// The row of a candidate with these findings.
#[must_use]
pub fn of(extract: &ExtractRow, findings: &[FindingView], order: &ExportOrder, at: Timestamp) -> ExportRow {
    let mut row = ExportRow { exported_by: order.actor.name.clone(), exported_at: at.to_string(), ..ExportRow::default() };
    candidate(&mut row, extract);
    screening(&mut row, extract, findings, order.sees_both_sides);
    review(&mut row, extract);
    row
}

fn candidate(row: &mut ExportRow, extract: &ExtractRow) {
    let candidate = &extract.candidate;
    row.candidate_id = candidate.id.to_string();
    row.external_id = candidate.external_id.clone().unwrap_or_default();
    row.role = candidate.role.clone().unwrap_or_default();
    row.team = candidate.team.clone();
    row.stage = candidate.stage.as_str().to_owned();
    row.full_name = candidate.name.clone();
    row.first_seen = candidate.created_at.to_string();
    row.photo_hashes = join(&extract.photo_hashes);
    let intakes = || extract.submissions.iter().map(|submission| &submission.intake);
    if let Some(latest) = intakes().next() {
        row.requisition = latest.requisition.clone().unwrap_or_default();
        row.notice_given_at = latest.notice_given_at.map(|date| date.to_string()).unwrap_or_default();
    }
    let names = intakes().flat_map(|intake| std::iter::once(&intake.name).chain(&intake.other_names));
    row.other_names = once(names.map(|name| name.as_str().to_owned()).filter(|name| *name != candidate.name));
    row.emails = once(intakes().flat_map(|intake| &intake.emails).map(ToString::to_string));
    row.phones = once(intakes().flat_map(|intake| &intake.phones).map(|phone| phone.number.to_string()));
    row.handles = once(intakes().flat_map(|intake| &intake.handles).map(ToString::to_string));
    row.websites = once(intakes().flat_map(|intake| &intake.websites).map(|website| website.as_str().to_owned()));
    row.claimed_locations = once(intakes().flat_map(|intake| &intake.claims).map(|claim| claim.text.clone()));
    row.sighting_ips = once(intakes().flat_map(|intake| &intake.sightings).filter_map(|sighting| sighting.ip).map(|ip| ip.to_string()));
}

fn screening(row: &mut ExportRow, extract: &ExtractRow, findings: &[FindingView], sees_both_sides: bool) {
    row.last_screened = extract.screened_at.map(|at| at.to_string()).unwrap_or_default();
    let Some(stored) = &extract.screening else { return };
    let screening = &stored.screening;
    row.attention = screening.attention.as_str().to_owned();
    row.sources = join(screening.sources.iter().map(|source| source.as_str()));
    row.rule_version = screening.rule_version.clone();
    if sees_both_sides {
        row.list_versions = join(screening.list_versions.iter().map(|list| format!("{}@{}", list.list, list.version)));
    }
    row.finding_codes = once(findings.iter().map(|finding| finding.code.clone()));
    row.finding_summary = join(findings.iter().map(|finding| finding.sentence.as_str()));
    row.evidence_json = serde_json::to_string(findings).unwrap_or_default();
    let others = || findings.iter().filter_map(|finding| finding.evidence.whole()?.other.as_ref());
    row.matched_lists = once(others().filter_map(|other| other.list.clone()));
    row.matched_entries = once(others().filter_map(|other| Some(format!("{}/{}", other.list.as_deref()?, other.id.as_deref()?))));
}

fn review(row: &mut ExportRow, extract: &ExtractRow) {
    if let Some(case) = &extract.case {
        row.case_id = case.id.to_string();
        row.status = case.status.as_str().to_owned();
    }
    if let Some(decision) = &extract.decision {
        row.decision = decision.verdict.as_str().to_owned();
        row.decision_reason = decision.reason.clone();
        row.decided_by = decision.by.clone();
        row.decided_at = decision.at.to_string();
    }
}

/// Each value once, in the order in which they come.
fn once(values: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for value in values {
        if !value.is_empty() && !seen.contains(&value) {
            seen.push(value);
        }
    }
    join(seen)
}
