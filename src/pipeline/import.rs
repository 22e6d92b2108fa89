//! Many candidates come in one file: read and previewed, then all of them or none, in one write.
//!
//! [`preview`] does everything that takes time: rows are read, pictures enrolled, keys computed. [`import`] only keeps what the
//! preview prepared. A preview that is dropped leaves nothing behind.

use std::collections::HashMap;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use futures_util::{StreamExt, stream};

use crate::domain::audit::AuditEvent;
use crate::domain::id::ImportId;
use crate::domain::intake::{Fault, PHOTO_MAX_BYTES, Picture};
use crate::domain::user::Actor;
use crate::exchange::intake::photos::{is_picture, sha256};
use crate::exchange::intake::{IntakeRead, PictureFile, ReadOptions, csv, jsonl};
use crate::store::counter;
use crate::store::import::Import;
use crate::store::{self, StoreError};

use super::installation::Installation;
use super::submit::{self, Arrival, Origin, Prepared, Sent, SubmitError};

/// Rows whose pictures and keys are worked out at a time.
const AT_ONCE: usize = 8;

/// Rows asked for at a time when a preview counts what is known already.
const COUNTED_AT_ONCE: usize = 200;

/// Most faults told; a file of the wrong kind has millions.
const FAULTS_MAX: usize = 10_000;

/// How the file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A table with a header line.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl Layout {
    /// The layout that a file's name ends in.
    #[must_use]
    pub fn of_name(name: &Path) -> Option<Self> {
        let extension = name.extension()?.to_str()?.to_lowercase();
        match extension.as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// Which team the candidates belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TeamRule {
    /// The team that a row names, else this one.
    Default(String),
    /// This one; a row that names another is a fault (a recruiter's import).
    Only(String),
}

impl TeamRule {
    /// The team of who imports.
    #[must_use]
    pub const fn own(&self) -> &String {
        match self {
            Self::Default(team) | Self::Only(team) => team,
        }
    }

    fn of(&self, read: &IntakeRead) -> Result<String, Fault> {
        match (self, &read.intake.team) {
            (Self::Only(own), Some(team)) if team != own => {
                Err(Fault::new("team", Some(team), "is another team", format!("{own}, or no team")))
            }
            (Self::Default(_), Some(team)) => Ok(team.clone()),
            (rule, _) => Ok(rule.own().clone()),
        }
    }
}

/// Where the file comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// How it is laid out.
    pub layout: Layout,
    /// Folder in which pictures lie that rows name; none where files cannot be named.
    pub folder: Option<PathBuf>,
    /// Which team the candidates belong to.
    pub team: TeamRule,
}

/// How many candidates of a file are what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Not seen before.
    pub new: usize,
    /// Seen before, with other content.
    pub changed: usize,
    /// Seen before with the same content: nothing is stored.
    pub known: usize,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.new + self.changed + self.known
    }

    const fn add(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::NewCandidate => self.new += 1,
            Arrival::NewSubmission => self.changed += 1,
            Arrival::Known => self.known += 1,
        }
    }
}

/// A file whose rows are good and ready to be kept.
#[derive(Debug)]
pub struct Preview {
    /// What would come of it, as things stand now.
    pub counts: Counts,
    prepared: Vec<Prepared>,
    team: String,
}

/// An import that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Its id; none when everything was known and nothing was kept.
    pub id: Option<ImportId>,
    /// What came of the rows.
    pub counts: Counts,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Some rows are no good; each with its line.
    #[error("{} faults; nothing was imported", .0.len())]
    Faults(Vec<Fault>),
    /// Everything that reads pictures is busy.
    #[error("all picture readers are busy; nothing was imported")]
    Busy,
    /// The store.
    #[error("nothing was imported")]
    Store(#[from] StoreError),
}

impl From<SubmitError> for ImportError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Faults(faults) => Self::Faults(faults),
            SubmitError::Busy => Self::Busy,
            SubmitError::Store(error) => Self::Store(error),
        }
    }
}

