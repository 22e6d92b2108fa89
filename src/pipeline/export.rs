//! The CSV export: filtered candidates as rows of text, streamed; who took what is in the audit log.
//!
//! One page of candidates is in memory at a time. The start is written to the log before the first byte leaves; the end tells
//! the rows and the SHA-256 of the file, so a copy can be recognized. Findings pass through [`FindingView`].

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{self, Stream};
use sha2::{Digest, Sha256};

use crate::domain::audit::AuditEvent;
use crate::domain::screening::Attention;
use crate::domain::time::Timestamp;
use crate::domain::user::{Actor, Scope};
use crate::domain::view::FindingView;
use crate::exchange::exports::csv::{CsvExport, ExportRow};
use crate::store::extract::{self, ExtractRow};
use crate::store::filter::Filter;
use crate::store::{self, StoreError};

use super::export_row;
use super::installation::Installation;

/// What a row of the file stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rows {
    /// A candidate.
    #[default]
    Candidates,
    /// A finding of a candidate.
    Findings,
}

/// What is asked for, and by whom.
#[derive(Debug, Clone)]
pub struct ExportOrder {
    /// Who takes it out; named in every row.
    pub actor: Actor,
    /// Which candidates they see.
    pub scope: Scope,
    /// Whether they see both sides of the evidence.
    pub sees_both_sides: bool,
    /// Which candidates; without `attention`, those of review and high.
    pub filter: Filter,
    /// What a row stands for.
    pub rows: Rows,
}

/// The file as chunks of bytes. It ends with an error when the database fails midway, so that half a file is not taken for one.
///
/// # Errors
/// When the start cannot be written to the audit log; then nothing leaves.
pub async fn csv(
    installation: &Installation,
    mut order: ExportOrder,
) -> Result<impl Stream<Item = Result<Vec<u8>, StoreError>> + Send + 'static, StoreError> {
    if order.filter.attention.is_empty() {
        order.filter.attention = vec![Attention::Review, Attention::High];
    }
    let at = installation.clock.now();
    note(installation, event(&order, at, "export.started")).await?;
    let buffer = Buffer::default();
    let file = CsvExport::new(buffer.clone()).map_err(unwritable)?;
    let state =
        Export { installation: installation.clone(), order, at, file, buffer, after: 0, rows: 0, digest: Sha256::new(), is_over: false };
    Ok(stream::try_unfold(state, |mut state| async move { Ok(state.next().await?.map(|chunk| (chunk, state))) }))
}

/// An export under way.
struct Export {
    installation: Installation,
    order: ExportOrder,
    at: Timestamp,
    file: CsvExport<Buffer>,
    buffer: Buffer,
    after: i64,
    rows: u64,
    digest: Sha256,
    is_over: bool,
}

impl Export {
    /// The next chunk: a page of candidates. The last one comes with the entry in the audit log.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        if self.is_over {
            return Ok(None);
        }
        let page = extract::next(&self.installation.store, &self.order.scope, &self.order.filter, self.after).await?;
        for candidate in &page {
            self.after = candidate.candidate.number;
            self.write(candidate).await?;
        }
        self.file.flush().map_err(unwritable)?;
        let chunk = self.buffer.take();
        self.digest.update(&chunk);
        if page.is_empty() {
            self.is_over = true;
            let sha256: String = self.digest.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            let done = event(&self.order, self.installation.clock.now(), "export.finished");
            note(&self.installation, done.with("rows", self.rows).with("sha256", sha256)).await?;
            return Ok(Some(chunk).filter(|chunk| !chunk.is_empty()));
        }
        Ok(Some(chunk))
    }

    async fn write(&mut self, extract: &ExtractRow) -> Result<(), StoreError> {
        let views = self.views(extract).await?;
        match self.order.rows {
            Rows::Candidates => self.write_row(&export_row::of(extract, &views, &self.order, self.at)),
            Rows::Findings => {
                for view in &views {
                    if is_asked_for(view, &self.order.filter) {
                        self.write_row(&export_row::of(extract, std::slice::from_ref(view), &self.order, self.at))?;
                    }
                }
                Ok(())
            }
        }
    }

    async fn views(&self, extract: &ExtractRow) -> Result<Vec<FindingView>, StoreError> {
        let Some(stored) = &extract.screening else { return Ok(Vec::new()) };
        let dispositions = store::disposition::of_candidate(&self.installation.store, extract.candidate.number).await?;
        let view = |finding| FindingView::of(finding, dispositions.on(finding).cloned(), self.order.sees_both_sides);
        Ok(stored.screening.findings.iter().map(view).collect())
    }

    fn write_row(&mut self, row: &ExportRow) -> Result<(), StoreError> {
        self.rows += 1;
        self.file.row(row).map_err(unwritable)
    }
}

/// With a row a finding, the conditions on findings choose the rows, too.
fn is_asked_for(view: &FindingView, filter: &Filter) -> bool {
    let list = view.evidence.whole().and_then(|evidence| evidence.other.as_ref()).and_then(|other| other.list.as_deref());
    (filter.severity.is_empty() || filter.severity.contains(&view.severity))
        && (filter.code.is_empty() || filter.code.iter().any(|code| code.as_str() == view.code))
        && (filter.list.is_none() || filter.list.as_deref() == list)
}

/// Who asked for what: words of the closed vocabularies, and whether a free one was given.
fn event(order: &ExportOrder, at: Timestamp, action: &str) -> AuditEvent {
    let filter = &order.filter;
    let words = |words: Vec<&str>| words.join(",");
    AuditEvent::new(at, &order.actor, action, None)
        .with("row", if order.rows == Rows::Findings { "findings" } else { "candidates" })
        .with("attention", words(filter.attention.iter().map(|word| word.as_str()).collect()))
        .with("severity", words(filter.severity.iter().map(|word| word.as_str()).collect()))
        .with("code", words(filter.code.iter().map(|word| word.as_str()).collect()))
        .with("stage", words(filter.stage.iter().map(|word| word.as_str()).collect()))
        .with("status", words(filter.status.iter().map(|word| word.as_str()).collect()))
        .with("decision", words(filter.decision.iter().map(|word| word.as_str()).collect()))
        .with("list", filter.list.clone())
        .with("team", filter.team.clone())
        .with("from", filter.from.map(|at| at.to_string()))
        .with("to", filter.to.map(|at| at.to_string()))
}

async fn note(installation: &Installation, event: AuditEvent) -> Result<(), StoreError> {
    let mut write = installation.store.begin_write().await?;
    store::audit::append(&mut write, &event, &installation.audit_key()).await?;
    write.commit().await
}

/// Memory takes every byte, so this does not happen; the store's error is the only one that a stream of rows has.
fn unwritable(error: std::io::Error) -> StoreError {
    tracing::error!(error = %error, "an export row was not written");
    StoreError::NotFound
}

/// Bytes that are written on one side and taken on the other.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
