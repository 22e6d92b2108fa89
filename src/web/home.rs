//! `/`: where everyone's work begins, by what their roles open.

use actix_web::web::Data;
use askama::Template;

use crate::domain::user::Action;
use crate::store;

use super::app::App;
use super::candidates::counts::{self, Counts};
use super::error::Answer;
use super::page::Frame;
use super::routes;
use super::session::SignedIn;

/// A piece of work to begin.
struct Door {
    title: &'static str,
    says: &'static str,
    href: &'static str,
    button: &'static str,
}

/// In the order of importance. Each is shown to whom its page opens.
const DOORS: &[Door] = &[
    Door {
        title: "Review",
        says: "Candidates whose screening found something that needs a person's judgment.",
        href: "/queue",
        button: "Open the queue",
    },
    Door {
        title: "Submit a candidate",
        says: "A name and one contact are enough to begin. Each submission is screened at once.",
        href: "/candidates/new",
        button: "Submit a candidate",
    },
    Door {
        title: "Candidates",
        says: "Everyone submitted so far, with what their screening found.",
        href: "/candidates",
        button: "Open candidates",
    },
    Door {
        title: "Watchlists",
        says: "Personas to compare with. A new version of a list screens earlier candidates again.",
        href: "/watchlists",
        button: "Open watchlists",
    },
    Door {
        title: "Export",
        says: "Findings with their evidence, safe to open in a spreadsheet.",
        href: "/exports",
        button: "Open exports",
    },
    Door { title: "Users", says: "Invite colleagues, give them roles, end their access.", href: "/users", button: "Open users" },
    Door {
        title: "Audit",
        says: "Who did what, and when. The log is chained, so changes to it show.",
        href: "/audit",
        button: "Open the audit log",
    },
    Door {
        title: "Demo data",
        says: "Invented candidates and lists are here to try things with. One button takes all of it away.",
        href: REMOVE_DEMO,
        button: "Remove demo data",
    },
];

/// Shown only while there is demo data.
const REMOVE_DEMO: &str = "/demo/remove";

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    name: String,
    counts: Counts,
    doors: Vec<&'static Door>,
}

/// The page.
///
/// # Errors
/// When the database fails.
pub async fn show(who: SignedIn, app: Data<App>) -> Answer {
    let counts = counts::counts(&app.installation, who.user()).await?;
    let has_demo = who.user().may(Action::RemoveDemo) && store::demo::is_present(&app.installation.store).await?;
    let is_open = |door: &&Door| routes::may_open(door.href, who.user()) && (door.href != REMOVE_DEMO || has_demo);
    let doors = DOORS.iter().filter(is_open).collect();
    who.page(HomePage { frame: who.frame("Home"), name: who.user().name.clone(), counts, doors })
}
