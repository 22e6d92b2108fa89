//! `locate`: the readings of place texts.

use crate::screening::location;

use super::{CommandError, print};

/// The places that texts may mean, best first.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide locate \"Springfield, USA\" Georgia\n         bonafide locate --json \"SF Bay Area\"")]
pub struct Locate {
    /// Place texts, one an argument.
    #[arg(required = true, value_name = "TEXT")]
    texts: Vec<String>,
    /// One JSON line a text.
    #[arg(long)]
    json: bool,
}

impl Locate {
    /// Prints the readings of each text.
    ///
    /// # Errors
    /// Exit code 1 when some text was not understood.
    pub fn run(self) -> Result<(), CommandError> {
        let mut not_understood = Vec::new();
        for text in &self.texts {
            let readings = location::place::read(text);
            if readings.is_empty() {
                not_understood.push(text.clone());
            }
            if self.json {
                print::json(&location::locate::locate(text))?;
                continue;
            }
            print::line(format!("{text}: {}", if readings.is_empty() { "place not understood" } else { "may mean" }));
            for reading in &readings.0 {
                let parts = [reading.city.clone(), reading.admin1.clone(), reading.country.map(|c| c.to_string())];
                let place = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
                let point = reading.point.map_or_else(String::new, |p| format!(", {:.2} {:.2}", p.lat(), p.lon()));
                let zone = reading.time_zone.as_deref().map_or_else(String::new, |zone| format!(", {zone}"));
                let corrected = if reading.corrected { ", one letter corrected" } else { "" };
                print::line(format!("  {place} ({}{point}{zone}{corrected})", reading.precision.as_str()));
            }
        }
        if not_understood.is_empty() { Ok(()) } else { Err(CommandError::Data(format!("not understood: {}", not_understood.join("; ")))) }
    }
}
