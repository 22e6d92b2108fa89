//! `user`: who may sign in.

use std::io::BufRead;

use clap::Subcommand;
use serde_json::json;

use crate::config::Overrides;
use crate::domain::email::EmailAddress;
use crate::domain::user::{Role, User as Person};
use crate::pipeline::password::{NewPassword, Passwords};
use crate::pipeline::people::People;
use crate::pipeline::users::{AddError, FIRST_TEAM, NewUser};
use crate::store;

use super::environment::Environment;
use super::word::word;
use super::{CommandError, print};

/// People who sign in, and their roles.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide user add --email riley@example.com --role recruiter --team platform")]
pub struct User {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Adds a person; without a password prints a link to set one, which works once.
    #[command(after_help = "Example: bonafide user add --email sam@example.com --role security --role auditor --name \"Sam Example\"")]
    Add(Add),
    /// Lists everyone.
    #[command(after_help = "Example: bonafide user list --json")]
    List {
        /// One JSON line a person.
        #[arg(long)]
        json: bool,
    },
    /// Ends every sign-in of a person and lets them sign in no more.
    #[command(after_help = "Example: bonafide user disable riley@example.com")]
    Disable {
        /// Address of the person.
        #[arg(value_name = "EMAIL")]
        email: String,
    },
}

#[derive(Debug, clap::Args)]
struct Add {
    /// Address to sign in with.
    #[arg(long)]
    email: String,
    /// What the person does here; may be given several times.
    #[arg(long = "role", value_name = "ROLE", required = true, value_delimiter = ',', value_parser = word(Role::ALL, Role::as_str))]
    roles: Vec<Role>,
    /// Team; candidates a recruiter submits belong to it.
    #[arg(long, default_value = FIRST_TEAM)]
    team: String,
    /// Name as shown (default: what stands before the @ of the address).
    #[arg(long)]
    name: Option<String>,
    /// Reads the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

impl User {
    /// Adds, lists or disables.
    ///
    /// # Errors
    /// Exit code 1 for an address that is taken or unknown or a password that is refused, 2 for a bad address.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        let environment = Environment::open(settings).await?;
        match self.what {
            What::Add(new) => add(&environment, new).await?,
            What::List { json } => list(&environment, json).await?,
            What::Disable { email } => {
                let person = find(&environment, &email).await?;
                let passwords = Passwords::new().map_err(anyhow::Error::from)?;
                let people = people(&environment, &passwords);
                people.set_disabled(&environment.actor, &person.id, true).await.map_err(anyhow::Error::from)?;
                print::line(format!("{} can sign in no more", person.email));
            }
        }
        environment.close().await;
        Ok(())
    }
}

async fn add(environment: &Environment, new: Add) -> Result<(), CommandError> {
    let email = address(&new.email)?;
    let name = new.name.unwrap_or_else(|| new.email.split('@').next().unwrap_or_default().to_owned());
    if name.trim().is_empty() || new.team.trim().is_empty() {
        return Err(CommandError::Usage("--name and --team must not be empty".to_owned()));
    }
    let password = if new.password_stdin { Some(read_password(&[&name, &new.email])?) } else { None };
    let passwords = Passwords::new().map_err(anyhow::Error::from)?;
    let user = NewUser { name, email, roles: new.roles, team: new.team.trim().to_owned() };
    let (user, invite) = match people(environment, &passwords).add(&environment.actor, user, password).await {
        Ok(added) => added,
        Err(AddError::Taken) => return Err(CommandError::Data(format!("{} has an account already", new.email))),
        Err(error) => return Err(anyhow::Error::from(error).into()),
    };
    let base = environment.config.public_url.clone().unwrap_or_else(|| super::serve::local_url(environment.config.listen));
    let link = invite.map(|token| format!("{base}/login?token={token}"));
    if new.json {
        return print::json(&json!({"id": user.id.as_str(), "email": user.email.as_str(), "invite": link}));
    }
    print::line(format!("added {} ({})", user.email, labels(&user)));
    if let Some(link) = link {
        print::line(format!("to set a password, once, within three days: {link}"));
    }
    Ok(())
}

async fn list(environment: &Environment, as_json: bool) -> Result<(), CommandError> {
    let users = store::user::list(&environment.installation.store).await.map_err(anyhow::Error::from)?;
    if as_json {
        for user in users {
            let roles: Vec<&str> = user.roles.iter().map(|role| role.as_str()).collect();
            print::json(&json!({
                "id": user.id.as_str(), "email": user.email.as_str(), "name": user.name, "roles": roles, "team": user.team,
                "disabled": user.disabled, "created_at": user.created_at.to_string(),
            }))?;
        }
        return Ok(());
    }
    let state = |user: &Person| if user.disabled { "disabled" } else { "" }.to_owned();
    let row = |user: &Person| vec![user.email.to_string(), user.name.clone(), labels(user), user.team.clone(), state(user)];
    print::table(&["E-mail", "Name", "Roles", "Team", ""], &users.iter().map(row).collect::<Vec<_>>());
    Ok(())
}

/// The person with this address.
///
/// # Errors
/// Exit code 2 for a bad address, 1 when nobody has it.
pub async fn find(environment: &Environment, email: &str) -> Result<Person, CommandError> {
    let email = address(email)?;
    let found = store::user::find_by_email(&environment.installation.store, &email).await.map_err(anyhow::Error::from)?;
    found.map(|(person, _)| person).ok_or_else(|| CommandError::Data(format!("nobody has the address {email}")))
}

/// The journeys of people, now.
#[must_use]
pub fn people<'a>(environment: &'a Environment, passwords: &'a Passwords) -> People<'a> {
    let installation = &environment.installation;
    People { store: &installation.store, passwords, secrets: &installation.secrets, now: installation.clock.now() }
}

fn address(text: &str) -> Result<EmailAddress, CommandError> {
    EmailAddress::parse(text).map_err(|error| CommandError::Usage(format!("the address {text:?} {error}")))
}

fn labels(user: &Person) -> String {
    user.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}

fn read_password(own: &[&str]) -> Result<NewPassword, CommandError> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(anyhow::Error::from)?;
    NewPassword::parse(line.trim_end_matches(['\r', '\n']), own).map_err(|fault| CommandError::Data(fault.to_string()))
}
