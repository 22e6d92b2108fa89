//! `doctor`: settings and where they come from, then how each part is.

use crate::config::{Config, Overrides, origins};
use crate::pipeline::doctor::{self, Check, Health};

use super::environment::Environment;
use super::{CommandError, print};

/// Says how this installation is: settings, permissions, database, clock, data, jobs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide doctor\n         bonafide doctor --json\nExit code 3: something does not work.")]
pub struct Doctor {
    /// One JSON line a check.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    /// Examines and prints.
    ///
    /// # Errors
    /// Exit code 3 when some part does not work.
    pub async fn run(self, flags: &Overrides) -> Result<(), CommandError> {
        let config = Config::load(flags, None).map_err(anyhow::Error::from)?;
        let mut checks = settings(&config, flags).map_err(anyhow::Error::from)?;
        match Environment::open_with(config.clone()).await {
            Err(error) => checks.push(Check::new("start", Health::Problem, format!("{error:#}"))),
            Ok(environment) => {
                checks.push(doctor::permissions("data folder", &config.data_dir));
                checks.push(doctor::permissions("secret file", &config.secret_file));
                if let Some(path) = config.database_url.strip_prefix("sqlite://") {
                    checks.push(doctor::permissions("database file", path.as_ref()));
                }
                checks.push(doctor::disk(&config.data_dir));
                match doctor::examine(&environment.installation).await {
                    Ok(more) => checks.extend(more),
                    Err(error) => checks.push(Check::new("database", Health::Problem, error.to_string())),
                }
                environment.close().await;
            }
        }
        self.say(&checks)
    }

    fn say(&self, checks: &[Check]) -> Result<(), CommandError> {
        for check in checks {
            if self.json {
                print::json(check)?;
                continue;
            }
            let mark = match check.health {
                Health::Ok => "ok      ",
                Health::Warning => "warning ",
                Health::Problem => "PROBLEM ",
            };
            print::line(format!("{mark}{}: {}", check.name, check.detail));
        }
        let problems = checks.iter().filter(|check| check.health == Health::Problem).count();
        if problems > 0 {
            return Err(anyhow::anyhow!("{problems} of {} checks found a problem", checks.len()).into());
        }
        Ok(())
    }
}

/// Each setting, its value without secrets, and where it comes from.
fn settings(config: &Config, flags: &Overrides) -> Result<Vec<Check>, crate::config::ConfigError> {
    let is_open = !config.listen.ip().is_loopback() && !config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    let mut checks = Vec::new();
    for (key, origin) in origins(flags)? {
        let value = match key {
            "listen" => config.listen.to_string(),
            "data_dir" => config.data_dir.display().to_string(),
            "database_url" => {
                config.database_url.strip_prefix("sqlite://").map_or_else(|| "postgres://…".to_owned(), |path| format!("sqlite://{path}"))
            }
            "public_url" => config.public_url.clone().unwrap_or_default(),
            "trusted_proxies" => config.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            "log" => config.log.clone(),
            "log_format" => format!("{:?}", config.log_format).to_lowercase(),
            "secret_file" => config.secret_file.display().to_string(),
            "sign_in_burst" => config.sign_in_burst.to_string(),
            _ => continue,
        };
        let shown = if value.is_empty() { "none".to_owned() } else { value };
        let health = if key == "listen" && is_open { Health::Warning } else { Health::Ok };
        let advice = if health == Health::Warning { "; reachable from other machines without https in front" } else { "" };
        checks.push(Check::new(&format!("setting {key}"), health, format!("{shown} ({origin}){advice}")));
    }
    Ok(checks)
}
