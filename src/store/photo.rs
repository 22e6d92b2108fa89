//! Pictures: hashes to search by, the gray copy to compare by, and the re-encoded picture to show. The bytes as sent are not
//! kept.

use crate::domain::id::PhotoId;
use crate::domain::photo::{GrayThumbnail, Hash256, PhotoFeatures, PhotoKind, RegionHash};
use crate::domain::time::Timestamp;
use crate::domain::user::Scope;

use super::error::StoreError;
use super::open::{Store, Write};
use super::sql;

/// What could be read of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    /// What is compared.
    pub features: PhotoFeatures,
    /// The picture to show, a JPEG made here.
    pub jpeg: Vec<u8>,
}

/// A picture to be stored.
#[derive(Debug, Clone)]
pub struct NewPhoto<'a> {
    /// Public id.
    pub id: &'a PhotoId,
    /// Internal number of the candidate.
    pub candidate: i64,
    /// Internal number of the submission.
    pub submission: i64,
    /// Index in the intake's `photos`.
    pub position: usize,
    /// What it shows.
    pub kind: PhotoKind,
    /// SHA-256 of the bytes as sent, 64 hexadecimal digits.
    pub sha256: &'a str,
    /// `jpeg`, `png` or `webp`.
    pub format: &'a str,
    /// Width of the upright picture in pixels.
    pub width: u32,
    /// Height of the upright picture in pixels.
    pub height: u32,
    /// When it was stored.
    pub at: Timestamp,
    /// What could be read of it, or why nothing.
    pub content: Result<&'a Readable, &'a str>,
}

/// A stored picture as the engines take it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPhoto {
    /// Its number.
    pub number: i64,
    /// Public id.
    pub id: PhotoId,
    /// Internal number of the candidate.
    pub candidate: i64,
    /// Internal number of the submission.
    pub submission: i64,
    /// Index in the intake's `photos`.
    pub position: usize,
    /// What it shows.
    pub kind: PhotoKind,
    /// SHA-256 of the bytes as sent.
    pub sha256: String,
    /// What is compared, or why the picture could not be read.
    pub features: Result<StoredFeatures, String>,
}

/// What is kept of a picture to compare it; the gray copy as its stored form, which `screening::photo` reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFeatures {
    /// The hashes.
    pub hashes: PhotoHashes,
    /// The stored form of the gray copy.
    pub gray: Vec<u8>,
}

impl StoredFeatures {
    /// The features, with the gray copy read.
    #[must_use]
    pub fn with_gray(&self, gray: GrayThumbnail) -> PhotoFeatures {
        let PhotoHashes { algorithm, whole, without_head, head, .. } = self.hashes.clone();
        PhotoFeatures { algorithm, whole, without_head, head, gray }
    }
}

/// The hashes of a picture, without the gray copy: what is kept in memory of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoHashes {
    /// Number of the picture.
    pub number: i64,
    /// Internal number of the candidate.
    pub candidate: i64,
    /// What it shows.
    pub kind: PhotoKind,
    /// Name of the hash algorithm.
    pub algorithm: String,
    /// The whole picture.
    pub whole: RegionHash,
    /// The whole picture without the head area.
    pub without_head: RegionHash,
    /// The head area.
    pub head: RegionHash,
}

row!(
    struct HashRow {
        number: i64,
        candidate: i64,
        kind: String,
        algorithm: Option<String>,
        hash_whole: Option<Vec<u8>>,
        hash_without_head: Option<Vec<u8>>,
        hash_head: Option<Vec<u8>>,
        quality_whole: Option<i64>,
        quality_without_head: Option<i64>,
        quality_head: Option<i64>,
    }
);

row!(
    struct PhotoRow {
        id: String,
        submission: i64,
        position: i64,
        sha256: String,
        fault: Option<String>,
        gray: Option<Vec<u8>>,
    }
);

