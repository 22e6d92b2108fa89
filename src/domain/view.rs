//! What a role may see of a finding. Pages, API and exports print [`FindingView`]s and nothing else.

use serde::Serialize;

use super::case::Disposition;
use super::finding::{Evidence, Finding, OtherKind, Severity, Source};

/// A finding as one reader may see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingView {
    /// Public id.
    pub id: Option<String>,
    /// The code; `watchlist` alone where the reader may not know which identifier matched.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What it rests on.
    pub source: Source,
    /// The fact in plain words.
    pub sentence: String,
    /// The evidence as far as the reader may see it.
    pub evidence: EvidenceView,
    /// A reviewer's verdict, where there is one.
    pub disposition: Option<Disposition>,
}

/// Evidence as one reader may see it: whole, or the candidate's side alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum EvidenceView {
    /// Both sides.
    Whole(Box<Evidence>),
    /// The candidate's side; all else is null.
    OwnSide(OwnSide),
}

/// The candidate's side of the evidence. The keys are those of [`Evidence`]; what may not be told is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnSide {
    candidate: super::finding::Side,
    other: (),
    level: (),
    bits: (),
    reasons: (),
    numbers: (),
    data: (),
    clears: String,
    more: (),
}

impl EvidenceView {
    /// The whole evidence, where the reader may see it.
    #[must_use]
    pub const fn whole(&self) -> Option<&Evidence> {
        match self {
            Self::Whole(evidence) => Some(evidence),
            Self::OwnSide(_) => None,
        }
    }

    /// The candidate's side.
    #[must_use]
    pub const fn own_side(&self) -> &super::finding::Side {
        match self {
            Self::Whole(evidence) => &evidence.candidate,
            Self::OwnSide(own) => &own.candidate,
        }
    }

    /// What would clear the finding, as far as the reader may know.
    #[must_use]
    pub fn clears(&self) -> &str {
        match self {
            Self::Whole(evidence) => &evidence.clears,
            Self::OwnSide(own) => &own.clears,
        }
    }
}

impl FindingView {
    /// The finding for a reader. With `sees_both_sides` false (a recruiter), a finding that rests on a persona or on another
    /// candidate loses the other side and names neither list, person nor which identifier matched.
    #[must_use]
    pub fn of(finding: &Finding, disposition: Option<Disposition>, sees_both_sides: bool) -> Self {
        let rests_on_others = finding.evidence.other.as_ref().is_some_and(|o| matches!(o.kind, OtherKind::Entry | OtherKind::Candidate));
        let id = finding.id.as_ref().map(|id| id.as_str().to_owned());
        if sees_both_sides || !rests_on_others {
            return Self {
                id,
                code: finding.code.as_str().to_owned(),
                severity: finding.severity,
                source: finding.source,
                sentence: finding.sentence.clone(),
                evidence: EvidenceView::Whole(Box::new(finding.evidence.clone())),
                disposition,
            };
        }
        let family = finding.code.family();
        let on_list = family == "watchlist";
        let mut candidate = finding.evidence.candidate.clone();
        if on_list {
            candidate.path = "profile".to_owned();
            candidate.value = None;
            candidate.normalized = None;
        }
        let (code, sentence, clears) = match family {
            "watchlist" => (
                family.to_owned(),
                "Something in this profile matches a watchlist. The security team looks at it.",
                "The security team clears it.",
            ),
            "photo" => (
                finding.code.as_str().to_owned(),
                "A picture of this profile matches a picture of another candidate. The security team looks at it.",
                "The security team clears it.",
            ),
            _ => (
                finding.code.as_str().to_owned(),
                "This value also stands in the profile of another candidate. The security team looks at it.",
                "The security team clears it.",
            ),
        };
        Self {
            id,
            code,
            severity: finding.severity,
            source: finding.source,
            sentence: sentence.to_owned(),
            evidence: EvidenceView::OwnSide(OwnSide {
                candidate,
                other: (),
                level: (),
                bits: (),
                reasons: (),
                numbers: (),
                data: (),
                clears: clears.to_owned(),
                more: (),
            }),
            disposition: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{Code, Other, Side};

    fn listed() -> Finding {
        let mut other = Other::of(OtherKind::Entry);
        other.name = Some("Secret Persona".into());
        other.list = Some("Secret List".into());
        Finding {
            id: None,
            code: Code::WatchlistEmail,
            severity: Severity::Critical,
            source: Source::List,
            sentence: "a@b.example matches Secret Persona on Secret List".into(),
            evidence: Evidence::new(Side::new("emails[0]", "a@b.example", "a@b.example"), Some(other), "…"),
        }
    }

    #[test]
    fn a_recruiter_learns_neither_list_nor_person_nor_which_identifier() {
        let text = serde_json::to_string(&FindingView::of(&listed(), None, false)).unwrap();
        for secret in ["Secret", "a@b.example", "emails", "watchlist.email"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(text.contains("\"other\":null") && text.contains("\"numbers\":null"));
    }

    #[test]
    fn a_reviewer_sees_both_sides() {
        let view = FindingView::of(&listed(), None, true);
        assert_eq!(view.code, "watchlist.email");
        assert_eq!(view.evidence.whole(), Some(&listed().evidence));
    }
}
