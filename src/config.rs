//! Settings of the process (CONTRACT section 8): flags beat the environment, which beats `bonafide.toml`.
//!
//! An unknown key stops the start, and so does a value that does not parse: a setting that is silently ignored is a trap.
//!
//! To add a setting: a name in [`KEYS`], a field in [`Config`], a line in [`Config::from_values`], and the README's table.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;

/// The keys of `bonafide.toml`; in the environment they are upper case behind `BONAFIDE_`.
const KEYS: [&str; 9] =
    ["listen", "data_dir", "database_url", "public_url", "trusted_proxies", "log", "log_format", "secret_file", "sign_in_burst"];

const PREFIX: &str = "BONAFIDE_";

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key nobody reads.
    #[error("{place} sets {key}, which this version does not know: expected one of {known}")]
    UnknownKey {
        /// `the environment` or the file.
        place: String,
        /// The key as written.
        key: String,
        /// The keys that are known.
        known: String,
    },
    /// A value that does not parse.
    #[error("{key} is {value:?}: expected {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// The value as written.
        value: String,
        /// What is expected.
        expected: &'static str,
    },
    /// A file that cannot be read.
    #[error("the settings file {path} cannot be read: {reason}")]
    File {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The settings of the process.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// `BONAFIDE_LISTEN`, default `127.0.0.1:8080`: address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// `BONAFIDE_DATA_DIR`, default `./data`: database and keys, mode 0700.
    pub data_dir: PathBuf,
    /// `BONAFIDE_DATABASE_URL`, default `bonafide.db` in the data folder, on SQLite.
    pub database_url: String,
    /// `BONAFIDE_PUBLIC_URL`, no default: how browsers reach this server.
    pub public_url: Option<String>,
    /// `BONAFIDE_TRUSTED_PROXIES`, default empty: networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// `BONAFIDE_LOG`, default `info`: filter of `tracing`.
    pub log: String,
    /// `BONAFIDE_LOG_FORMAT`, default `text`.
    pub log_format: LogFormat,
    /// `BONAFIDE_SECRET_FILE`, default `secret.key` in the data folder.
    pub secret_file: PathBuf,
    /// `BONAFIDE_SIGN_IN_BURST`, default 10: sign-in tries per address before waiting.
    pub sign_in_burst: u32,
}

/// Flags that beat everything else.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Overrides {
    /// Settings file [default: bonafide.toml in the working directory, if there is one].
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Folder of the database and the keys [default: ./data].
    #[arg(long = "data", value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// Database: sqlite://PATH or postgres://… [default: bonafide.db in the data folder].
    #[arg(long = "database", value_name = "URL", global = true)]
    pub database_url: Option<String>,
}

impl Config {
    /// Reads the settings file and the environment, then applies the flags.
    ///
    /// # Errors
    /// [`ConfigError`] names the key, what it holds and what is expected.
    pub fn load(flags: &Overrides, listen: Option<&str>) -> Result<Self, ConfigError> {
        let mut values = BTreeMap::new();
        read_file(flags.config.as_deref(), &mut values)?;
        read_environment(std::env::vars(), &mut values)?;
        if let Some(dir) = &flags.data_dir {
            values.insert("data_dir", dir.display().to_string());
        }
        if let Some(url) = &flags.database_url {
            values.insert("database_url", url.clone());
        }
        if let Some(listen) = listen {
            values.insert("listen", listen.to_owned());
        }
        Self::from_values(&values)
    }

    fn from_values(values: &BTreeMap<&'static str, String>) -> Result<Self, ConfigError> {
        let text = |key: &'static str, default: &str| values.get(key).cloned().unwrap_or_else(|| default.to_owned());
        let fault = |key, value: &str, expected| ConfigError::Value { key, value: value.to_owned(), expected };
        let listen = text("listen", "127.0.0.1:8080");
        let data_dir = PathBuf::from(text("data_dir", "./data"));
        let database_url = text("database_url", &format!("sqlite://{}", data_dir.join("bonafide.db").display()));
        if !["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| database_url.starts_with(scheme)) {
            return Err(fault("database_url", "(hidden)", "sqlite://PATH or postgres://USER@HOST/NAME"));
        }
        let public_url = values.get("public_url").map(|url| url.trim_end_matches('/').to_owned());
        if let Some(url) = &public_url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            return Err(fault("public_url", url, "an address such as https://vetting.example.com"));
        }
        let trusted_proxies = text("trusted_proxies", "")
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| {
                let network = part.parse::<IpNet>().or_else(|_| part.parse::<std::net::IpAddr>().map(IpNet::from));
                network.map_err(|_| fault("trusted_proxies", part, "networks such as 10.0.0.0/8, separated by commas"))
            })
            .collect::<Result<_, _>>()?;
        let log_format = match text("log_format", "text").as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            other => return Err(fault("log_format", other, "text or json")),
        };
        let burst = text("sign_in_burst", "10");
        Ok(Self {
            listen: listen.parse().map_err(|_| fault("listen", &listen, "an address and port such as 127.0.0.1:8080"))?,
            secret_file: values.get("secret_file").map_or_else(|| data_dir.join("secret.key"), PathBuf::from),
            data_dir,
            database_url,
            public_url,
            trusted_proxies,
            log: text("log", "info"),
            log_format,
            sign_in_burst: burst
                .parse()
                .ok()
                .filter(|n| (1..=1000).contains(n))
                .ok_or_else(|| fault("sign_in_burst", &burst, "a whole number of 1 to 1000"))?,
        })
    }
}

