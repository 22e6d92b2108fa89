//! `token`: keys of the API.

use clap::Subcommand;
use serde_json::json;

use crate::config::Overrides;
use crate::domain::id::TokenId;
use crate::pipeline::password::Passwords;
use crate::pipeline::people::PeopleError;
use crate::pipeline::users::LONGEST_TOKEN_DAYS;
use crate::store::token::ApiToken;
use crate::store::{self, StoreError};

use super::environment::Environment;
use super::{CommandError, print, user};

/// API tokens, with the rights of the person they belong to.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide token add --user riley@example.com --name \"ATS hook\" --days 90")]
pub struct Token {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes a token and prints it, this one time.
    #[command(after_help = "Example: bonafide token add --user riley@example.com --name \"ATS hook\"")]
    Add {
        /// Address of the person whose rights it has.
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// Days until it ends, 365 at most.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=LONGEST_TOKEN_DAYS))]
        days: i64,
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Lists tokens; their text is not kept.
    #[command(after_help = "Example: bonafide token list --json")]
    List {
        /// One JSON line a token.
        #[arg(long)]
        json: bool,
    },
    /// Ends a token at once.
    #[command(after_help = "Example: bonafide token revoke 4f0c2a…, with an id that `bonafide token list` shows")]
    Revoke {
        /// Its id.
        id: String,
    },
}

impl Token {
    /// Adds, lists or revokes.
    ///
    /// # Errors
    /// Exit code 1 for an unknown person or token.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        let environment = Environment::open(settings).await?;
        match self.what {
            What::Add { user, name, days, json } => add(&environment, &user, &name, days, json).await?,
            What::List { json } => list(&environment, json).await?,
            What::Revoke { id } => revoke(&environment, &id).await?,
        }
        environment.close().await;
        Ok(())
    }
}

async fn add(environment: &Environment, email: &str, name: &str, days: i64, as_json: bool) -> Result<(), CommandError> {
    if name.trim().is_empty() {
        return Err(CommandError::Usage("--name must say what the token is for".to_owned()));
    }
    let person = user::find(environment, email).await?;
    if person.disabled {
        return Err(CommandError::Data(format!("{} is disabled: a token would open nothing", person.email)));
    }
    let passwords = Passwords::new().map_err(anyhow::Error::from)?;
    let people = user::people(environment, &passwords);
    let (token, text) = people.add_token(&environment.actor, &person.id, name.trim(), days).await.map_err(anyhow::Error::from)?;
    if as_json {
        return print::json(&json!({"id": token.id.as_str(), "token": text, "expires_at": token.expires_at.to_string()}));
    }
    print::line(&text);
    eprintln!("{} until {}; it is not shown again", token.name, token.expires_at.for_people());
    Ok(())
}

async fn list(environment: &Environment, as_json: bool) -> Result<(), CommandError> {
    let store = &environment.installation.store;
    let users = store::user::list(store).await.map_err(anyhow::Error::from)?;
    let tokens = store::token::list(store, None).await.map_err(anyhow::Error::from)?;
    let owner = |token: &ApiToken| users.iter().find(|user| user.id == token.user).map_or_else(String::new, |user| user.email.to_string());
    let time = |at: Option<crate::domain::time::Timestamp>| at.map(|at| at.to_string());
    if as_json {
        for token in tokens {
            print::json(&json!({
                "id": token.id.as_str(), "user": owner(&token), "name": token.name, "created_at": token.created_at.to_string(),
                "expires_at": token.expires_at.to_string(), "last_used_at": time(token.last_used_at), "revoked_at": time(token.revoked_at),
            }))?;
        }
        return Ok(());
    }
    let now = environment.installation.clock.now();
    let state = |token: &ApiToken| match token.revoked_at {
        Some(_) => "revoked".to_owned(),
        None if token.expires_at <= now => "ended".to_owned(),
        None => format!("until {}", token.expires_at.date()),
    };
    let row = |token: &ApiToken| vec![token.id.to_string(), owner(token), token.name.clone(), state(token)];
    print::table(&["Id", "User", "Name", "State"], &tokens.iter().map(row).collect::<Vec<_>>());
    Ok(())
}

async fn revoke(environment: &Environment, id: &str) -> Result<(), CommandError> {
    let unknown = || CommandError::Data(format!("there is no token {id:?}; bonafide token list shows the ids"));
    let id = TokenId::parse(id).map_err(|_| unknown())?;
    let passwords = Passwords::new().map_err(anyhow::Error::from)?;
    match user::people(environment, &passwords).revoke_token(&environment.actor, None, &id).await {
        Ok(()) => print::line("revoked"),
        Err(PeopleError::Store(StoreError::NotFound)) => return Err(unknown()),
        Err(error) => return Err(anyhow::Error::from(error).into()),
    }
    Ok(())
}
