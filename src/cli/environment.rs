//! What most commands stand on: settings, logs, data folder, keys, an open and migrated database, and who is asking.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use crate::config::{Config, Overrides};
use crate::domain::time::Clock;
use crate::domain::user::Actor;
use crate::pipeline::installation::Installation;
use crate::secrets::Secrets;
use crate::store::{Store, migrate};
use crate::telemetry;

use super::print;

/// An opened installation.
pub struct Environment {
    /// The settings.
    pub config: Config,
    /// Store, clock, keys, pictures in memory.
    pub installation: Installation,
    /// Who runs the command, as the audit log names them.
    pub actor: Actor,
}

impl Environment {
    /// Opens what the settings name.
    ///
    /// # Errors
    /// A sentence that says which setting, folder, file or database cannot be used.
    pub async fn open(settings: &Overrides) -> anyhow::Result<Self> {
        Self::open_with(Config::load(settings, None)?).await
    }

    /// The same for a server, whose address may come as a flag.
    ///
    /// # Errors
    /// As [`Environment::open`].
    pub async fn open_listening(settings: &Overrides, listen: Option<SocketAddr>) -> anyhow::Result<Self> {
        let listen = listen.map(|address| address.to_string());
        Self::open_with(Config::load(settings, listen.as_deref())?).await
    }

    /// Opens what these settings name.
    ///
    /// # Errors
    /// As [`Environment::open`].
    pub async fn open_with(config: Config) -> anyhow::Result<Self> {
        telemetry::start(&config.log, config.log_format)?;
        make_private_folder(&config.data_dir).with_context(|| format!("the data folder {} cannot be made", config.data_dir.display()))?;
        let secrets = Secrets::open(&config.secret_file).with_context(|| format!("secret file {}", config.secret_file.display()))?;
        let store = Store::open(&config.database_url).await.with_context(|| place_of(&config.database_url))?;
        migrate::run(&store).await.with_context(|| place_of(&config.database_url))?;
        for warning in store.warnings() {
            print::warning(warning);
        }
        let installation = Installation::new(store, Clock::System, Arc::new(secrets));
        Ok(Self { config, installation, actor: local_actor() })
    }

    /// Ends the connections; SQLite folds its log into the file.
    pub async fn close(&self) {
        self.installation.store.close().await;
    }
}

/// The database in words; an address may hold a password, so only a file is named.
#[must_use]
pub fn place_of(database_url: &str) -> String {
    match database_url.strip_prefix("sqlite://") {
        Some(path) => format!("the database {path} cannot be used"),
        None => "the PostgreSQL database cannot be used".to_owned(),
    }
}

/// Makes a folder that its owner alone can open; one that exists stays as it is.
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// `local:<system user>`: the account whose process this is, not what the environment claims.
#[must_use]
pub fn local_actor() -> Actor {
    Actor { user: None, name: format!("local:{}", system_user().unwrap_or_else(|| "unknown".to_owned())) }
}

#[cfg(unix)]
fn system_user() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let Ok(own) = std::fs::metadata("/proc/self") else { return user_by_program() };
    let number = own.uid().to_string();
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == number).then(|| name.to_owned())
    });
    Some(named.unwrap_or(number))
}

/// Where there is no `/proc`: the name that POSIX's `id` gives.
#[cfg(unix)]
fn user_by_program() -> Option<String> {
    let answer = std::process::Command::new("id").arg("-un").output().ok()?;
    let name = String::from_utf8(answer.stdout).ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(not(unix))]
fn system_user() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_actor_is_the_account_of_the_process() {
        let actor = local_actor();
        assert!(actor.user.is_none());
        let name = actor.name.strip_prefix("local:").unwrap();
        assert_eq!(Some(name.to_owned()), user_by_program());
    }

    #[cfg(unix)]
    #[test]
    fn the_data_folder_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("a/b");
        make_private_folder(&data).unwrap();
        make_private_folder(&data).unwrap();
        assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_database_address_never_shows_its_password() {
        assert_eq!(place_of("postgres://u:hunter2@h/db"), "the PostgreSQL database cannot be used");
        assert_eq!(place_of("sqlite://./x.db"), "the database ./x.db cannot be used");
    }
}