/// Reads the whole file and prepares every row. `progress` is told how many rows are ready.
///
/// # Errors
/// [`ImportError::Faults`] with every fault of every row, in the order of the file.
pub async fn preview(
    installation: &Installation,
    reader: impl BufRead,
    place: &Place,
    progress: impl Fn(usize),
) -> Result<Preview, ImportError> {
    let options = ReadOptions { account_key: installation.account_key(), allow_files: place.folder.is_some() };
    let rows: Box<dyn Iterator<Item = Row>> = match place.layout {
        Layout::Csv => Box::new(csv::Candidates::open(reader, options).map_err(ImportError::Faults)?),
        Layout::Jsonl => Box::new(jsonl::Candidates::new(reader, options)),
    };
    let mut seen = HashMap::new();
    let checked = rows.map(|row| row.and_then(|(line, read)| check(line, read, place, &mut seen)));
    // Several rows at a time, and told in the order of the file; the bytes of pictures live only as long as their row.
    let work = checked.map(|row| prepare(installation.clone(), row, place.folder.clone()));
    let mut ready = stream::iter(work).buffered(AT_ONCE);
    let (mut prepared, mut faults) = (Vec::new(), Vec::new());
    while let Some(row) = ready.next().await {
        match row {
            Ok(row) if faults.is_empty() => prepared.push(row),
            Ok(_) => prepared.clear(),
            Err(ImportError::Faults(more)) => faults.extend(more),
            Err(other) => return Err(other),
        }
        if faults.len() >= FAULTS_MAX {
            break;
        }
        progress(prepared.len());
    }
    drop(ready);
    if !faults.is_empty() {
        faults.truncate(FAULTS_MAX);
        return Err(ImportError::Faults(faults));
    }
    if prepared.is_empty() {
        let fault = Fault::new("file", None, "holds no candidate", "at least one row").on_line(1);
        return Err(ImportError::Faults(vec![fault]));
    }
    let counts = count(installation, &prepared).await?;
    Ok(Preview { counts, prepared, team: place.team.own().clone() })
}

/// Keeps everything that a preview prepared, in one write; the workers screen it then.
///
/// # Errors
/// [`ImportError::Store`]; then nothing was kept.
pub async fn import(installation: &Installation, actor: &Actor, preview: Preview, file_name: &str) -> Result<Imported, ImportError> {
    let at = installation.clock.now();
    let id = ImportId::random();
    let rows = preview.prepared.len();
    let origin = Origin { actor: actor.clone(), import: Some(id.clone()), is_demo: false };
    let mut write = installation.store.begin_write().await?;
    // Counters are locked in the order of a single submission, so that the two never wait for each other.
    store::candidate::reserve(&mut write, 1).await?;
    store::submission::reserve(&mut write, 1).await?;
    counter::reserve(&mut write, "job", 1).await?;
    let candidates = i64::try_from(rows).unwrap_or(i64::MAX);
    let noted = Import { id: id.clone(), file_name: file_name.to_owned(), at, team: preview.team, by: actor.clone(), candidates };
    store::import::insert(&mut write, &noted).await?;
    let mut counts = Counts::default();
    for prepared in preview.prepared {
        counts.add(submit::keep(installation, &mut write, prepared, &origin).await?.arrival);
    }
    if counts.known == rows {
        return Ok(Imported { id: None, counts });
    }
    let event = AuditEvent::new(at, actor, "candidates.imported", Some(id.as_str()))
        .with("new", counts.new)
        .with("changed", counts.changed)
        .with("known", counts.known);
    store::audit::append(&mut write, &event, &installation.audit_key()).await?;
    write.commit().await?;
    installation.wake.notify_waiters();
    Ok(Imported { id: Some(id), counts })
}

/// A row as read, or what is wrong with it.
type Row = Result<(u64, IntakeRead), Vec<Fault>>;

/// A row that fits the file and the sender.
struct Checked {
    line: u64,
    read: IntakeRead,
    team: String,
}

/// One candidate stands once in a file, in a team that the sender may name.
fn check(line: u64, read: IntakeRead, place: &Place, seen: &mut HashMap<(String, String), u64>) -> Result<Checked, Vec<Fault>> {
    let team = place.team.of(&read).map_err(|fault| vec![fault.on_line(line)])?;
    if let Some(id) = &read.intake.external_id {
        let first = *seen.entry((team.clone(), id.clone())).or_insert(line);
        if first != line {
            let problem = format!("stands on line {first} already");
            return Err(vec![Fault::new("external_id", Some(id), problem, "each candidate once in a file").on_line(line)]);
        }
    }
    Ok(Checked { line, read, team })
}

