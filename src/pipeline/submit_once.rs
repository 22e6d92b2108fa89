//! A submission that may arrive twice (a double click, a retry) and must count once. Whoever sends it names it; the first
//! answer is kept in the same write as the candidate, and every later one with the same name and content gets that answer.

use sha2::{Digest, Sha256};

use crate::domain::audit::AuditEvent;
use crate::domain::id::{CandidateId, SubmissionId};
use crate::domain::user::Actor;
use crate::store::receipt::{self, Receipt};
use crate::store::submission::content_hash;
use crate::store::{self, StoreError};

use super::installation::Installation;
use super::submit::{self, Arrival, Origin, Sent, SubmitError, Submitted};

/// How long an answer is kept (CONTRACT section 4: 24 hours).
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// How often a write that lost a race is tried again; the second time the other one's answer is there.
const TRIES: usize = 3;

/// Status of an answer to something new, and to what was known already (CONTRACT section 6).
const NEW: u16 = 201;
const NOT_NEW: u16 = 200;

/// Why a submission was not taken.
#[derive(Debug, thiserror::Error)]
pub enum OnceError {
    /// The same name was used for other content.
    #[error("this name was used for other content before")]
    OtherBody,
    /// As for every submission.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<StoreError> for OnceError {
    fn from(error: StoreError) -> Self {
        Self::Submit(error.into())
    }
}

/// Takes one submission under a name that is the sender's own: again with equal content nothing is added, and the answer is
/// the first one.
///
/// # Errors
/// [`OnceError::OtherBody`] when the name stands for other content; else as [`submit::submit`].
pub async fn submit_once(installation: &Installation, sent: Sent, origin: &Origin, name: &str) -> Result<Submitted, OnceError> {
    let key_hash = digest(&[who(&origin.actor), "candidate", name]);
    let body_hash = digest(&[&sent.team, &content_hash(&sent.intake)]);
    let now = installation.clock.now();
    let since = now.plus_ms(-KEPT_MS);
    for _ in 0..TRIES {
        if let Some(earlier) = receipt::find(&installation.store, &key_hash, since).await? {
            return if earlier.body_hash == body_hash { answered(&earlier) } else { Err(OnceError::OtherBody) };
        }
        let prepared = submit::prepare(installation, sent.clone()).await?;
        let mut write = installation.store.begin_write().await?;
        let submitted = match submit::keep(installation, &mut write, prepared, origin).await {
            Err(SubmitError::Store(StoreError::Conflict)) => continue,
            other => other?,
        };
        let answer = format!("{} {} {}", submitted.candidate, submitted.submission, submitted.external_id.as_deref().unwrap_or_default());
        let status = if submitted.is_new { NEW } else { NOT_NEW };
        let kept = Receipt { key_hash, body_hash, status, answer, created_at: now };
        match receipt::insert(&mut write, &kept, since).await {
            Err(StoreError::Conflict) => continue,
            other => other?,
        }
        if submitted.is_new {
            let event = AuditEvent::new(now, &origin.actor, "candidate.submitted", Some(submitted.candidate.as_str()));
            store::audit::append(&mut write, &event, &installation.audit_key()).await?;
        }
        write.commit().await?;
        installation.wake.notify_waiters();
        return Ok(submitted);
    }
    Err(StoreError::Conflict.into())
}

/// The answer that was given first.
fn answered(earlier: &Receipt) -> Result<Submitted, OnceError> {
    let mut parts = earlier.answer.splitn(3, ' ');
    let mut part = || parts.next().unwrap_or_default();
    let broken = |_| {
        let id = earlier.created_at.to_string();
        OnceError::from(StoreError::Inconsistent { table: "receipt", column: "answer", id })
    };
    Ok(Submitted {
        candidate: CandidateId::parse(part()).map_err(broken)?,
        submission: SubmissionId::parse(part()).map_err(broken)?,
        external_id: Some(part().to_owned()).filter(|text| !text.is_empty()),
        is_new: earlier.status == NEW,
        arrival: Arrival::Known,
    })
}

/// Names of different people never meet.
fn who(actor: &Actor) -> &str {
    actor.user.as_ref().map_or(actor.name.as_str(), |user| user.as_str())
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().into()
}
