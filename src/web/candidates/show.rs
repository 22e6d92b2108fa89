//! `/candidates/{id}`: everything known of one candidate that the reader may see, the verdict first, then the evidence.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::domain::case::{Case, CaseStatus, Decision, DispositionVerdict};
use crate::domain::finding::Severity;
use crate::domain::id::CandidateId;
use crate::domain::screening::{Outcome, ScreeningState};
use crate::domain::time::Timestamp;
use crate::domain::user::{Action, User};
use crate::pipeline::case_file::{self, CaseFile, LinkLine, ScreeningView};
use crate::pipeline::installation::Installation;
use crate::pipeline::photo_pair::{self, Shown};
use crate::web::app::App;
use crate::web::draw::tiles::TileDrawing;
use crate::web::error::{Answer, WebError};
use crate::web::page::Frame;
use crate::web::session::{SignedIn, may};

use super::card::Card;
use super::difference::shown;
use super::labels;
use super::submitted::{Place, Submitted, places, submitted};

/// The verdict of the screening, as its box says it.
struct AttentionBox {
    word: &'static str,
    counts: String,
    rule: String,
    strongest: Option<String>,
    as_of: Timestamp,
    finished_at: Timestamp,
    rule_version: String,
    lists: Option<String>,
}

/// A check and what it came to.
struct CheckLine {
    label: &'static str,
    note: Option<String>,
}

/// Checks that came to the same.
struct CheckGroup {
    title: &'static str,
    says: &'static str,
    lines: Vec<CheckLine>,
}

/// Something that happened.
struct Event {
    at: Timestamp,
    what: String,
    note: Option<String>,
}

/// A picture of the candidate.
struct Picture {
    href: String,
    label: String,
}

