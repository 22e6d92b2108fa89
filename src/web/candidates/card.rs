//! A finding as the candidate page shows it: both sides next to each other, what differs, the numbers, what would clear it.
//! Built from [`FindingView`] alone, so that it holds nothing its reader may not see.

use crate::domain::case::Disposition;
use crate::domain::finding::{Code, Evidence, Other, OtherKind, Severity, Side};
use crate::domain::id::{CandidateId, PhotoId};
use crate::domain::time::Timestamp;
use crate::domain::view::FindingView;
use crate::screening::policy;
use crate::web::draw::tiles::TileDrawing;

use super::difference::{Difference, Piece, shown, whole};
use super::labels;

/// A finding.
#[derive(Debug, Clone)]
pub struct Card {
    /// Id of the finding; none in what was never recorded.
    pub id: Option<String>,
    /// Its code, where the reader may know it.
    pub code: String,
    /// What it is about.
    pub title: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What it rests on.
    pub source: &'static str,
    /// The fact in plain words.
    pub sentence: String,
    /// Why such a fact is looked at.
    pub reason: Option<&'static str>,
    /// The pair that weighs most.
    pub pair: PairView,
    /// The step of the comparison reached.
    pub level: Option<String>,
    /// Match weight in bits.
    pub bits: Option<String>,
    /// Named reasons.
    pub reasons: Vec<String>,
    /// Tables and lists used: name, version.
    pub data: Vec<(String, String)>,
    /// What would clear it.
    pub clears: String,
    /// Further pairs of the same kind.
    pub more: Vec<PairView>,
    /// A reviewer's verdict.
    pub disposition: Option<Disposition>,
}

/// Two values next to each other, with what was measured between them.
#[derive(Debug, Clone)]
pub struct PairView {
    /// The candidate's.
    pub own: SideView,
    /// The other; none when there is none, or the reader may not see it.
    pub other: Option<SideView>,
    /// Where they differ, in words.
    pub spoken: Option<String>,
    /// Measured numbers: what, how much.
    pub numbers: Vec<(String, String)>,
    /// Which areas of two pictures match.
    pub tiles: Option<TileDrawing>,
}

/// One value.
#[derive(Debug, Clone)]
pub struct SideView {
    /// Whose it is.
    pub title: String,
    /// The name that goes with it.
    pub name: Option<String>,
    /// The page of whoever it belongs to.
    pub href: Option<String>,
    /// What it is called.
    pub place: String,
    /// The value in pieces.
    pub pieces: Vec<Piece>,
    /// As compared, where that is another text.
    pub normalized: Option<String>,
    /// When it was stated or seen.
    pub at: Option<String>,
    /// The address of a picture.
    pub picture: Option<String>,
    /// A value that is compared but never shown.
    pub is_hidden: bool,
    /// List, version, date, confidence.
    pub facts: Vec<(&'static str, String)>,
}

impl Card {
    /// The card of one finding of the candidate with this name.
    #[must_use]
    pub fn of(view: &FindingView, name: &str) -> Self {
        let whole = view.evidence.whole();
        Self {
            id: view.id.clone(),
            code: view.code.clone(),
            title: labels::code_text(&view.code),
            severity: view.severity,
            source: labels::source(view.source),
            sentence: shown(&view.sentence),
            reason: Code::parse(&view.code).map(|code| policy::rule(code).reason),
            pair: PairView::of(
                name,
                view.evidence.own_side(),
                whole.and_then(|evidence| evidence.other.as_ref()),
                whole.map(|e| &e.numbers),
            ),
            level: whole.and_then(|evidence| evidence.level.clone()),
            bits: whole.and_then(|evidence| evidence.bits).map(|bits| format!("{bits:.1}")),
            reasons: whole.map(|evidence| evidence.reasons.iter().map(|reason| shown(reason)).collect()).unwrap_or_default(),
            data: whole.map(data).unwrap_or_default(),
            clears: view.evidence.clears().to_owned(),
            more: whole.map(|evidence| more(name, evidence)).unwrap_or_default(),
            disposition: view.disposition.clone(),
        }
    }

