//! `/watchlists/{id}/import`: a file in two steps. The first reads it and shows what would change, the second applies exactly
//! that. A change that a guard holds back waits for a second person, who finds it on the page of the list.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::domain::id::ImportId;
use crate::domain::intake::Fault;
use crate::domain::user::{Action, User};
use crate::domain::watchlist::Watchlist;
use crate::pipeline::list_proposals::{self, File, Preview};
use crate::pipeline::watchlists::WatchlistError;
use crate::web::app::App;
use crate::web::candidates::difference::shown;
use crate::web::candidates::labels;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::page::Frame;
use crate::web::session::{SignedIn, may};
use crate::web::upload::{FilePart, Upload, UploadLimits};

use super::persona::{self, Changed, Shown};
use super::{failed, find};

/// Largest file taken in the browser: chosen, 100,000 entries of a plain table are 12 MB; the command line takes 256 MB.
const FILE_MAX_BYTES: usize = 20 << 20;
const LIMITS: UploadLimits = UploadLimits { files: &["file"], file_bytes: FILE_MAX_BYTES, all_bytes: FILE_MAX_BYTES + (1 << 20) };
/// Rows of each kind that a preview shows.
const ROWS_SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "watchlists/import.html")]
struct ImportPage {
    frame: Frame,
    form: Form,
    list: Watchlist,
    rejected: Vec<RejectedRow>,
}

/// A value of the file that cannot be taken.
struct RejectedRow {
    line: String,
    column: String,
    value: String,
    problem: String,
    expected: String,
}

impl RejectedRow {
    fn of(fault: &Fault) -> Self {
        Self {
            line: fault.line.map(|line| line.to_string()).unwrap_or_default(),
            column: shown(&fault.path),
            value: fault.value.as_deref().map(shown).unwrap_or_default(),
            problem: shown(&fault.problem),
            expected: fault.expected.clone(),
        }
    }
}

fn rejected_rows(faults: &[Fault]) -> Vec<RejectedRow> {
    faults.iter().take(ROWS_SHOWN).map(RejectedRow::of).collect()
}

fn page(who: &SignedIn, list: Watchlist, form: Form, rejected: Vec<RejectedRow>) -> ImportPage {
    let frame = who.form_frame(format!("Import into {}", list.name), &form);
    let frame = frame.under("Watchlists", "/watchlists").under(list.name.clone(), format!("/watchlists/{}", list.id));
    ImportPage { frame, form, list, rejected }
}

/// The first step.
///
/// # Errors
/// Not found for no list.
pub async fn form(who: may::ChangeWatchlists, id: Path<String>, app: Data<App>) -> Answer {
    let list = find(&app, &id).await?;
    who.page(page(&who, list, Form::blank(), Vec::new()))
}

/// Takes the file or the pasted text and goes on to the preview.
///
/// # Errors
/// Not found for no list, too large beyond the limit.
pub async fn upload(who: may::ChangeWatchlists, id: Path<String>, upload: Upload, app: Data<App>) -> Answer {
    let (mut form, files) = upload.read(&LIMITS).await?;
    let list = find(&app, &id).await?;
    let Some((name, bytes)) = content(&mut form, files) else { return who.invalid(page(&who, list, form, Vec::new())) };
    let file = File { name: &name, bytes: &bytes, merges: !form.value("merge").is_empty() };
    match list_proposals::keep(&app.installation, who.user(), &list.id, file).await {
        Ok(proposal) => who.go(&format!("/watchlists/{}/import/{proposal}", list.id), "The file is read. Nothing has changed yet."),
        Err(WatchlistError::Faults(faults)) => {
            let of_file = faults.iter().find(|fault| fault.path == "document").or(faults.first());
            let words = of_file.map(super::in_words).unwrap_or_default();
            form.fault("file", format!("The file {words}"));
            who.invalid(page(&who, list, form, rejected_rows(&faults)))
        }
        Err(error) => Err(failed(error)),
    }
}

/// Name and bytes of what was sent.
fn content(form: &mut Form, files: Vec<FilePart>) -> Option<(String, Vec<u8>)> {
    let pasted = form.value("text").to_owned();
    match files.into_iter().next() {
        Some(file) if file.is_too_large => {
            form.fault("file", "The selected file must be at most 20 MB; larger ones go through bonafide watchlist import");
            None
        }
        Some(file) if file.bytes.is_empty() => {
            form.fault("file", "The selected file is empty");
            None
        }
        Some(file) => Some((file.name, file.bytes)),
        None if pasted.trim().is_empty() => {
            form.fault("file", "Choose a file, or paste its text below");
            None
        }
        None => Some(("pasted text".to_owned(), pasted.into_bytes())),
    }
}

