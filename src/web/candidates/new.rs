//! `/candidates/new`: one page, every field of the intake, read by the same reader as the API.

use actix_web::web::Data;
use askama::Template;

use crate::domain::id::SubmissionId;
use crate::domain::intake::{Fault, PHOTO_MAX_BYTES};
use crate::domain::user::{Action, User};
use crate::exchange::intake::{IntakeRead, ReadOptions, photos, read};
use crate::pipeline::submit::{Origin, Sent, SubmitError};
use crate::pipeline::submit_once::{OnceError, submit_once};
use crate::store::throttle;
use crate::web::app::App;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::page::Frame;
use crate::web::session::{SignedIn, may};
use crate::web::upload::{FilePart, Upload, UploadLimits};

use super::fields::{PICTURES, TEAM};
use super::form_view::{FormView, PartView, RECEIPT, Widget};
use super::typed_intake::{tell, value_of, without_blank_rows};

/// What the form may bring.
const LIMITS: UploadLimits = UploadLimits { files: PICTURES, file_bytes: PHOTO_MAX_BYTES, all_bytes: 24 << 20 };

/// Submissions of one person an hour by this form: nobody learns a list by trying.
const MOST_AN_HOUR: i64 = 60;
const HOUR_MS: i64 = 3_600_000;

#[derive(Template)]
#[template(path = "candidates/new.html")]
struct NewPage {
    frame: Frame,
    view: FormView,
    files_lost: bool,
}

/// The empty form.
///
/// # Errors
/// None but those of the extractors.
pub async fn form(who: may::SubmitCandidates) -> Answer {
    let mut form = Form::blank();
    form.set(TEAM, who.user().team.clone());
    who.page(page(&who, &form, None, false))
}

/// Takes the form: one more row of a list, or a candidate.
///
/// # Errors
/// When the request cannot be read, or the database fails.
pub async fn create(who: may::SubmitCandidates, upload: Upload, app: Data<App>) -> Answer {
    let (form, mut files) = upload.read(&LIMITS).await?;
    if let Some(list) = form.optional("add") {
        return who.page(page(&who, &form, Some(&list), !files.is_empty()));
    }
    let mut form = without_blank_rows(&form, &mut files);
    if let Some(sent) = sent(&mut form, &files, who.user(), &app) {
        count_submission(&app, who.user()).await?;
        // A form that lost its number is as good as a new one.
        let number = form.optional(RECEIPT).and_then(|text| SubmissionId::parse(&text).ok()).unwrap_or_else(SubmissionId::random);
        match submit_once(&app.installation, sent, &Origin::of(who.actor()), number.as_str()).await {
            Ok(submitted) => return who.go(&format!("/candidates/{}", submitted.candidate), "Submitted."),
            Err(OnceError::Submit(SubmitError::Faults(faults))) => tell(&mut form, &faults),
            Err(OnceError::OtherBody) => {
                // Back in the browser, something changed, sent again: as a form of its own it may be sent.
                form.set(RECEIPT, SubmissionId::random().as_str());
                form.fault(
                    "name",
                    "This form was sent before with other content, which was kept. Send it again to submit this one as well",
                );
            }
            Err(OnceError::Submit(SubmitError::Busy)) => return Err(WebError::Busy { retry_after_s: 5 }),
            Err(OnceError::Submit(SubmitError::Store(error))) => return Err(error.into()),
        }
    }
    who.invalid(page(&who, &form, None, !files.is_empty()))
}

/// The form as an intake; none when there are faults, which are then noted.
fn sent(form: &mut Form, files: &[FilePart], user: &User, app: &App) -> Option<Sent> {
    for file in files {
        if let Some(problem) = file_problem(file) {
            form.fault(&file.field, problem);
        }
    }
    let bad: Vec<String> = form.faults().iter().map(|fault| fault.field.clone()).collect();
    let good: Vec<FilePart> = files.iter().filter(|file| !bad.contains(&file.field)).cloned().collect();
    let options = ReadOptions { account_key: app.installation.account_key(), allow_files: false };
    let read = read(&value_of(form, &good), &options).map_err(|faults| tell(form, &faults)).ok();
    let team = read.as_ref().and_then(|read| team(form, read, user));
    let (Some(IntakeRead { intake, pictures, .. }), Some(team), true) = (read, team, form.faults().is_empty()) else { return None };
    Some(Sent { intake, pictures, team })
}

/// What is wrong with a chosen file before it is opened.
fn file_problem(file: &FilePart) -> Option<&'static str> {
    if file.is_too_large {
        Some("The selected file must be at most 8 MB")
    } else if file.bytes.is_empty() {
        Some("The selected file is empty")
    } else if !photos::is_picture(&file.bytes) {
        Some("The selected file must be a JPG, PNG or WebP")
    } else {
        None
    }
}

/// The team of the candidate. Who sees one team alone submits for that team; another one is a bad value.
fn team(form: &mut Form, read: &IntakeRead, user: &User) -> Option<String> {
    let asked = read.intake.team.clone().unwrap_or_else(|| user.team.clone());
    if asked != user.team && !user.may(Action::SeeAllTeams) {
        let fault = Fault::new(TEAM, Some(&asked), "is not your team", user.team.clone());
        tell(form, &[fault]);
        return None;
    }
    Some(asked)
}

async fn count_submission(app: &App, user: &User) -> Result<(), WebError> {
    let now = app.installation.clock.now();
    let tries = throttle::hit(&app.installation.store, &format!("submit:{}", user.id), now, HOUR_MS).await?;
    if tries.count <= MOST_AN_HOUR {
        return Ok(());
    }
    let left_ms = tries.since.plus_ms(HOUR_MS).as_ms().saturating_sub(now.as_ms());
    Err(WebError::TooMany { retry_after_s: u64::try_from(left_ms / 1_000).unwrap_or(0) + 1 })
}

fn page(who: &SignedIn, form: &Form, grown: Option<&str>, files_lost: bool) -> NewPage {
    let fixed_team = (!who.user().may(Action::SeeAllTeams)).then_some(who.user().team.as_str());
    let frame = who.form_frame("Submit a candidate", form).under("Candidates", "/candidates");
    NewPage { frame, view: FormView::of(form, grown, fixed_team), files_lost }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8], is_too_large: bool) -> FilePart {
        FilePart { field: PICTURES[0].to_owned(), name: "a.png".into(), bytes: bytes.to_vec(), is_too_large }
    }

    #[test]
    fn a_file_that_is_no_picture_is_told_in_words() {
        assert_eq!(file_problem(&file(b"", true)), Some("The selected file must be at most 8 MB"));
        assert_eq!(file_problem(&file(b"", false)), Some("The selected file is empty"));
        assert_eq!(file_problem(&file(b"<svg/>", false)), Some("The selected file must be a JPG, PNG or WebP"));
        assert_eq!(file_problem(&file(b"\xff\xd8\xff\xe0", false)), None);
    }
}
