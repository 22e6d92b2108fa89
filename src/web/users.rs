//! `/users`: who may sign in, as what. Administrators only.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::domain::email::EmailAddress;
use crate::domain::id::UserId;
use crate::domain::user::{Role, User};
use crate::pipeline::users::{AddError, NewUser};
use crate::store::user;

use super::app::App;
use super::error::{Answer, WebError};
use super::form::Form;
use super::page::{Frame, roles_in_words};
use super::session::may;

#[derive(Template)]
#[template(path = "users/list.html")]
struct ListPage {
    frame: Frame,
    users: Vec<User>,
    own_id: UserId,
}

impl ListPage {
    fn roles_of(&self, user: &User) -> String {
        roles_in_words(user)
    }

    fn is_self(&self, user: &User) -> bool {
        user.id == self.own_id
    }
}

#[derive(Template)]
#[template(path = "users/new.html")]
struct NewPage {
    frame: Frame,
    form: Form,
}

impl NewPage {
    const fn roles(&self) -> &'static [Role] {
        Role::ALL
    }

    /// What the role opens, for the person who gives it.
    const fn what_opens(&self, role: &Role) -> &'static str {
        match role {
            Role::Recruiter => "Submits candidates and sees those of the own team, without watchlists",
            Role::HrAdmin => "Keeps the watchlists, sees candidates of all teams",
            Role::Security => "Reviews findings, decides, exports",
            Role::Admin => "Keeps users and sees the audit log",
            Role::Auditor => "Reads all, changes nothing",
        }
    }
}

/// Shown once: the link with which someone sets a password.
#[derive(Template)]
#[template(path = "users/link.html")]
struct LinkPage {
    frame: Frame,
    user: User,
    link: String,
    is_new: bool,
}

/// Everyone.
///
/// # Errors
/// When the database fails.
pub async fn list(who: may::ManageUsers, app: Data<App>) -> Answer {
    let users = user::list(&app.installation.store).await?;
    who.page(ListPage { frame: who.frame("Users"), users, own_id: who.user().id.clone() })
}

/// The form for one more.
///
/// # Errors
/// None but those of the extractors.
pub async fn form(who: may::ManageUsers) -> Answer {
    let mut form = Form::blank();
    form.set("team", who.user().team.clone());
    who.page(NewPage { frame: who.frame("Add a user").under("Users", "/users"), form })
}

/// Adds a person and shows the invitation, once.
///
/// # Errors
/// When the database fails.
pub async fn add(who: may::ManageUsers, mut form: Form, request: HttpRequest, app: Data<App>) -> Answer {
    let Some(new) = read(&mut form) else { return again(&who, form) };
    match app.people().add(&who.actor(), new, None).await {
        Ok((user, invite)) => link_page(&who, &app, &request, user, &invite.unwrap_or_default(), true),
        Err(AddError::Failed(error)) => Err(error.into()),
        Err(AddError::Taken | AddError::Link) => {
            form.fault("email", "Someone has this e-mail address already");
            again(&who, form)
        }
    }
}

fn read(form: &mut Form) -> Option<NewUser> {
    let name = form.text("name", "Name", 200);
    let email = form.parsed("email", "E-mail", EmailAddress::parse);
    let team = form.text("team", "Team", 100);
    let roles: Vec<Role> = form.values("roles").filter_map(Role::parse).collect();
    if roles.is_empty() {
        form.fault("roles", "Choose at least one role");
    }
    let (name, email, team) = (name?, email?, team?);
    (!roles.is_empty()).then_some(NewUser { name, email, roles, team })
}

fn again(who: &may::ManageUsers, form: Form) -> Answer {
    who.invalid(NewPage { frame: who.form_frame("Add a user", &form).under("Users", "/users"), form })
}

fn link_page(who: &may::ManageUsers, app: &App, request: &HttpRequest, user: User, token: &str, is_new: bool) -> Answer {
    let link = app.address_of(request, &format!("/login?token={token}"));
    let title = if is_new { format!("Invite {}", user.name) } else { format!("New password for {}", user.name) };
    who.page(LinkPage { frame: who.frame(title).under("Users", "/users"), user, link, is_new })
}

/// Lets a person sign in no more; nobody can lock themselves out.
///
/// # Errors
/// Conflict for oneself.
pub async fn disable(who: may::ManageUsers, id: Path<UserId>, _form: Form, app: Data<App>) -> Answer {
    if *id == who.user().id {
        return Err(WebError::Conflict);
    }
    app.people().set_disabled(&who.actor(), &id, true).await?;
    who.go("/users", "The user is disabled and signed out everywhere.")
}

/// Lets a person sign in again.
///
/// # Errors
/// Not found for nobody.
pub async fn enable(who: may::ManageUsers, id: Path<UserId>, _form: Form, app: Data<App>) -> Answer {
    app.people().set_disabled(&who.actor(), &id, false).await?;
    who.go("/users", "The user may sign in again.")
}

/// A link to set a new password, shown once.
///
/// # Errors
/// Not found for nobody.
pub async fn reset(who: may::ManageUsers, id: Path<UserId>, _form: Form, request: HttpRequest, app: Data<App>) -> Answer {
    let (user, token) = app.people().reset(&who.actor(), &id).await?;
    link_page(&who, &app, &request, user, &token, false)
}