#[derive(Template)]
#[template(path = "candidates/show.html")]
struct ShowPage {
    frame: Frame,
    href: String,
    name: String,
    points: Vec<String>,
    about: Vec<(&'static str, String)>,
    submitted_by: String,
    submitted_at: Timestamp,
    is_demo: bool,
    pending: Option<&'static str>,
    attention: Option<AttentionBox>,
    cards: Vec<Card>,
    reviewed: usize,
    may_decide: bool,
    is_mine: bool,
    case: Option<Case>,
    decision: Option<Decision>,
    pictures: Vec<Picture>,
    links: Vec<LinkLine>,
    places: Vec<Place>,
    checks: Vec<CheckGroup>,
    submitted: Vec<Submitted>,
    events: Vec<Event>,
    has_networks: bool,
}

/// The page.
///
/// # Errors
/// Not found when there is no such candidate for this reader, or when the database fails.
pub async fn show(who: may::SeeOwnTeam, id: Path<String>, app: Data<App>) -> Answer {
    let id = super::review::candidate(&id)?;
    let file = case_file::find(&app.installation, who.user(), &id).await?.ok_or(WebError::NotFound)?;
    let mut page = page(&who, &file);
    draw_tiles(&app.installation, who.user(), &id, &mut page.cards).await?;
    who.page(page)
}

/// Pairs of pictures whose areas are drawn, at most; each costs a comparison.
const DRAWN_MAX: usize = 4;

async fn draw_tiles(installation: &Installation, reader: &User, id: &CandidateId, cards: &mut [Card]) -> Result<(), WebError> {
    let Some(scope) = reader.scope() else { return Ok(()) };
    let pairs = cards.iter_mut().filter_map(|card| card.pair.pictures().map(|pictures| (&mut card.pair, pictures)));
    for (number, (pair, (candidate, own, other))) in pairs.take(DRAWN_MAX).enumerate() {
        let (one, two) = (Shown { candidate: id.clone(), photo: own }, Shown { candidate, photo: other });
        let map = photo_pair::tile_map(installation, &scope, &one, &two).await?;
        pair.tiles = map.as_ref().map(|map| TileDrawing::of(map, number));
    }
    Ok(())
}

fn page(who: &SignedIn, file: &CaseFile) -> ShowPage {
    let name = shown(&file.candidate.name);
    let screening = file.screening.as_ref();
    let cards: Vec<Card> = screening.map(|s| s.findings.iter().map(|finding| Card::of(finding, &name)).collect()).unwrap_or_default();
    let sees_evidence = who.user().may(Action::SeeEvidence);
    let title = match (screening, cards.len()) {
        (None, _) => format!("Screening - {name}"),
        (Some(_), 0) => format!("No findings - {name}"),
        (Some(_), findings) => format!("{} - {name}", labels::count(findings, "finding")),
    };
    let mut decisions = file.decisions.clone();
    if !sees_evidence {
        // A reason may name the list or the other person.
        decisions.iter_mut().for_each(|decision| decision.reason.clear());
    }
    let first = file.submissions.last();
    let mine = file.case.as_ref().is_some_and(|case| case.assignee.as_deref() == Some(who.user().name.as_str()));
    ShowPage {
        frame: who.frame(title).under("Candidates", "/candidates"),
        href: format!("/candidates/{}", file.candidate.id),
        points: code_points(&file.candidate.name),
        about: about(file),
        submitted_by: first.map(|line| shown(&line.by)).unwrap_or_default(),
        submitted_at: first.map_or(file.candidate.created_at, |line| line.received_at),
        is_demo: file.candidate.is_demo,
        pending: pending(file.state),
        attention: screening.map(|screening| attention_box(screening, &cards)),
        reviewed: cards.iter().filter(|card| card.disposition.is_some()).count(),
        may_decide: who.user().may(Action::Decide),
        is_mine: mine && file.case.as_ref().is_some_and(|case| case.status == CaseStatus::Taken),
        case: file.case.clone(),
        decision: decisions.first().cloned(),
        pictures: file
            .photos
            .iter()
            .map(|photo| Picture { href: format!("/photos/{}", photo.id), label: photo_label(&photo.path, photo.kind.as_str()) })
            .collect(),
        links: file.linked.clone(),
        places: places(&file.intake),
        checks: screening.map(check_groups).unwrap_or_default(),
        submitted: submitted(&file.intake),
        events: events(file, &decisions, &cards),
        has_networks: file.intake.sightings.iter().any(|sighting| sighting.ip.is_some()),
        cards,
        name,
    }
}

/// Characters of a name that may be taken for others, as code points.
fn code_points(name: &str) -> Vec<String> {
    if name.is_ascii() {
        Vec::new()
    } else {
        name.chars().filter(|c| !c.is_ascii()).map(|c| format!("{} U+{:04X}", shown(&c.to_string()), u32::from(c))).collect()
    }
}

fn about(file: &CaseFile) -> Vec<(&'static str, String)> {
    let candidate = &file.candidate;
    let some = [
        ("Role", candidate.role.as_deref().map(shown)),
        ("Stage", Some(labels::capitalized(candidate.stage.as_str()))),
        ("Team", Some(shown(&candidate.team))),
        ("Requisition", file.intake.requisition.as_deref().map(shown)),
        ("Your own number", candidate.external_id.as_deref().map(shown)),
    ];
    some.into_iter().filter_map(|(label, value)| value.map(|value| (label, value))).collect()
}

fn photo_label(path: &str, kind: &str) -> String {
    let earlier = if path.starts_with("earlier.") { ", from an earlier submission" } else { "" };
    format!("{} picture{earlier}", labels::capitalized(kind))
}

const fn pending(state: ScreeningState) -> Option<&'static str> {
    match state {
        ScreeningState::Queued => Some("The screening waits for its turn."),
        ScreeningState::Running => Some("The checks run now."),
        ScreeningState::Done => None,
    }
}

fn attention_box(screening: &ScreeningView, cards: &[Card]) -> AttentionBox {
    let of = |severity: Severity| cards.iter().filter(|card| card.severity == severity).count();
    let counted: Vec<String> =
        Severity::ALL.iter().rev().map(|s| (of(*s), s)).filter(|(n, _)| *n > 0).map(|(n, s)| format!("{n} {s}")).collect();
    let findings = match cards.len() {
        0 => "No finding".to_owned(),
        1 => format!("{} finding", counted.join(", ")),
        _ => format!("{} findings", counted.join(", ")),
    };
    let sources: Vec<&str> = screening.sources.iter().map(|source| labels::source(*source)).collect();
    let counts = if sources.is_empty() {
        format!("{findings}.")
    } else {
        format!("{findings}, from {}: {}.", labels::count(sources.len(), "independent source"), sources.join(", "))
    };
    let lists = screening.list_versions.as_ref().map(|lists| {
        let lists: Vec<String> = lists.iter().map(|list| format!("{} v{}", shown(&list.list), list.version)).collect();
        if lists.is_empty() { "no watchlist yet".to_owned() } else { lists.join(", ") }
    });
    AttentionBox {
        word: screening.attention.as_str(),
        counts,
        rule: labels::capitalized(&screening.attention_reason),
        strongest: cards.first().map(|card| card.sentence.clone()),
        as_of: screening.as_of,
        finished_at: screening.finished_at,
        rule_version: screening.rule_version.clone(),
        lists,
    }
}

