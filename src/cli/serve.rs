//! `serve`: the web server with its job workers in one process; also what `demo` and `work` share.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use anyhow::Context;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::{Config, Overrides};
use crate::jobs::worker;
use crate::pipeline::installation::Installation;
use crate::pipeline::password::Passwords;
use crate::store::StoreError;
use crate::web::app::{App, WebSettings};
use crate::web::server::{self, Running};

use super::environment::Environment;
use super::{CommandError, print};

/// Longest wait for jobs in hand when the program stops; what is not done by then is taken up by the next start.
const JOBS_STOP_WITHIN: Duration = Duration::from_secs(10);

/// The web server with its job workers.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: bonafide serve --listen 127.0.0.1:8080 --data /var/lib/bonafide\nThe first start prints a link to make the first user."
)]
pub struct Serve {
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// No job workers in this process: `bonafide work` does the work.
    #[arg(long)]
    no_jobs: bool,
}

impl Serve {
    /// Serves until a signal to stop.
    ///
    /// # Errors
    /// Exit code 3 when settings, database or address cannot be used.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        let environment = Environment::open_listening(settings, self.listen).await?;
        let config = &environment.config;
        let web = WebSettings {
            public_url: config.public_url.clone(),
            trusted_proxies: config.trusted_proxies.clone(),
            sign_in_burst: NonZeroU32::new(config.sign_in_burst),
            demo: false,
        };
        let doors = Doors::open(environment.installation.clone(), web, config.listen, !self.no_jobs)?;
        warn_when_open(config, doors.address());
        if let Some(token) = doors.app.people().open_setup().await.map_err(anyhow::Error::from)? {
            let base = config.public_url.clone().unwrap_or_else(|| local_url(doors.address()));
            print::line(format!("first visit: {base}/setup?token={token}"));
        }
        // Last, so that whoever waits for this line has everything.
        print::line(format!("listening on http://{}", doors.address()));
        doors.serve_until_stopped().await?;
        environment.close().await;
        Ok(())
    }
}

/// A listening server and its workers.
pub struct Doors {
    /// What the handlers see.
    pub app: Data<App>,
    running: Running,
    workers: Option<Workers>,
}

impl Doors {
    /// Binds the address and starts the workers.
    ///
    /// # Errors
    /// When the address is taken or not this machine's.
    pub fn open(installation: Installation, web: WebSettings, listen: SocketAddr, with_jobs: bool) -> anyhow::Result<Self> {
        let passwords = Passwords::new()?;
        let app = Data::new(App::new(installation.clone(), passwords, web));
        let running = server::start(app.clone(), &listen.to_string(), false).map_err(|error| cannot_listen(listen, &error))?;
        let workers = with_jobs.then(|| Workers::start(installation));
        Ok(Self { app, running, workers })
    }

    /// Where it listens; with port 0 asked for, the port it got.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.running.address
    }

    /// Serves until SIGTERM or SIGINT, then finishes the requests and jobs in hand. A second signal ends at once.
    ///
    /// # Errors
    /// When the server fails or jobs cannot be given back.
    pub async fn serve_until_stopped(self) -> anyhow::Result<()> {
        let stopping = tokio::spawn(stop_on_signal(self.running.handle));
        self.running.server.await.context("the web server failed")?;
        stopping.abort();
        match self.workers {
            Some(workers) => workers.stop().await,
            None => Ok(()),
        }
    }
}

/// The job workers of this process, one a core.
pub struct Workers {
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<(), StoreError>>,
}

impl Workers {
    /// Starts them.
    #[must_use]
    pub fn start(installation: Installation) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (stop, stopped) = watch::channel(false);
        Self { stop, task: tokio::spawn(worker::run(installation, cores, stopped)) }
    }

    /// Lets them finish what they have in hand, and gives the rest back.
    ///
    /// # Errors
    /// When the database cannot be asked to take back what is left.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        match tokio::time::timeout(JOBS_STOP_WITHIN, self.task).await {
            Ok(ended) => ended.context("a job worker stopped")?.context("jobs could not be given back"),
            Err(_) => {
                tracing::warn!("a job was still running at the stop; the next start takes it up");
                Ok(())
            }
        }
    }
}

/// Ends the server at the first signal, without waiting for its requests at the second.
async fn stop_on_signal(handle: ServerHandle) {
    stop_signal().await;
    tracing::info!("stopping: requests in work are finished");
    tokio::select! {
        () = handle.stop(true) => {}
        () = stop_signal() => handle.stop(false).await,
    }
}

/// Returns when SIGTERM or SIGINT comes.
pub async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        // Without signals only the end of the process stops it.
        std::future::pending::<()>().await;
    }
}

/// The address for a browser on this machine.
#[must_use]
pub fn local_url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { format!("http://127.0.0.1:{}", address.port()) } else { format!("http://{address}") }
}

fn warn_when_open(config: &Config, address: SocketAddr) {
    let is_encrypted = config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    if !address.ip().is_loopback() && !is_encrypted {
        print::warning(&format!(
            "{address} is reachable from other machines and nothing says that TLS stands in front: passwords could be read on the way. \
             Put a proxy with https before it and set BONAFIDE_PUBLIC_URL, or listen on 127.0.0.1"
        ));
    }
}

fn cannot_listen(listen: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    let reason = match error.kind() {
        std::io::ErrorKind::AddrInUse => "another program listens there; choose another port with --listen, or port 0 for a free one",
        std::io::ErrorKind::PermissionDenied => "this port needs more rights; choose one above 1023 with --listen",
        std::io::ErrorKind::AddrNotAvailable => "this machine has no such address",
        _ => return anyhow::anyhow!("cannot listen on {listen}: {error}"),
    };
    anyhow::anyhow!("cannot listen on {listen}: {reason}")
}
