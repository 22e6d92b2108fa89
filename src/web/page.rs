//! The frame around every page, and the one place where a page becomes an answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header;
use askama::Template;

use crate::domain::user::User;

use super::assets;
use super::error::{Answer, WebError};
use super::form::Form;
use super::routes;
use super::visit::Visit;

/// What the layout shows around a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Name of the page, unique for its kind: `3 findings - Kim Example`.
    pub title: String,
    /// The pages above this one: label, address.
    pub trail: Vec<(String, String)>,
    /// True when a form came back with faults; the title then says so first.
    pub faulty: bool,
    /// Token for every form on the page.
    pub csrf: String,
    /// `system`, `light` or `dark`.
    pub theme: Theme,
    /// One line on what was just done.
    pub flash: Option<String>,
    /// Who is signed in, and as what.
    pub person: Option<Person>,
    /// Pages this person may open.
    pub navigation: Vec<NavigationItem>,
    /// Invented data.
    pub demo: bool,
}

/// Who is signed in, as the frame shows it.
#[derive(Debug, Clone)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Roles in words, joined by commas.
    pub roles: String,
}

/// A link of the navigation.
#[derive(Debug, Clone)]
pub struct NavigationItem {
    /// As people read it.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Name of its icon in the sprite.
    pub icon: &'static str,
    /// True when the page shown is this one or below it.
    pub is_current: bool,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All, in the order offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in cookie and form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the word; as the system has it for any other.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).unwrap_or_default()
    }
}

/// Every page of the navigation in order. Each is shown once its route exists, to whom the route table lets in.
const NAVIGATION: &[(&str, &str, &str)] = &[
    ("Home", "/", "home"),
    ("Queue", "/queue", "queue"),
    ("Candidates", "/candidates", "candidates"),
    ("Imports", "/imports", "import"),
    ("Watchlists", "/watchlists", "watchlist"),
    ("Clusters", "/clusters", "cluster"),
    ("Search", "/search", "search"),
    ("Exports", "/exports", "export"),
    ("Fairness", "/fairness", "fairness"),
    ("Audit", "/audit", "audit"),
    ("Users", "/users", "users"),
    ("Settings", "/settings", "settings"),
];

/// Where a person of one role begins; with several roles, or before that page exists, at home.
#[must_use]
pub fn landing(user: &User) -> &'static str {
    use crate::domain::user::Role;
    let page = match user.roles.as_slice() {
        [Role::Recruiter] => "/candidates",
        [Role::HrAdmin] => "/watchlists",
        [Role::Security] => "/queue",
        _ => "/",
    };
    if routes::may_open(page, user) { page } else { "/" }
}

impl Frame {
    /// Adds the page above this one.
    #[must_use]
    pub fn under(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.trail.push((label.into(), href.into()));
        self
    }

    /// The address of a static file.
    #[must_use]
    pub fn asset(&self, plain: &str) -> &'static str {
        assets::href(plain)
    }

    /// Version of the program, for the foot.
    #[must_use]
    pub const fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

impl Visit {
    /// The frame of a page with this title.
    #[must_use]
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        let navigation = self.user().map_or_else(Vec::new, |user| navigation_of(user, self.path()));
        let person = self.user().map(|user| Person { name: user.name.clone(), roles: roles_in_words(user) });
        Frame {
            title: title.into(),
            trail: Vec::new(),
            faulty: false,
            csrf: self.csrf().to_owned(),
            theme: self.theme(),
            flash: self.flash().map(str::to_owned),
            person,
            navigation,
            demo: self.is_demo(),
        }
    }

    /// The frame of a page with a form on it.
    #[must_use]
    pub fn form_frame(&self, title: impl Into<String>, form: &Form) -> Frame {
        Frame { faulty: !form.faults().is_empty(), ..self.frame(title) }
    }

    /// Answers with a page.
    ///
    /// # Errors
    /// When the template fails, which only a failing `Display` can cause.
    pub fn page(&self, page: impl Template) -> Answer {
        self.answer(StatusCode::OK, page)
    }

    /// Answers with the page of a form that came back with faults.
    ///
    /// # Errors
    /// As [`Visit::page`].
    pub fn invalid(&self, page: impl Template) -> Answer {
        self.answer(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    /// Answers with a page of this status.
    ///
    /// # Errors
    /// As [`Visit::page`].
    pub fn answer(&self, status: StatusCode, page: impl Template) -> Answer {
        let html = page.render().map_err(|error| WebError::Internal(error.into()))?;
        let mut answer = HttpResponse::build(status);
        answer.content_type("text/html; charset=utf-8").insert_header(("x-request-id", self.request_id().as_str()));
        for cookie in self.cookies_of_a_page() {
            answer.cookie(cookie);
        }
        Ok(answer.body(html))
    }

    /// After a change: on to another page, with one line on what was done.
    ///
    /// # Errors
    /// None today; the type is that of a handler's last line.
    pub fn go(&self, to: &str, done: &str) -> Answer {
        Ok(self.see_other(to, Some(done)).finish())
    }

    /// On to another page; the caller may add cookies.
    #[must_use]
    pub fn see_other(&self, to: &str, done: Option<&str>) -> actix_web::HttpResponseBuilder {
        let mut answer = HttpResponse::SeeOther();
        answer.insert_header((header::LOCATION, to));
        if let Some(done) = done {
            answer.cookie(self.flash_cookie(done));
        }
        answer
    }
}

/// `Recruiter, Security`.
#[must_use]
pub fn roles_in_words(user: &User) -> String {
    let labels: Vec<&str> = user.roles.iter().map(|role| role.label()).collect();
    labels.join(", ")
}

fn navigation_of(user: &User, path: &str) -> Vec<NavigationItem> {
    let is_current = |href: &str| path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')));
    NAVIGATION
        .iter()
        .filter(|(_, href, _)| routes::may_open(href, user))
        .map(|&(label, href, icon)| NavigationItem { label, href, icon, is_current: is_current(href) })
        .collect()
}
