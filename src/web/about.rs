//! `/about`: version, what is checked and what is refused, where data comes from.

use askama::Template;

use super::error::Answer;
use super::page::Frame;
use super::visit::Visit;

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage {
    frame: Frame,
}

/// The page.
///
/// # Errors
/// None but those of the extractors.
pub async fn show(visit: Visit) -> Answer {
    visit.page(AboutPage { frame: visit.frame("About") })
}
