//! Namesakes of listed personas: context, never more.
//!
//! Idea: the closest pair of names of candidate and entry, when it matches, with the number of other identifiers that were
//! compared and differ. Cost: names x names of an entry, a few microseconds each.
//!
//! To add something a namesake should tell: a number of the evidence in `finding`.

use super::{Hit, other_of, weighed};
use crate::domain::finding::{Code, Evidence, Finding, Side};
use crate::domain::identifier::{Identifier, IdentifierKind};
use crate::domain::watchlist::Entry;
use crate::screening::identity::align::{NameMatch, compare};
use crate::screening::identity::normalize::NameForm;
use crate::screening::profile::{Profile, ProfileName};

const CLEARS: &str = "Any identifier that tells the candidate from the persona; a name alone is never enough to act on.";

/// A name of the candidate that matches one of an entry.
pub(super) struct NameHit<'a> {
    pub(super) mine: &'a ProfileName,
    pub(super) theirs: usize,
    pub(super) found: NameMatch,
}

/// The closest of all pairs of names, when it matches.
pub(super) fn closest<'a>(profile: &'a Profile, forms: &[NameForm]) -> Option<NameHit<'a>> {
    let mut best: Option<NameHit<'a>> = None;
    for mine in &profile.names {
        for (theirs, form) in forms.iter().enumerate() {
            let found = compare(&mine.form, form);
            if found.is_match() && best.as_ref().is_none_or(|known| known.found.score < found.score) {
                best = Some(NameHit { mine, theirs, found });
            }
        }
    }
    best
}

/// The finding of a namesake, told from the identifiers `own` and `listed` that were compared and the `hits` among them.
pub(super) fn finding(entry: &Entry, name: &NameHit<'_>, own: &[&Identifier], listed: &[Identifier], hits: &[Hit<'_>]) -> Finding {
    let compared = own.iter().filter(|mine| {
        !matches!(mine.kind, IdentifierKind::Domain | IdentifierKind::Ip) && listed.iter().any(|theirs| comparable(mine, theirs))
    });
    let (agree, differ): (Vec<&Identifier>, Vec<&Identifier>) =
        compared.copied().partition(|mine| hits.iter().any(|hit| hit.mine == *mine));
    let listed_name = entry.persona.names.get(name.theirs).map_or("", |listed| listed.as_str());
    let beside = match (agree.len(), differ.len()) {
        (0, 0) => "no other identifier could be compared".to_owned(),
        (0, 1) => "the 1 other identifier compared differs".to_owned(),
        (0, differing) => format!("all {differing} other identifiers compared differ"),
        (agreeing, differing) => format!("{agreeing} of {} other identifiers compared match", agreeing + differing),
    };
    let sentence = format!(
        "Name {} matches {listed_name} on the list {} (entry {}): a namesake; {beside}.",
        name.mine.name,
        entry.list,
        entry.shown_id()
    );
    let normalized = |form: &NameForm| form.tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ");
    let theirs = entry.persona.names.get(name.theirs).map(|listed| normalized(&NameForm::of(listed))).unwrap_or_default();
    let candidate = Side::new(&name.mine.path, name.mine.name.as_str(), normalized(&name.mine.form));
    let other = other_of(entry, &format!("names[{}]", name.theirs), Some(listed_name.to_owned()), &theirs);
    let mut evidence = Evidence::new(candidate, Some(other), CLEARS)
        .with_level(name.found.level.as_str())
        .with_number("name_score", name.found.score)
        .with_number("identifiers_compared", agree.len() + differ.len())
        .with_number("identifiers_differing", differ.len())
        .with_data(&entry.list, entry.list_version.to_string());
    evidence.reasons.clone_from(&name.found.reasons);
    weighed(Code::WatchlistName, entry, sentence, evidence)
}

/// True when two identifiers could have been equal: of one kind, and accounts on one platform.
fn comparable(mine: &Identifier, theirs: &Identifier) -> bool {
    let platform = |identifier: &Identifier| identifier.canonical.split_once(':').map(|(platform, _)| platform.to_owned());
    mine.kind == theirs.kind && (mine.kind != IdentifierKind::Handle || platform(mine) == platform(theirs))
}
