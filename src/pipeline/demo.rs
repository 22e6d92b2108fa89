//! The demonstration: invented candidates and lists that come in through the same readers as real ones, and go in one call.
//!
//! Everything is invented; the portraits are drawn from numbers. To add a story: lines in `data/demo`, and what they must come
//! out as in the test below.

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::domain::audit::AuditEvent;
use crate::domain::intake::{Fault, Picture};
use crate::domain::user::Actor;
use crate::exchange::intake::photos::sha256;
use crate::exchange::intake::{IntakeRead, PictureFile, ReadOptions, jsonl};
use crate::exchange::lists::Format;
use crate::store::demo::Removed;
use crate::store::{self, StoreError};

use super::installation::Installation;
use super::portrait::{self, Scene};
use super::screen::{self, Urgency};
use super::submit::{self, Origin, Prepared, Sent, SubmitError};
use super::watchlists::{self, WatchlistError};

const CANDIDATES: &str = include_str!("../../data/demo/candidates.jsonl");

/// Lists with their names.
const LISTS: [(&str, &str); 3] = [
    ("osint-personas", include_str!("../../data/demo/osint-personas.csv")),
    ("internal-incidents", include_str!("../../data/demo/internal-incidents.csv")),
    ("front-companies", include_str!("../../data/demo/front-companies.csv")),
];

/// Team of candidates that name none.
pub const TEAM: &str = "platform";

/// Candidates whose pictures are drawn and read at a time.
const AT_ONCE: usize = 4;

/// Why the demonstration could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The invented data is no good: an error of the program.
    #[error("the invented data has a fault: {0}")]
    Data(String),
    /// A picture could not be drawn.
    #[error("a portrait could not be drawn: {0}")]
    Portrait(String),
    /// A candidate was not taken.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A list was not taken.
    #[error(transparent)]
    Watchlist(#[from] WatchlistError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loaded {
    /// Lists.
    pub watchlists: usize,
    /// Candidates, each with its screening queued.
    pub candidates: usize,
}

/// Loads lists, then candidates; their screenings wait for the workers. All candidates come in one write.
///
/// # Errors
/// [`DemoError`]; lists that were published before stay, and [`remove`] takes them away.
pub async fn load(installation: &Installation) -> Result<Loaded, DemoError> {
    let actor = Actor::program();
    for (name, text) in LISTS {
        let proposal = watchlists::propose(installation, name, text.as_bytes(), Some(Format::Csv), false).await?;
        if let Some(fault) = proposal.rejected.first() {
            return Err(DemoError::Data(format!("{name}: {fault}")));
        }
        watchlists::apply(installation, &actor, proposal, "demonstration", true, true).await?;
    }
    let options = ReadOptions { account_key: installation.account_key(), allow_files: true };
    let read = jsonl::read(CANDIDATES.as_bytes(), &options).map_err(|faults| first(&faults))?;
    let prepared: Vec<Prepared> = stream::iter(read).map(|(_, read)| prepare(installation, read)).buffered(AT_ONCE).try_collect().await?;
    let candidates = prepared.len();
    let origin = Origin { actor: actor.clone(), import: None, is_demo: true };
    let mut write = installation.store.begin_write().await?;
    for one in prepared {
        submit::keep(installation, &mut write, one, &origin).await?;
    }
    let event = AuditEvent::new(installation.clock.now(), &actor, "demo.loaded", None)
        .with("candidates", candidates)
        .with("watchlists", LISTS.len());
    store::audit::append(&mut write, &event, &installation.audit_key()).await?;
    write.commit().await?;
    installation.wake.notify_waiters();
    Ok(Loaded { watchlists: LISTS.len(), candidates })
}

/// Removes everything of the demonstration in one write; candidates that stay and cited some of it are screened again.
///
/// # Errors
/// When the database fails; then everything is still there.
pub async fn remove(installation: &Installation, actor: &Actor) -> Result<Removed, StoreError> {
    let now = installation.clock.now();
    let mut write = installation.store.begin_write().await?;
    let removed = store::demo::remove(&mut write).await?;
    for candidate in &removed.touched {
        screen::queue(&mut write, *candidate, Urgency::Rescreen, now).await?;
    }
    let event =
        AuditEvent::new(now, actor, "demo.removed", None).with("candidates", removed.candidates).with("watchlists", removed.watchlists);
    store::audit::append(&mut write, &event, &installation.audit_key()).await?;
    write.commit().await?;
    installation.photos.remove(&removed.photos).await;
    installation.wake.notify_waiters();
    Ok(removed)
}

/// True when there is anything of the demonstration.
///
/// # Errors
/// When the database fails.
pub async fn is_present(installation: &Installation) -> Result<bool, StoreError> {
    store::demo::is_present(&installation.store).await
}

/// Draws the pictures of one candidate, then goes the way of every submission.
async fn prepare(installation: &Installation, read: IntakeRead) -> Result<Prepared, DemoError> {
    let IntakeRead { mut intake, mut pictures, files } = read;
    for PictureFile { index, name } in files {
        let drawing = tokio::task::spawn_blocking(move || draw(&name));
        let bytes = drawing.await.map_err(|error| DemoError::Portrait(error.to_string()))??;
        if let Some(claim) = intake.photos.get_mut(index) {
            claim.sha256 = Some(sha256(&bytes));
        }
        pictures.push(Picture { index, bytes });
    }
    let team = intake.team.clone().unwrap_or_else(|| TEAM.to_owned());
    Ok(submit::prepare(installation, Sent { intake, pictures, team }).await?)
}

/// Draws `portrait-<face>-<clothes>-<backdrop>[-mirrored].png`. Clothes and backdrop alone decide the shot, so another face
/// in the same ones is the same photo with its face replaced.
fn draw(name: &str) -> Result<Vec<u8>, DemoError> {
    let no_portrait = || DemoError::Portrait(format!("{name} is no portrait-<face>-<clothes>-<backdrop>.png"));
    let numbers = name.strip_prefix("portrait-").and_then(|rest| rest.strip_suffix(".png")).ok_or_else(no_portrait)?;
    let (numbers, is_mirrored) = match numbers.strip_suffix("-mirrored") {
        Some(numbers) => (numbers, true),
        None => (numbers, false),
    };
    let numbers: Result<Vec<u64>, _> = numbers.split('-').map(str::parse).collect();
    let Ok([face_seed, clothes_seed, backdrop_seed]) = numbers.as_deref() else { return Err(no_portrait()) };
    let scene = Scene { face_seed: *face_seed, clothes_seed: *clothes_seed, backdrop_seed: *backdrop_seed };
    let mut picture = portrait::draw(clothes_seed * 1_000 + backdrop_seed, &scene);
    if is_mirrored {
        image::imageops::flip_horizontal_in_place(&mut picture);
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).map_err(|error| DemoError::Portrait(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn first(faults: &[Fault]) -> DemoError {
    DemoError::Data(faults.first().map_or_else(|| "no fault was told".to_owned(), ToString::to_string))
}
