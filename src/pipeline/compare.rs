//! One comparison explained, without a database: two names, two pictures.

use std::path::Path;

use anyhow::Context as _;

use crate::domain::name::PersonName;
use crate::domain::photo::Comparison;
use crate::screening::identity::align::{self, NameMatch};
use crate::screening::identity::normalize::NameForm;
use crate::screening::photo;

/// How two names compare.
///
/// # Errors
/// When one of them is no name; the text says which and why.
pub fn names(a: &str, b: &str) -> anyhow::Result<NameMatch> {
    let form = |which: &str, text: &str| {
        PersonName::parse(text).map(|name| NameForm::of(&name)).map_err(|error| anyhow::anyhow!("the {which} name {text:?} {error}"))
    };
    Ok(align::compare(&form("first", a)?, &form("second", b)?))
}

/// How two picture files compare.
///
/// # Errors
/// When a file cannot be read or is no picture that is taken; the text says which and why.
pub fn photos(a: &Path, b: &Path) -> anyhow::Result<Comparison> {
    let features = |path: &Path| {
        let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        photo::enroll(&bytes).map(|enrolled| enrolled.features).map_err(|fault| anyhow::anyhow!("{} {fault}", path.display()))
    };
    Ok(photo::compare(&features(a)?, &features(b)?))
}
