//! Conduct in an intake: facts of a developer platform, interview rounds.

use super::{LIST_MAX, NOTES_MAX, VALUE_MAX};
use crate::domain::intake::{CommitIdentity, Footprint, Interview};
use crate::domain::name::NAME_MAX;
use crate::domain::time::{PartialDate, Timestamp};
use crate::exchange::fields::{Fields, Slot};

const CAMERA: [&str; 3] = ["on", "off", "refused"];
const CONTINUITY_CHECK: [&str; 3] = ["passed", "failed", "not-done"];
const LOCAL_KNOWLEDGE: [&str; 3] = ["passed", "failed", "not-asked"];

const FOOTPRINT_KEYS: &[&str] = &["platform", "account_created", "first_commit", "copied_commits", "dormant_until", "commit_identities"];
const INTERVIEW_KEYS: &[&str] =
    &["at", "round", "appeared_as", "same_person_as_before", "camera", "continuity_check", "prompted", "local_knowledge", "note"];

/// Facts of a developer platform.
pub(super) fn footprint(fields: &Fields<'_>) -> Option<Footprint> {
    let facts = fields.get("footprint")?.fields(FOOTPRINT_KEYS)?;
    let date = |key| facts.get(key).and_then(|s: Slot<'_>| s.parse(VALUE_MAX, PartialDate::parse));
    let platform = facts.get("platform").and_then(|slot| {
        let word = slot.filled(40)?;
        if !word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.')) {
            slot.fault("is not a platform", "a lower-case word such as github");
            return None;
        }
        Some(word.to_owned())
    });
    Some(Footprint {
        platform,
        account_created: date("account_created"),
        first_commit: date("first_commit"),
        copied_commits: facts.get("copied_commits").and_then(|s| s.integer(0..=i64::from(u32::MAX))).and_then(|n| u32::try_from(n).ok()),
        dormant_until: date("dormant_until"),
        commit_identities: facts.list("commit_identities", LIST_MAX, |slot| {
            let identity = slot.fields(&["name", "email"])?;
            // As written in the commit: tools put anything there, and what is no address is evidence, too.
            Some(CommitIdentity { name: identity.text("name", NAME_MAX), email: identity.text("email", VALUE_MAX) })
        }),
    })
}

/// Interview rounds.
pub(super) fn interviews(fields: &Fields<'_>) -> Vec<Interview> {
    fields.list("interviews", LIST_MAX, |slot| {
        let round = slot.fields(INTERVIEW_KEYS)?;
        let at = round.require("at", "the time, such as 2026-10-09T15:00:00Z").and_then(|s| s.parse(VALUE_MAX, Timestamp::parse));
        let flag = |key| round.get(key).and_then(|s: Slot<'_>| s.flag());
        let word = |key, words: &[&'static str]| round.get(key).and_then(|s: Slot<'_>| s.word(words, |w| w)).map(str::to_owned);
        let read = Interview {
            at: at.unwrap_or(Timestamp::from_ms(0)),
            round: round.text("round", VALUE_MAX),
            appeared_as: round.text("appeared_as", NAME_MAX),
            same_person_as_before: flag("same_person_as_before"),
            camera: word("camera", &CAMERA),
            continuity_check: word("continuity_check", &CONTINUITY_CHECK),
            prompted: flag("prompted"),
            local_knowledge: word("local_knowledge", &LOCAL_KNOWLEDGE),
            note: round.text("note", NOTES_MAX),
        };
        at.map(|_| read)
    })
}