    /// True when this verdict was given.
    #[must_use]
    pub fn has(&self, verdict: &str) -> bool {
        self.disposition.as_ref().is_some_and(|given| given.verdict.as_str() == verdict)
    }

    /// The verdict given, in words.
    #[must_use]
    pub fn verdict(&self) -> Option<&'static str> {
        self.disposition.as_ref().map(|given| labels::disposition(given.verdict))
    }

    /// Whether there is more to say on how it came about.
    #[must_use]
    pub fn has_workings(&self) -> bool {
        self.reason.is_some() || self.level.is_some() || !self.data.is_empty()
    }

    /// Open at first: what weighs most.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.severity >= Severity::High
    }
}

impl PairView {
    fn of(name: &str, own: &Side, other: Option<&Other>, numbers: Option<&serde_json::Map<String, serde_json::Value>>) -> Self {
        let difference = match (&own.value, other.and_then(|other| other.value.as_ref())) {
            (Some(left), Some(right)) => Some(Difference::of(left, right)),
            _ => None,
        };
        let (left, right, spoken) = difference.map_or((None, None, None), |found| (Some(found.left), Some(found.right), found.spoken));
        let own_view = SideView::own(name, own, left);
        let other = other.map(|other| SideView::other(other, right));
        let is_picture = own_view.picture.is_some();
        Self {
            own: own_view,
            other,
            spoken: spoken.filter(|_| !is_picture),
            numbers: numbers.map(shown_numbers).unwrap_or_default(),
            tiles: None,
        }
    }

    /// The other candidate and both pictures, where there are two to look at.
    #[must_use]
    pub fn pictures(&self) -> Option<(CandidateId, PhotoId, PhotoId)> {
        let other = self.other.as_ref()?;
        let photo = |side: &SideView| PhotoId::parse(side.picture.as_deref()?.strip_prefix("/photos/")?).ok();
        let candidate = CandidateId::parse(other.href.as_deref()?.strip_prefix("/candidates/")?).ok()?;
        Some((candidate, photo(&self.own)?, photo(other)?))
    }
}

impl SideView {
    fn own(name: &str, side: &Side, pieces: Option<Vec<Piece>>) -> Self {
        Self {
            title: "This candidate".to_owned(),
            name: Some(name.to_owned()),
            href: None,
            place: labels::path(&side.path),
            is_hidden: is_account(&side.path),
            ..Self::value(side.value.as_deref(), side.normalized.as_deref(), side.at.as_deref(), pieces)
        }
    }

    fn other(other: &Other, pieces: Option<Vec<Piece>>) -> Self {
        let title = match other.kind {
            OtherKind::Entry => "Persona on a watchlist",
            OtherKind::Candidate => "Another candidate",
            OtherKind::Own => "This candidate, elsewhere",
            OtherKind::Reference => "Data table",
        };
        let id = other.id.as_deref().and_then(|id| CandidateId::parse(id).ok());
        let href = id.filter(|_| other.kind == OtherKind::Candidate).map(|id| format!("/candidates/{id}"));
        let version = other.list_version.map(|version| version.to_string());
        let facts = [
            ("List", other.list.clone()),
            ("Version", version),
            ("As of", other.as_of.clone()),
            ("Confidence of the entry", other.confidence.map(|confidence| format!("{confidence} of 100"))),
            ("Entry", other.id.clone().filter(|_| other.kind == OtherKind::Entry)),
        ];
        Self {
            title: title.to_owned(),
            name: other.name.as_deref().map(shown),
            href,
            place: other.path.as_deref().map(labels::path).unwrap_or_default(),
            is_hidden: other.path.as_deref().is_some_and(is_account),
            facts: facts.into_iter().filter_map(|(label, value)| value.map(|value| (label, shown(&value)))).collect(),
            ..Self::value(other.value.as_deref(), other.normalized.as_deref(), other.at.as_deref(), pieces)
        }
    }

