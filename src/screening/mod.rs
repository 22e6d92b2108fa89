//! The engines: pure, synchronous, deterministic. Values in, findings with evidence out.
//!
//! Imports `domain` only. No I/O, no clock, no randomness, no logging. The families (`identity`, `photo`, `location`) do not
//! import one another; only the files directly in this folder call them.
//!
//! To add a finding: a code in `domain/finding.rs`, its line in [`policy`], the check in its family, and a hit and a near miss
//! in the tests. To add a family: a folder here, a call in [`screen`], its codes' family name.

pub mod attention;
pub mod context;
pub mod identity;
pub mod location;
pub mod photo;
pub mod policy;
pub mod profile;
pub mod reuse;
pub mod watchlist;

use crate::domain::finding::{Code, Evidence, Finding, Side};
use crate::domain::screening::{Check, Outcome, Screening};
use crate::domain::watchlist::Entry;

use context::{Context, Raised};
use photo::Neighbor;
use profile::Profile;

/// A check that could not be completed, told by whoever fetched what is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Which check: `names in the company's own candidates`.
    pub check: String,
    /// Why: `more than 1,000 rows share a key`.
    pub reason: String,
    /// Where in the intake, where one place is meant.
    pub path: Option<String>,
}

/// Runs every engine on one candidate.
///
/// `peers` are other candidates that share something with the subject, with those of their photos that may show the same;
/// `entries` are personas that share something. Whoever calls has fetched them (or passes all there are). The order of the
/// inputs changes nothing; the same inputs give the same screening.
#[must_use]
pub fn screen(subject: &Profile, peers: &[Profile], entries: &[Entry], gaps: &[Gap], context: &Context) -> Screening {
    let mut raised = watchlist::screen(subject, entries, context);
    raised.extend(reuse::screen(subject, peers, context));
    raised.extend(photo::screen(subject, &neighbors(subject, peers), context));
    raised.extend(location::screen(subject, context));
    raised.findings.extend(gaps.iter().map(incomplete));
    raised.record(Code::ScreeningIncomplete, Outcome::NoMatch, None);
    in_order(&mut raised);
    let weighed = attention::weigh(&raised.findings);
    let mut list_versions = context.list_versions.clone();
    list_versions.sort();
    Screening {
        as_of: context.as_of,
        attention: weighed.attention,
        attention_reason: weighed.reason,
        sources: weighed.sources,
        weight_bits: raised.findings.iter().filter_map(|finding| finding.evidence.bits).sum(),
        findings: raised.findings,
        checks: raised.checks,
        links: raised.links,
        rule_version: policy::RULE_VERSION.to_owned(),
        list_versions,
    }
}

/// What stands when the engines could not run: the gaps alone, and no check passed.
#[must_use]
pub fn unfinished(gaps: &[Gap], context: &Context) -> Screening {
    let findings: Vec<Finding> = gaps.iter().map(incomplete).collect();
    let weighed = attention::weigh(&findings);
    let checks = Code::ALL.iter().map(|code| {
        let outcome = if *code == Code::ScreeningIncomplete { Outcome::Match } else { Outcome::Incomplete };
        Check { code: *code, outcome, note: None }
    });
    Screening {
        as_of: context.as_of,
        attention: weighed.attention,
        attention_reason: weighed.reason,
        sources: weighed.sources,
        weight_bits: 0.0,
        checks: checks.collect(),
        findings,
        links: Vec::new(),
        rule_version: policy::RULE_VERSION.to_owned(),
        list_versions: context.list_versions.clone(),
    }
}

/// The pictures of other candidates, each with whether its owner is the same person by name.
fn neighbors(subject: &Profile, peers: &[Profile]) -> Vec<Neighbor> {
    let mut others: Vec<&Profile> = peers.iter().filter(|peer| peer.id != subject.id && !peer.photos.is_empty()).collect();
    others.sort_by(|a, b| a.id.cmp(&b.id));
    others
        .into_iter()
        .flat_map(|peer| {
            let same_person = reuse::same_person(subject, peer);
            peer.photos.iter().map(move |photo| Neighbor {
                profile_id: peer.id.clone(),
                name: peer.main_name().to_owned(),
                same_person,
                photo: photo.clone(),
            })
        })
        .collect()
}

fn incomplete(gap: &Gap) -> Finding {
    let path = gap.path.clone().unwrap_or_default();
    let side = Side { path, value: None, normalized: None, at: None };
    let evidence = Evidence::new(side, None, "The check is tried again; a person may also check by hand.").with_reason(gap.reason.clone());
    policy::finding(Code::ScreeningIncomplete, format!("{} could not be completed: {}.", gap.check, gap.reason), evidence)
}

/// Findings strongest first, then by code, counterpart and place; checks in the order of the codes, each once.
fn in_order(raised: &mut Raised) {
    let key = |finding: &Finding| {
        let other = finding.evidence.other.as_ref().and_then(|other| other.id.clone());
        (finding.code, other, finding.evidence.candidate.path.clone(), finding.sentence.clone())
    };
    raised.findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| key(a).cmp(&key(b))));
    raised.checks.sort_by_key(|check| (check.code, check.outcome));
    raised.checks.dedup_by_key(|check| check.code);
    raised.links.sort();
    raised.links.dedup();
}
