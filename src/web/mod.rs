//! The HTTP door: pages for people, a few addresses for machines.
//!
//! A page is three things in one file: a handler with three moves (read the form, one call into [`crate::pipeline`] or
//! [`crate::store`], answer), the form it reads, and the page struct its template fills.
//!
//! ```text
//! #[derive(Template)]
//! #[template(path = "users/list.html")]            // {% extends "layout.html" %}
//! struct ListPage { frame: Frame, users: Vec<User> }
//!
//! pub async fn list(who: may::ManageUsers, app: Data<App>) -> Answer {
//!     let users = app.installation.store.users().await?;        // a failure becomes one of our error pages
//!     who.page(ListPage { frame: who.frame("Users"), users })
//! }
//!
//! pub async fn add(who: may::ManageUsers, mut form: Form, app: Data<App>) -> Answer {
//!     let Some(new) = NewUser::read(&mut form) else {   // every fault at once, what was typed is kept
//!         return who.invalid(AddPage { frame: who.form_frame("Add a user", &form), form });
//!     };
//!     users::add(&app.installation.store, who.actor(), new).await?;
//!     who.go("/users", "Added.")                       // see other, with a one-line message
//! }
//! ```
//! To add a page: that file, its template, and one line in [`routes`]. The extractor in the signature ([`session::may`])
//! refuses everybody else, the navigation follows the route table, and [`form::Form`] and [`upload::Upload`] refuse a
//! request without the token of its form.

pub mod about;
pub mod account;
pub mod api;
pub mod app;
pub mod assets;
pub mod audit;
pub mod candidates;
pub mod csrf;
pub mod demo;
pub mod draw;
pub mod error;
pub mod exports;
pub mod form;
pub mod headers;
pub mod health;
pub mod home;
pub mod limits;
pub mod page;
pub mod queue;
pub mod routes;
pub mod server;
pub mod session;
pub mod setup;
pub mod sign_in;
pub mod upload;
pub mod users;
pub mod visit;
pub mod watchlists;