#[derive(Template)]
#[template(path = "watchlists/preview.html")]
struct PreviewPage {
    frame: Frame,
    preview: Preview,
    path: String,
    added: Vec<(String, Vec<Shown>)>,
    changed: Vec<(String, Vec<Changed>)>,
    removed: Vec<String>,
    rejected: Vec<RejectedRow>,
    rejected_lines: usize,
    may_change: bool,
    may_agree: bool,
    is_own: bool,
}

impl PreviewPage {
    /// `+120 new, 14 changed, 3 removed, 2 rejected`.
    fn in_words(&self) -> String {
        let change = &self.preview.proposal.change;
        let number = |number: usize| labels::thousands(&number.to_string());
        format!(
            "+{} new, {} changed, {} removed, {} rejected",
            number(change.added.len()),
            number(change.changed.len()),
            number(change.removed.len()),
            number(self.rejected_lines)
        )
    }

    fn touched_in_words(&self) -> String {
        match self.preview.proposal.touched {
            0 => "No earlier candidate shares a contact or account with what changes.".to_owned(),
            1 => "1 earlier candidate shares a contact or account with what changes.".to_owned(),
            more => format!("{} share a contact or account with what changes.", labels::count(more, "earlier candidate")),
        }
    }

    /// `The first 100 of 1,204 are shown.`; nothing when all are.
    fn cut(&self, all: usize) -> Option<String> {
        (all > ROWS_SHOWN).then(|| format!("The first {ROWS_SHOWN} of {} are shown.", labels::thousands(&all.to_string())))
    }

    fn may_apply(&self) -> bool {
        let is_guarded = self.preview.proposal.guard.is_some();
        if is_guarded { self.may_agree && !self.is_own } else { self.may_change }
    }

    fn file_name(&self) -> String {
        shown(&self.preview.file.file_name)
    }
}

/// The second step: what would change.
///
/// # Errors
/// Not found when the file was applied, dropped or swept.
pub async fn preview(who: may::SeeWatchlists, path: Path<(String, String)>, app: Data<App>) -> Answer {
    let (list, id) = ids(&app, &path).await?;
    let preview = list_proposals::preview(&app.installation, &list.id, &id).await.map_err(failed)?;
    who.page(preview_page(&who, who.user(), preview))
}

fn preview_page(visit: &SignedIn, user: &User, preview: Preview) -> PreviewPage {
    let Preview { list, file, proposal } = &preview;
    let above = format!("/watchlists/{}", list.id);
    let mut lines: Vec<Option<u64>> = proposal.rejected.iter().map(|fault| fault.line).collect();
    lines.dedup();
    let change = &proposal.change;
    PreviewPage {
        frame: visit
            .frame(format!("What changes in {}", list.name))
            .under("Watchlists", "/watchlists")
            .under(list.name.clone(), above.clone()),
        path: format!("{above}/import/{}", file.id),
        added: change.added.iter().take(ROWS_SHOWN).map(|new| (shown(&new.title()), persona::identifiers(new))).collect(),
        changed: change
            .changed
            .iter()
            .take(ROWS_SHOWN)
            .map(|(old, new)| (shown(&old.persona.title()), persona::changed_fields(&old.persona, new)))
            .collect(),
        removed: change.removed.iter().take(ROWS_SHOWN).map(|old| shown(&old.persona.title())).collect(),
        rejected: rejected_rows(&proposal.rejected),
        rejected_lines: lines.len(),
        may_change: user.may(Action::ChangeWatchlists),
        may_agree: user.may(Action::AgreeToListChange),
        is_own: file.by.user.as_ref() == Some(&user.id),
        preview,
    }
}

/// The list and the file of an address.
async fn ids(app: &App, path: &(String, String)) -> Result<(Watchlist, ImportId), WebError> {
    let list = find(app, &path.0).await?;
    Ok((list, ImportId::parse(&path.1).map_err(|_| WebError::NotFound)?))
}

/// Applies the file over the version that was looked at.
///
/// # Errors
/// Conflict when the list moved on, or when the change waits for someone else.
pub async fn apply(who: may::AgreeToListChange, path: Path<(String, String)>, form: Form, app: Data<App>) -> Answer {
    let (list, id) = ids(&app, &path).await?;
    let seen: i64 = form.value("version").parse().map_err(|_| WebError::Malformed)?;
    let applied = list_proposals::apply(&app.installation, who.user(), &list.id, &id, seen).await.map_err(failed)?;
    let done = format!("Version {} is published. Earlier candidates that it touches are screened again.", applied.version);
    who.go(&format!("/watchlists/{}/versions", list.id), &done)
}

/// Drops the file.
///
/// # Errors
/// Not found when it is gone already.
pub async fn drop_file(who: may::ChangeWatchlists, path: Path<(String, String)>, _form: Form, app: Data<App>) -> Answer {
    let (list, id) = ids(&app, &path).await?;
    list_proposals::drop_file(&app.installation, who.user(), &list.id, &id).await.map_err(failed)?;
    who.go(&format!("/watchlists/{}", list.id), "The file is dropped. Nothing was changed.")
}