    fn value(value: Option<&str>, normalized: Option<&str>, at: Option<&str>, pieces: Option<Vec<Piece>>) -> Self {
        let picture = value.filter(|text| text.strip_prefix("/photos/").is_some_and(|id| PhotoId::parse(id).is_ok())).map(str::to_owned);
        let pieces = if picture.is_some() { Vec::new() } else { pieces.or_else(|| value.map(whole)).unwrap_or_default() };
        Self {
            title: String::new(),
            name: None,
            href: None,
            place: String::new(),
            pieces,
            normalized: normalized.filter(|text| Some(*text) != value && picture.is_none()).map(shown),
            at: at.map(|text| {
                if text.len() > 10 { Timestamp::parse(text).map_or_else(|_| shown(text), Timestamp::for_people) } else { shown(text) }
            }),
            picture,
            is_hidden: false,
            facts: Vec::new(),
        }
    }
}

fn is_account(path: &str) -> bool {
    path.starts_with("payout_account")
}

/// The numbers of a pair. Scores stay out of the pages: a number from 0 to 100 reads as points for a person.
fn shown_numbers(all: &serde_json::Map<String, serde_json::Value>) -> Vec<(String, String)> {
    all.iter().filter(|(name, _)| !name.ends_with("score")).map(|(name, value)| labels::number(name, value)).collect()
}

fn data(evidence: &Evidence) -> Vec<(String, String)> {
    evidence.data.iter().map(|data| (shown(&data.name), shown(&data.version))).collect()
}

fn more(name: &str, evidence: &Evidence) -> Vec<PairView> {
    evidence.more.iter().map(|pair| PairView::of(name, &pair.candidate, pair.other.as_ref(), Some(&pair.numbers))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{Finding, Source};

    fn finding(code: Code, own: Side, other: Other) -> Finding {
        let evidence = Evidence::new(own, Some(other), "Another person with proof of it.").with_number("distance_km", 11063);
        Finding { id: None, code, severity: Severity::High, source: Source::Pool, sentence: "a matches b".into(), evidence }
    }

    #[test]
    fn a_reviewer_sees_both_values_and_where_they_differ() {
        let mut other = Other::of(OtherKind::Entry).with_value("emails[0]", Some("d.lee@mail.example".into()), "dlee@mail.example");
        other.name = Some("Persona\u{202e}".into());
        other.list = Some("List A".into());
        other.confidence = Some(80);
        let own = Side::new("emails[0]", "d.1ee@mail.example", "d1ee@mail.example");
        let card = Card::of(&FindingView::of(&finding(Code::WatchlistEmail, own, other), None, true), "Kim Example");
        let other = card.pair.other.as_ref().unwrap();
        assert_eq!(other.name.as_deref(), Some("Persona\u{27e8}U+202E\u{27e9}"));
        assert_eq!(other.facts, [("List", "List A".to_owned()), ("Confidence of the entry", "80 of 100".to_owned())]);
        assert_eq!(card.pair.spoken.as_deref(), Some("differs at character 3"));
        assert_eq!(card.pair.numbers, [("Distance".to_owned(), "11,063 km".to_owned())]);
        assert_eq!(card.title, "E-mail on a watchlist");
    }

    #[test]
    fn a_recruiter_gets_a_card_without_the_other_side() {
        let other = Other::of(OtherKind::Candidate).with_value("emails[0]", Some("secret".into()), "secret");
        let view = FindingView::of(&finding(Code::ReuseEmail, Side::new("emails[0]", "a@b.example", "a@b.example"), other), None, false);
        let card = Card::of(&view, "Kim Example");
        assert!(card.pair.other.is_none() && card.more.is_empty() && card.data.is_empty() && card.pair.numbers.is_empty());
        assert!(!format!("{card:?}").contains("secret"));
        assert!(!card.clears.is_empty());
    }

    #[test]
    fn only_addresses_of_our_own_pictures_become_pictures() {
        let id = PhotoId::random();
        let side = |value: &str| SideView::own("Kim", &Side::new("photos[0]", value, value), None);
        assert_eq!(side(&format!("/photos/{id}")).picture, Some(format!("/photos/{id}")));
        for text in ["/photos/../logout", "https://evil.test/a.png", "javascript:alert(1)"] {
            assert_eq!(side(text).picture, None);
        }
    }
}
