//! Logs: text or JSON lines on the standard error stream. Ids, codes, counts and durations only, never personal data.

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts logging with a filter such as `info` or `warn,bonafide=debug`. A second call changes nothing.
///
/// # Errors
/// When the filter does not parse.
pub fn start(filter: &str, format: LogFormat) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(filter).map_err(|error| anyhow::anyhow!("log is {filter:?}: {error}; expected a filter such as info"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    drop(started);
    Ok(())
}