/// What was checked without a finding, by what it came to.
fn check_groups(screening: &ScreeningView) -> Vec<CheckGroup> {
    let group = |outcome: Outcome, title, says| CheckGroup {
        title,
        says,
        lines: screening
            .checks
            .iter()
            .filter(|check| check.outcome == outcome)
            .map(|check| CheckLine { label: labels::check(check.code), note: check.note.as_deref().map(shown) })
            .collect(),
    };
    let all = [
        group(Outcome::Incomplete, "Could not be checked", "These were not completed and are tried again. They do not count as clear."),
        group(Outcome::NoMatch, "Checked and did not match", "These were compared, and nothing matched."),
        group(Outcome::NoData, "No data", "There was nothing to compare."),
    ];
    all.into_iter().filter(|group| !group.lines.is_empty()).collect()
}

/// What happened, the latest first.
fn events(file: &CaseFile, decisions: &[Decision], cards: &[Card]) -> Vec<Event> {
    let submissions =
        file.submissions.iter().map(|line| Event { at: line.received_at, what: format!("Submitted by {}", shown(&line.by)), note: None });
    let decisions = decisions.iter().map(|decision| Event {
        at: decision.at,
        what: format!("{} decided: {}", shown(&decision.by), decision.verdict.label()),
        note: Some(shown(&decision.reason)).filter(|reason| !reason.is_empty()),
    });
    let verdicts = cards.iter().filter_map(|card| card.disposition.as_ref().map(|given| (card, given))).map(|(card, given)| Event {
        at: given.at,
        what: format!("{} judged “{}”: {}", shown(&given.by), card.title, labels::disposition(given.verdict)),
        note: Some(shown(&given.note)).filter(|note| !note.is_empty()),
    });
    let screened = file.screening.iter().map(|screening| Event {
        at: screening.finished_at,
        what: format!("Screened: attention {}", screening.attention),
        note: None,
    });
    let mut events: Vec<Event> = submissions.chain(decisions).chain(verdicts).chain(screened).collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events
}

impl ShowPage {
    /// The verdicts a finding may be given: word, label.
    fn verdicts(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        DispositionVerdict::ALL.iter().map(|verdict| (verdict.as_str(), labels::disposition(*verdict)))
    }

    /// Whether there is something beside the findings.
    fn has_panel(&self) -> bool {
        self.may_decide || self.case.is_some() || self.decision.is_some() || !self.links.is_empty()
    }

    /// Whether findings are to be judged here.
    fn may_judge(&self) -> bool {
        self.may_decide && self.case.is_some()
    }

    /// Where the case stands.
    fn case_in_words(&self) -> String {
        match &self.case {
            None => "There is no case: attention is not high enough to open one.".to_owned(),
            Some(case) => match (case.status, &case.assignee) {
                (CaseStatus::Taken, Some(_)) if self.is_mine => "You have taken this case.".to_owned(),
                (CaseStatus::Taken, Some(who)) => format!("{} has taken this case.", shown(who)),
                (CaseStatus::Taken, None) => "Someone has taken this case.".to_owned(),
                (CaseStatus::Waiting, _) => "This case waits for a reviewer.".to_owned(),
                (CaseStatus::Decided, _) => "This case is decided.".to_owned(),
            },
        }
    }

    /// True when someone could take the case.
    fn may_take(&self) -> bool {
        self.may_decide
            && self
                .case
                .as_ref()
                .is_some_and(|case| case.status == CaseStatus::Waiting || (case.status == CaseStatus::Taken && !self.is_mine))
    }
}
