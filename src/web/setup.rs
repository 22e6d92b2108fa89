//! `/setup`: the first user. Open only while there is none, and only with the link printed in the terminal.

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::domain::email::EmailAddress;
use crate::pipeline::password::NewPassword;
use crate::pipeline::users::AddError;

use super::app::App;
use super::error::{Answer, WebError};
use super::form::Form;
use super::limits::client_address;
use super::page::Frame;
use super::visit::Visit;

/// The token of the link.
#[derive(Debug, Deserialize)]
pub struct SetupQuery {
    #[serde(default)]
    token: String,
}

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    frame: Frame,
    form: Form,
    opens: bool,
}

/// The form, or where to find the link.
///
/// # Errors
/// Not found once there is a user.
pub async fn form(visit: Visit, query: Query<SetupQuery>, app: Data<App>) -> Answer {
    if !app.people().is_setup_open().await? {
        return Err(WebError::NotFound);
    }
    let opens = app.people().opens_setup(&query.token).await?;
    let mut form = Form::blank();
    form.set("token", &*query.token);
    visit.page(SetupPage { frame: visit.frame("Set up"), form, opens })
}

/// Makes the first user and signs them in.
///
/// # Errors
/// Not found once there is a user.
pub async fn create(visit: Visit, mut form: Form, request: actix_web::HttpRequest, app: Data<App>) -> Answer {
    if !app.people().is_setup_open().await? {
        return Err(WebError::NotFound);
    }
    app.sign_in_tries.count(client_address(&request, &app.settings.trusted_proxies))?;
    let Some(first) = FirstUser::read(&mut form) else {
        return visit.invalid(SetupPage { frame: visit.form_frame("Set up", &form), form, opens: true });
    };
    let token = form.value("token").to_owned();
    match app.people().set_up(&token, first.name, first.email, first.password).await {
        Ok(signed_in) => visit.go_signed_in("/", &signed_in, Some("You are set up and signed in.")),
        Err(AddError::Link | AddError::Taken) => visit.invalid(SetupPage { frame: visit.frame("Set up"), form, opens: false }),
        Err(AddError::Failed(error)) => Err(error.into()),
    }
}

struct FirstUser {
    name: String,
    email: EmailAddress,
    password: NewPassword,
}

impl FirstUser {
    fn read(form: &mut Form) -> Option<Self> {
        let name = form.text("name", "Name", 200);
        let email = form.parsed("email", "E-mail", EmailAddress::parse);
        let password = new_password(form, "password", &[name.as_deref(), email.as_ref().map(EmailAddress::as_str)]);
        Some(Self { name: name?, email: email?, password: password? })
    }
}

/// Reads a chosen password; `own` are the person's name and address as far as known.
pub(super) fn new_password(form: &mut Form, field: &str, own: &[Option<&str>]) -> Option<NewPassword> {
    let own: Vec<&str> = own.iter().copied().flatten().collect();
    match NewPassword::parse(form.value(field), &own) {
        Ok(password) => Some(password),
        Err(fault) => {
            form.fault(field, fault.to_string());
            None
        }
    }
}
