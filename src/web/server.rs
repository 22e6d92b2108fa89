//! The server: limits, middleware in order, and how it starts and stops.
//!
//! From outside in: security headers, request id and error pages, a place among the requests in work, the fence against
//! other sites, who is asking, routes. It prints nothing; who starts it says where it listens.

use std::net::SocketAddr;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App as ActixApp, HttpServer};

use super::app::App;
use super::{csrf, error, headers, limits, routes, session};

/// A client has this long to send its headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// A connection that is closing has this long.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);
/// An idle connection is kept this long.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Open connections a worker.
const MOST_CONNECTIONS: usize = 4_096;
/// Connections waiting to be taken.
const BACKLOG: u32 = 1_024;
/// Requests in work have this long when the server stops.
const STOP_WITHIN_S: u64 = 10;
/// Threads a worker for hashing and pictures.
const BLOCKING_THREADS: usize = 4;

/// A server that listens.
pub struct Running {
    /// Where; with port 0 asked for, the port it got.
    pub address: SocketAddr,
    /// Ends it from elsewhere.
    pub handle: ServerHandle,
    /// To be awaited; ends after a signal to stop, when the requests in work are done.
    pub server: Server,
}

/// Binds and starts serving once [`Running::server`] is awaited. SIGTERM and SIGINT stop it, when `by_signal` is true.
///
/// # Errors
/// When the address cannot be bound.
pub fn start(app: Data<App>, listen: &str, by_signal: bool) -> std::io::Result<Running> {
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(app.clone())
            .wrap(from_fn(session::middleware))
            .wrap(from_fn(csrf::middleware))
            .wrap(from_fn(limits::middleware))
            .wrap(from_fn(error::middleware))
            .wrap(from_fn(headers::middleware))
            .configure(routes::configure)
    })
    .workers(workers)
    .worker_max_blocking_threads(BLOCKING_THREADS)
    .max_connections(MOST_CONNECTIONS)
    .backlog(BACKLOG)
    .client_request_timeout(HEADERS_WITHIN)
    .client_disconnect_timeout(CLOSE_WITHIN)
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(STOP_WITHIN_S);
    let server = if by_signal { server } else { server.disable_signals() };
    let server = server.bind(listen)?;
    let address = server.addrs().first().copied().ok_or_else(|| std::io::Error::other("no address was bound"))?;
    let server = server.run();
    Ok(Running { address, handle: server.handle(), server })
}