impl std::fmt::Debug for Config {
    /// Leaves out the database address, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("listen", &self.listen).field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

/// Where each setting comes from, for people who look for a value that they did not expect.
///
/// # Errors
/// As [`Config::load`].
pub fn origins(flags: &Overrides) -> Result<Vec<(&'static str, String)>, ConfigError> {
    let (mut in_file, mut in_environment) = (BTreeMap::new(), BTreeMap::new());
    read_file(flags.config.as_deref(), &mut in_file)?;
    read_environment(std::env::vars(), &mut in_environment)?;
    let origin = |key: &'static str| {
        let is_flag = (key == "data_dir" && flags.data_dir.is_some()) || (key == "database_url" && flags.database_url.is_some());
        let origin = match key {
            _ if is_flag => "flag".to_owned(),
            key if in_environment.contains_key(key) => format!("environment {PREFIX}{}", key.to_uppercase()),
            key if in_file.contains_key(key) => "settings file".to_owned(),
            _ => "default".to_owned(),
        };
        (key, origin)
    };
    Ok(KEYS.into_iter().map(origin).collect())
}

fn known(key: &str, place: &str) -> Result<&'static str, ConfigError> {
    KEYS.iter().copied().find(|known| *known == key).ok_or_else(|| ConfigError::UnknownKey {
        place: place.to_owned(),
        key: key.to_owned(),
        known: KEYS.join(", "),
    })
}

fn read_file(path: Option<&Path>, values: &mut BTreeMap<&'static str, String>) -> Result<(), ConfigError> {
    let default = Path::new("bonafide.toml");
    let path = match path {
        Some(path) => path,
        None if default.is_file() => default,
        None => return Ok(()),
    };
    let fail = |reason: String| ConfigError::File { path: path.display().to_string(), reason };
    let text = std::fs::read_to_string(path).map_err(|e| fail(e.to_string()))?;
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| fail(e.message().to_owned()))?;
    for (key, value) in table {
        let key = known(&key, &path.display().to_string())?;
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Array(parts) => parts.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(","),
            other => return Err(fail(format!("{key} is a {}, expected a text or a number", other.type_str()))),
        };
        values.insert(key, value);
    }
    Ok(())
}

fn read_environment(
    variables: impl Iterator<Item = (String, String)>,
    values: &mut BTreeMap<&'static str, String>,
) -> Result<(), ConfigError> {
    for (name, value) in variables {
        if let Some(key) = name.strip_prefix(PREFIX) {
            values.insert(known(&key.to_lowercase(), "the environment")?, value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, &str)]) -> Result<Config, ConfigError> {
        Config::from_values(&pairs.iter().map(|(k, v)| (*k, (*v).to_owned())).collect())
    }

    #[test]
    fn the_defaults_are_local_and_embedded() {
        let config = of(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database_url, "sqlite://./data/bonafide.db");
        assert_eq!(config.secret_file, Path::new("./data/secret.key"));
    }

    #[test]
    fn an_unknown_key_stops_the_start() {
        let mut values = BTreeMap::new();
        let fault = read_environment([("BONAFIDE_LISTN".to_owned(), "x".to_owned())].into_iter(), &mut values).unwrap_err();
        assert!(fault.to_string().contains("listn") && fault.to_string().contains("listen"), "{fault}");
        assert!(read_environment([("OTHER".to_owned(), "x".to_owned())].into_iter(), &mut values).is_ok());
    }

    #[test]
    fn a_bad_value_names_its_key_and_what_is_expected() {
        for (key, value) in [
            ("listen", "8080"),
            ("trusted_proxies", "10.0.0.0/99"),
            ("log_format", "xml"),
            ("sign_in_burst", "0"),
            ("public_url", "example.com"),
            ("database_url", "mysql://x"),
        ] {
            let text = of(&[(key, value)]).unwrap_err().to_string();
            assert!(text.starts_with(key) && text.contains("expected"), "{text}");
        }
    }

    #[test]
    fn debug_hides_the_database_password() {
        let config = of(&[("database_url", "postgres://u:hunter2@h/db")]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
