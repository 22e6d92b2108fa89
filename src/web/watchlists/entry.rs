//! `/watchlists/{id}/entries/…`: add an entry, see and change one, switch it off, take it off the list.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::domain::id::EntryId;
use crate::domain::user::Action;
use crate::domain::watchlist::{Entry, EntryStatus, Tlp, Watchlist};
use crate::pipeline::watchlists::{self, WatchlistError};
use crate::store;
use crate::web::app::App;
use crate::web::candidates::difference::shown;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::page::Frame;
use crate::web::session::{SignedIn, may};

use super::persona::{self, Field, LISTS, SINGLES, Shown};
use super::show::counts_less;
use super::{failed, find};

#[derive(Template)]
#[template(path = "watchlists/entry.html")]
struct EntryPage {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    /// The entry as it stands; none for a new one.
    entry: Option<EntryView>,
    may_change: bool,
}

/// An entry that stands on the list.
struct EntryView {
    path: String,
    fields: Vec<Shown>,
    status: EntryStatus,
    counts_less: Option<&'static str>,
    accounts: usize,
}

impl EntryPage {
    const fn lists(&self) -> &'static [Field] {
        LISTS
    }

    const fn singles(&self) -> &'static [Field] {
        SINGLES
    }

    fn traffic_lights(&self) -> Vec<(&'static str, &'static str)> {
        std::iter::once(("", "Not said")).chain(Tlp::ALL.iter().map(|word| (word.as_str(), word.as_str()))).collect()
    }

    /// Word, label and what it means.
    const fn statuses(&self) -> &'static [(EntryStatus, &'static str, &'static str)] {
        &[
            (EntryStatus::Active, "Active", "It counts"),
            (EntryStatus::Paused, "Paused", "It gives no finding until someone switches it on again"),
            (EntryStatus::Disputed, "Disputed", "Someone contests it: it gives context only"),
        ]
    }
}

/// The list and the entry of an address.
async fn find_entry(app: &App, list: &str, entry: &str) -> Result<(Watchlist, Entry), WebError> {
    let list = find(app, list).await?;
    let id = EntryId::parse(entry).map_err(|_| WebError::NotFound)?;
    let found = store::entry::find(&app.installation.store, &id).await?.map(|listed| listed.entry);
    let entry = found.filter(|entry| entry.list == list.name).ok_or(WebError::NotFound)?;
    Ok((list, entry))
}

fn new_page(who: &SignedIn, list: &Watchlist, form: Form) -> EntryPage {
    let back = format!("/watchlists/{}", list.id);
    let frame = who.form_frame("Add an entry", &form).under("Watchlists", "/watchlists").under(list.name.clone(), back.clone());
    EntryPage { frame, form, action: format!("{back}/entries/new"), back, entry: None, may_change: true }
}

fn entry_page(who: &SignedIn, app: &App, list: &Watchlist, entry: &Entry, form: Form) -> EntryPage {
    let back = format!("/watchlists/{}", list.id);
    let path = format!("{back}/entries/{}", entry.id);
    let frame = who.form_frame(shown(&entry.persona.title()), &form);
    EntryPage {
        frame: frame.under("Watchlists", "/watchlists").under(list.name.clone(), back.clone()),
        form,
        action: path.clone(),
        back,
        entry: Some(EntryView {
            path,
            fields: persona::shown_fields(&entry.persona),
            status: entry.status,
            counts_less: counts_less(entry, app.installation.clock.now()),
            accounts: entry.persona.payout_accounts.len(),
        }),
        may_change: who.user().may(Action::ChangeWatchlists),
    }
}

/// The empty form.
///
/// # Errors
/// Not found for no list.
pub async fn form(who: may::ChangeWatchlists, id: Path<String>, app: Data<App>) -> Answer {
    let list = find(&app, &id).await?;
    who.page(new_page(&who, &list, Form::blank()))
}

