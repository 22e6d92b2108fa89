//! `demo`: a server with invented data in a throw-away folder, and a sign-in link for each role.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::config::{Config, Overrides};
use crate::domain::email::EmailAddress;
use crate::domain::id::RequestId;
use crate::domain::user::{Actor, Role};
use crate::pipeline::demo;
use crate::pipeline::installation::Installation;
use crate::pipeline::people::People;
use crate::pipeline::users::NewUser;
use crate::web::app::WebSettings;

use super::environment::Environment;
use super::serve::{Doors, local_url};
use super::{CommandError, print};

/// The people of the demonstration: name, address, role.
const PEOPLE: [(&str, &str, Role); 5] = [
    ("Riley Example", "riley@demo.example", Role::Recruiter),
    ("Hanna Example", "hanna@demo.example", Role::HrAdmin),
    ("Sam Example", "sam@demo.example", Role::Security),
    ("Ada Example", "ada@demo.example", Role::Admin),
    ("Audrey Example", "audrey@demo.example", Role::Auditor),
];

/// A server with invented data, which is gone when it ends.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide demo --listen 127.0.0.1:8081\nEvery name, address and picture in it is invented.")]
pub struct Demo {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)))]
    listen: SocketAddr,
}

impl Demo {
    /// Serves until a signal to stop, then removes the data folder.
    ///
    /// # Errors
    /// Exit code 2 with a data folder or database of one's own, 3 when the address or the folder cannot be used.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        if settings.data_dir.is_some() || settings.database_url.is_some() {
            let text = "demo always uses a throw-away data folder: leave out --data and --database, or use bonafide serve";
            return Err(CommandError::Usage(text.to_owned()));
        }
        let folder = ThrowAway::make()?;
        let environment = Environment::open_with(folder.config(self.listen, settings)?).await?;
        let installation = environment.installation.clone();
        let web = WebSettings { demo: true, ..WebSettings::default() };
        let doors = Doors::open(installation.clone(), web, self.listen, true)?;
        announce(&doors).await?;
        let loading = tokio::spawn(load(installation));
        let served = doors.serve_until_stopped().await;
        loading.abort();
        environment.close().await;
        Ok(served?)
    }
}

/// Prints the address and a sign-in link for each role.
async fn announce(doors: &Doors) -> anyhow::Result<()> {
    let base = local_url(doors.address());
    let people = doors.app.people();
    let mut links = Vec::new();
    for (name, email, role) in PEOPLE {
        let token = add(&people, name, email, role).await.with_context(|| format!("{name} could not be added"))?;
        links.push(vec![format!("{name} ({})", role.label()), format!("{base}/login?token={token}")]);
    }
    print::line(format!("listening on http://{}", doors.address()));
    print::line("Invented data in a throw-away folder. Each link signs in once; end with Ctrl+C.");
    print::table(&["Who", "Sign-in link"], &links);
    Ok(())
}

async fn add(people: &People<'_>, name: &str, email: &str, role: Role) -> anyhow::Result<String> {
    let new = NewUser { name: name.to_owned(), email: EmailAddress::parse(email)?, roles: vec![role], team: demo::TEAM.to_owned() };
    let (user, _) = people.add(&Actor::program(), new, None).await?;
    Ok(people.sign_in_link(&user.id).await?)
}

/// Loads while the server answers already: the pages fill up within a moment.
async fn load(installation: Installation) {
    match demo::load(&installation).await {
        Ok(loaded) => tracing::info!(candidates = loaded.candidates, watchlists = loaded.watchlists, "demonstration loaded"),
        Err(error) => tracing::error!(error = %error, "the demonstration was not loaded"),
    }
}

/// A folder that goes with this value.
struct ThrowAway(PathBuf);

impl ThrowAway {
    fn make() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("bonafide-demo-{}", RequestId::random()));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).with_context(|| format!("the throw-away folder {} cannot be made", folder.display()))?;
        Ok(Self(folder))
    }

    /// The settings of logs come from outside as always; all that is kept lies in the folder.
    fn config(&self, listen: SocketAddr, settings: &Overrides) -> anyhow::Result<Config> {
        let folder: &Path = &self.0;
        let config = Config::load(settings, Some(&listen.to_string()))?;
        Ok(Config {
            data_dir: folder.to_owned(),
            database_url: format!("sqlite://{}", folder.join("bonafide.db").display()),
            secret_file: folder.join("secret.key"),
            public_url: None,
            ..config
        })
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            print::warning(&format!("{} could not be removed: {error}", self.0.display()));
        }
    }
}