/// A picture's hashes and the rest of its row.
struct WholeRow(HashRow, PhotoRow);

impl<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> for WholeRow {
    fn from_row(row: &'r sqlx::any::AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self(HashRow::from_row(row)?, PhotoRow::from_row(row)?))
    }
}

fn region(number: i64, column: &'static str, hash: Option<Vec<u8>>, quality: Option<i64>) -> Result<RegionHash, StoreError> {
    let wrong = || StoreError::inconsistent("photo", column, number);
    let hash = hash.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).ok_or_else(wrong)?;
    let quality = quality.and_then(|q| u8::try_from(q).ok()).ok_or_else(wrong)?;
    Ok(RegionHash { hash: Hash256(hash), quality })
}

impl TryFrom<HashRow> for PhotoHashes {
    type Error = StoreError;

    fn try_from(row: HashRow) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.number,
            candidate: row.candidate,
            kind: PhotoKind::parse(&row.kind).ok_or_else(|| StoreError::inconsistent("photo", "kind", row.number))?,
            algorithm: row.algorithm.ok_or_else(|| StoreError::inconsistent("photo", "algorithm", row.number))?,
            whole: region(row.number, "hash_whole", row.hash_whole, row.quality_whole)?,
            without_head: region(row.number, "hash_without_head", row.hash_without_head, row.quality_without_head)?,
            head: region(row.number, "hash_head", row.hash_head, row.quality_head)?,
        })
    }
}

impl TryFrom<WholeRow> for StoredPhoto {
    type Error = StoreError;

    fn try_from(WholeRow(hashes, row): WholeRow) -> Result<Self, StoreError> {
        let (number, candidate) = (hashes.number, hashes.candidate);
        let wrong = |column| StoreError::inconsistent("photo", column, number);
        let kind = PhotoKind::parse(&hashes.kind).ok_or_else(|| wrong("kind"))?;
        let features = match row.fault {
            Some(fault) => Err(fault),
            None => {
                let gray = row.gray.filter(|gray| !gray.is_empty()).ok_or_else(|| wrong("gray"))?;
                Ok(StoredFeatures { hashes: PhotoHashes::try_from(hashes)?, gray })
            }
        };
        Ok(Self {
            number,
            id: PhotoId::parse(&row.id).map_err(|_| wrong("id"))?,
            candidate,
            submission: row.submission,
            position: usize::try_from(row.position).map_err(|_| wrong("position"))?,
            kind,
            sha256: row.sha256,
            features,
        })
    }
}

/// Keeps a picture under a number of the photo counter, which the caller takes as the last step before this.
///
/// # Errors
/// When the database fails.
pub async fn insert(write: &mut Write, number: i64, new: &NewPhoto<'_>) -> Result<(), StoreError> {
    let features = new.content.as_ref().ok().map(|readable| &readable.features);
    let hash = |region: Option<&RegionHash>| region.map(|r| r.hash.0.to_vec());
    let quality = |region: Option<&RegionHash>| region.map(|r| i64::from(r.quality));
    let (whole, without, head) = (features.map(|f| &f.whole), features.map(|f| &f.without_head), features.map(|f| &f.head));
    sqlx::query(
        "INSERT INTO photo (
            number, id, candidate, submission, position, kind, sha256, format, width, height, created_at, fault, algorithm,
            hash_whole, hash_without_head, hash_head, quality_whole, quality_without_head, quality_head)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(number)
    .bind(new.id.as_str())
    .bind(new.candidate)
    .bind(new.submission)
    .bind(i64::try_from(new.position).unwrap_or(i64::MAX))
    .bind(new.kind.as_str())
    .bind(new.sha256)
    .bind(new.format)
    .bind(i64::from(new.width))
    .bind(i64::from(new.height))
    .bind(new.at.as_ms())
    .bind(new.content.as_ref().err().copied())
    .bind(features.map(|f| f.algorithm.as_str()))
    .bind(hash(whole))
    .bind(hash(without))
    .bind(hash(head))
    .bind(quality(whole))
    .bind(quality(without))
    .bind(quality(head))
    .execute(write.connection())
    .await?;
    if let Ok(readable) = new.content {
        sqlx::query("INSERT INTO photo_image (photo, gray, served) VALUES ($1, $2, $3)")
            .bind(number)
            .bind(readable.features.gray.coded.as_slice())
            .bind(readable.jpeg.as_slice())
            .execute(write.connection())
            .await?;
    }
    Ok(())
}