/// Adds an entry.
///
/// # Errors
/// Not found for no list, conflict when the list changed meanwhile.
pub async fn add(who: may::ChangeWatchlists, id: Path<String>, mut form: Form, app: Data<App>) -> Answer {
    let list = find(&app, &id).await?;
    let Some(content) = persona::read(&mut form, &app.installation.account_key(), None) else {
        return who.invalid(new_page(&who, &list, form));
    };
    match watchlists::save_entry(&app.installation, &who.actor(), &list.id, None, content).await {
        Ok(_) => who.go(&format!("/watchlists/{}", list.id), "The entry is added. Earlier candidates that it touches are screened again."),
        Err(WatchlistError::Faults(faults)) => {
            persona::tell(&mut form, &faults);
            who.invalid(new_page(&who, &list, form))
        }
        Err(error) => Err(failed(error)),
    }
}

/// One entry.
///
/// # Errors
/// Not found for no entry of this list.
pub async fn show(who: may::SeeWatchlists, path: Path<(String, String)>, app: Data<App>) -> Answer {
    let (list, entry) = find_entry(&app, &path.0, &path.1).await?;
    let form = persona::form_of(&entry.persona);
    who.page(entry_page(&who, &app, &list, &entry, form))
}

/// Gives an entry new content.
///
/// # Errors
/// As [`add`].
pub async fn save(who: may::ChangeWatchlists, path: Path<(String, String)>, mut form: Form, app: Data<App>) -> Answer {
    let (list, entry) = find_entry(&app, &path.0, &path.1).await?;
    let read = persona::read(&mut form, &app.installation.account_key(), Some(&entry.persona));
    let Some(content) = read else { return who.invalid(entry_page(&who, &app, &list, &entry, form)) };
    let here = format!("/watchlists/{}/entries/{}", list.id, entry.id);
    if content == entry.persona {
        return who.go(&here, "Nothing was different, so nothing was changed.");
    }
    match watchlists::save_entry(&app.installation, &who.actor(), &list.id, Some(&entry.id), content).await {
        Ok(_) => who.go(&here, "The entry is saved. Earlier candidates that it touches are screened again."),
        Err(WatchlistError::Faults(faults)) => {
            persona::tell(&mut form, &faults);
            who.invalid(entry_page(&who, &app, &list, &entry, form))
        }
        Err(error) => Err(failed(error)),
    }
}

/// Switches an entry on or off, or marks it as disputed.
///
/// # Errors
/// As [`add`]; malformed for another word.
pub async fn set_status(who: may::ChangeWatchlists, path: Path<(String, String)>, form: Form, app: Data<App>) -> Answer {
    let (list, entry) = find_entry(&app, &path.0, &path.1).await?;
    let here = format!("/watchlists/{}/entries/{}", list.id, entry.id);
    let status = EntryStatus::parse(form.value("status")).ok_or(WebError::Malformed)?;
    if status == entry.status {
        return who.go(&here, "Nothing was different, so nothing was changed.");
    }
    watchlists::set_status(&app.installation, &who.actor(), &list.id, &entry.id, status).await.map_err(failed)?;
    who.go(&here, &format!("The entry is {status} now. Candidates that it concerns are screened again."))
}

#[derive(Template)]
#[template(path = "watchlists/remove.html")]
struct RemovePage {
    frame: Frame,
    list: Watchlist,
    path: String,
    fields: Vec<Shown>,
}

/// Asks before an entry is taken off the list.
///
/// # Errors
/// As [`show`].
pub async fn ask_removal(who: may::ChangeWatchlists, path: Path<(String, String)>, app: Data<App>) -> Answer {
    let (list, entry) = find_entry(&app, &path.0, &path.1).await?;
    let back = format!("/watchlists/{}", list.id);
    let path = format!("{back}/entries/{}", entry.id);
    let title = shown(&entry.persona.title());
    let frame = who.frame(format!("Remove {title}"));
    let frame = frame.under("Watchlists", "/watchlists").under(list.name.clone(), back).under(title, path.clone());
    who.page(RemovePage { frame, list, path, fields: persona::identifiers(&entry.persona) })
}

/// Takes an entry off the list.
///
/// # Errors
/// As [`add`].
pub async fn remove(who: may::ChangeWatchlists, path: Path<(String, String)>, _form: Form, app: Data<App>) -> Answer {
    let (list, entry) = find_entry(&app, &path.0, &path.1).await?;
    watchlists::remove_entry(&app.installation, &who.actor(), &list.id, &entry.id).await.map_err(failed)?;
    who.go(&format!("/watchlists/{}", list.id), "The entry is removed. Candidates that it concerned are screened again.")
}