/// Reads the pictures beside the file, then goes the way of every submission, on a thread of its own.
async fn prepare(installation: Installation, row: Result<Checked, Vec<Fault>>, folder: Option<PathBuf>) -> Result<Prepared, ImportError> {
    let Checked { line, mut read, team } = row.map_err(ImportError::Faults)?;
    let work = tokio::spawn(async move {
        if let Some(folder) = folder.filter(|_| !read.files.is_empty()) {
            let reading = tokio::task::spawn_blocking(move || add_files(&folder, &mut read).map(|()| read));
            read = reading
                .await
                .unwrap_or_else(|error| Err(vec![Fault::new("photos", None, error.to_string(), "a readable picture")]))
                .map_err(SubmitError::Faults)?;
        }
        let IntakeRead { intake, pictures, .. } = read;
        submit::prepare(&installation, Sent { intake, pictures, team }).await
    });
    let unreadable =
        |error: tokio::task::JoinError| vec![Fault::new("row", None, error.to_string(), "a row that can be read").on_line(line)];
    match work.await.map_err(|error| ImportError::Faults(unreadable(error)))? {
        Err(SubmitError::Faults(faults)) => Err(ImportError::Faults(faults.into_iter().map(|fault| fault.on_line(line)).collect())),
        prepared => Ok(prepared?),
    }
}

/// Reads the pictures that a row names.
fn add_files(folder: &Path, read: &mut IntakeRead) -> Result<(), Vec<Fault>> {
    let mut faults = Vec::new();
    for PictureFile { index, name } in std::mem::take(&mut read.files) {
        match picture(folder, &name) {
            Ok(bytes) => {
                if let Some(claim) = read.intake.photos.get_mut(index) {
                    claim.sha256 = Some(sha256(&bytes));
                }
                read.pictures.push(Picture { index, bytes });
            }
            Err((problem, expected)) => faults.push(Fault::new(format!("photos[{index}]"), Some(&name), problem, expected)),
        }
    }
    read.pictures.sort_by_key(|picture| picture.index);
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The bytes of a picture beside the file. The name has no way up; here no part of it may be a link either.
fn picture(folder: &Path, name: &str) -> Result<Vec<u8>, (String, &'static str)> {
    const EXPECTED: &str = "a JPEG, PNG or WebP picture beside the file";
    let absent = |error: std::io::Error| {
        let problem =
            if error.kind() == std::io::ErrorKind::NotFound { "is not there".to_owned() } else { format!("cannot be read: {error}") };
        (problem, EXPECTED)
    };
    let mut path = folder.to_owned();
    let mut is_file = false;
    for part in name.split('/') {
        path.push(part);
        let kind = std::fs::symlink_metadata(&path).map_err(absent)?.file_type();
        if kind.is_symlink() {
            return Err(("is a symbolic link".to_owned(), EXPECTED));
        }
        is_file = kind.is_file();
    }
    if !is_file {
        return Err(("is no file".to_owned(), EXPECTED));
    }
    let mut bytes = Vec::new();
    let limit = PHOTO_MAX_BYTES as u64 + 1;
    std::fs::File::open(&path).map_err(absent)?.take(limit).read_to_end(&mut bytes).map_err(absent)?;
    if bytes.len() > PHOTO_MAX_BYTES {
        return Err(("is larger than 8 MB".to_owned(), "at most 8 MB"));
    }
    if !is_picture(&bytes) {
        return Err(("is not a picture of a type that is read".to_owned(), "JPEG, PNG or WebP"));
    }
    Ok(bytes)
}

/// What would come of the rows as things stand now, in short writes that are never committed.
async fn count(installation: &Installation, prepared: &[Prepared]) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    for rows in prepared.chunks(COUNTED_AT_ONCE) {
        let mut write = installation.store.begin_write().await?;
        for row in rows {
            counts.add(submit::arrival(&mut write, row).await?);
        }
    }
    Ok(counts)
}