/// The JPEG to show, where the reader sees its candidate.
///
/// # Errors
/// When the database fails.
pub async fn served(store: &Store, scope: &Scope, id: &PhotoId) -> Result<Option<Vec<u8>>, StoreError> {
    let row: Option<(String, Vec<u8>)> = sqlx::query_as(
        "SELECT c.team, i.served
        FROM photo p JOIN candidate c ON c.number = p.candidate JOIN photo_image i ON i.photo = p.number
        WHERE p.id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(store.reader())
    .await?;
    Ok(row.filter(|(team, _)| scope.includes(team)).map(|(_, jpeg)| jpeg))
}

/// Hashes of the readable pictures above a number, in order, `limit` at most: how the columns in memory follow the table.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn hashes_above(store: &Store, number: i64, limit: i64) -> Result<Vec<PhotoHashes>, StoreError> {
    let rows: Vec<HashRow> = sqlx::query_as(
        "SELECT number, candidate, kind, algorithm, hash_whole, hash_without_head, hash_head,
            quality_whole, quality_without_head, quality_head
        FROM photo WHERE number > $1 AND fault IS NULL ORDER BY number LIMIT $2",
    )
    .bind(number)
    .bind(limit)
    .fetch_all(store.reader())
    .await?;
    rows.into_iter().map(PhotoHashes::try_from).collect()
}

/// The pictures of these candidates, unreadable ones included, by number. Each brings its gray copy (100 KB at most): for many
/// candidates scan [`hashes_above`] first and read the best by [`by_numbers`].
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn of_candidates(store: &Store, candidates: &[i64]) -> Result<Vec<StoredPhoto>, StoreError> {
    whole_rows(
        store,
        "SELECT p.number, p.id, p.candidate, p.submission, p.position, p.kind, p.sha256, p.fault, p.algorithm,
            p.hash_whole, p.hash_without_head, p.hash_head, p.quality_whole, p.quality_without_head, p.quality_head,
            i.gray
        FROM photo p LEFT JOIN photo_image i ON i.photo = p.number
        WHERE p.candidate IN {keys} ORDER BY p.number",
        candidates,
    )
    .await
}

/// The pictures with these numbers, by number; those that are gone are left out.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn by_numbers(store: &Store, numbers: &[i64]) -> Result<Vec<StoredPhoto>, StoreError> {
    whole_rows(
        store,
        "SELECT p.number, p.id, p.candidate, p.submission, p.position, p.kind, p.sha256, p.fault, p.algorithm,
            p.hash_whole, p.hash_without_head, p.hash_head, p.quality_whole, p.quality_without_head, p.quality_head,
            i.gray
        FROM photo p LEFT JOIN photo_image i ON i.photo = p.number
        WHERE p.number IN {keys} ORDER BY p.number",
        numbers,
    )
    .await
}

async fn whole_rows(store: &Store, text: &'static str, keys: &[i64]) -> Result<Vec<StoredPhoto>, StoreError> {
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.dedup();
    let mut found = Vec::new();
    for group in sql::padded(&keys) {
        let query = group.fold(sqlx::query_as(sql::with_keys(text, 1)), |query, key| query.bind(*key));
        let rows: Vec<WholeRow> = query.fetch_all(store.reader()).await?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    found.sort_unstable_by_key(|photo: &StoredPhoto| photo.number);
    Ok(found)
}
