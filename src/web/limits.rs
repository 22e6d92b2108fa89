//! How much one address, and all together, may ask of the server.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::IpNet;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::app::App;
use super::error::WebError;

/// Tries to sign in per address before one has to wait (CONTRACT section 8).
const DEFAULT_BURST: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// One more try each minute after that.
const ONE_MORE_EVERY: Duration = Duration::from_secs(60);
/// Requests in work at once; more are told to come back.
const MOST_IN_WORK: usize = 256;
/// After how many seconds to come back when all are busy: chosen, a page takes well under a second.
const COME_BACK_S: u64 = 2;
/// Bodies of submissions read at once: each may hold 24 MB.
const MOST_INTAKES: usize = 4;
/// Checks at once: each may decode a picture of 40 megapixels.
const MOST_CHECKS: usize = 2;
/// How long a request waits for one of those places.
const WAIT_FOR_PLACE: Duration = Duration::from_secs(10);
/// How many tries between two sweeps of addresses that have long been quiet.
const SWEEP_EVERY: usize = 1_000;

/// Tries to sign in, counted by address in this process. The limit of an account is separate and lives in the database.
pub struct SignInTries {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    since_sweep: AtomicUsize,
}

impl std::fmt::Debug for SignInTries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignInTries({} addresses)", self.limiter.len())
    }
}

impl SignInTries {
    /// With this many tries at once, then one a minute.
    #[must_use]
    pub fn new(burst: Option<NonZeroU32>) -> Self {
        let every = Quota::with_period(ONE_MORE_EVERY).unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN));
        let limiter = RateLimiter::keyed(every.allow_burst(burst.unwrap_or(DEFAULT_BURST)));
        Self { limiter, since_sweep: AtomicUsize::new(0) }
    }

    /// Counts one try.
    ///
    /// # Errors
    /// [`WebError::TooMany`] with the seconds to wait.
    pub fn count(&self, address: IpAddr) -> Result<(), WebError> {
        if self.since_sweep.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(&household(address)).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            WebError::TooMany { retry_after_s: wait.as_secs() + 1 }
        })
    }
}

/// One household of IPv6 has a /64, so its addresses count as one.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(
            || {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            },
            IpAddr::V4,
        ),
    }
}

/// The address a request came from: the last one in `X-Forwarded-For` that is not a trusted proxy, and only when the
/// connection itself came from one. Anyone else may write there what they like.
#[must_use]
pub fn client_address(request: &HttpRequest, trusted: &[IpNet]) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip().to_canonical());
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_trusted(&peer) {
        return peer;
    }
    let forwarded: Vec<&str> =
        request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    let mut nearest = peer;
    for text in forwarded.into_iter().rev() {
        let Ok(address) = text.trim().parse::<IpAddr>() else { return nearest };
        nearest = address.to_canonical();
        if !is_trusted(&nearest) {
            return nearest;
        }
    }
    nearest
}

/// Requests in work, over all workers.
#[derive(Debug, Clone, Default)]
pub struct InWork(Arc<AtomicUsize>);

struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl InWork {
    fn enter(&self) -> Option<Place> {
        let place = Place(Arc::clone(&self.0));
        // A place beyond the last is given back by its own drop.
        (self.0.fetch_add(1, Ordering::Relaxed) < MOST_IN_WORK).then_some(place)
    }
}

/// A few places for requests that hold much memory.
#[derive(Debug, Clone)]
pub struct Places(Arc<Semaphore>);

impl Places {
    /// Places for submissions.
    #[must_use]
    pub fn for_intakes() -> Self {
        Self(Arc::new(Semaphore::new(MOST_INTAKES)))
    }

    /// Places for checks.
    #[must_use]
    pub fn for_checks() -> Self {
        Self(Arc::new(Semaphore::new(MOST_CHECKS)))
    }

    /// A place, kept until it is dropped.
    ///
    /// # Errors
    /// [`WebError::Busy`] when none came free in time.
    pub async fn enter(&self) -> Result<OwnedSemaphorePermit, WebError> {
        let place = tokio::time::timeout(WAIT_FOR_PLACE, Arc::clone(&self.0).acquire_owned()).await;
        place.ok().and_then(Result::ok).ok_or(WebError::Busy { retry_after_s: COME_BACK_S })
    }
}

/// The middleware: a place for the request, or come back later. The health check always gets through, so that an
/// overloaded server is not taken for a dead one.
///
/// # Errors
/// Those of the inner service.
pub async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let place = request.app_data::<Data<App>>().and_then(|app| app.in_work.enter());
    if place.is_none() && request.path() != "/healthz" {
        return Ok(request.error_response(WebError::Busy { retry_after_s: COME_BACK_S }));
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn request(peer: &str, forwarded: &[&str]) -> HttpRequest {
        let request = TestRequest::default().peer_addr(peer.parse().unwrap());
        forwarded.iter().fold(request, |request, value| request.append_header(("x-forwarded-for", *value))).to_http_request()
    }

    #[rstest::rstest]
    #[case::a_stranger_writes_what_he_likes("203.0.113.9:1", &["198.51.100.1"], "203.0.113.9")]
    #[case::one_proxy("10.0.0.1:1", &["198.51.100.1"], "198.51.100.1")]
    #[case::forged_front("10.0.0.1:1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1")]
    #[case::two_proxies_in_two_headers("10.0.0.1:1", &["1.1.1.1, 198.51.100.1", "10.0.0.2"], "198.51.100.1")]
    #[case::nonsense("10.0.0.1:1", &["198.51.100.1, nonsense"], "10.0.0.1")]
    #[case::nothing("10.0.0.1:1", &[], "10.0.0.1")]
    fn only_a_trusted_proxy_names_the_client(#[case] peer: &str, #[case] forwarded: &[&str], #[case] expected: &str) {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert_eq!(client_address(&request(peer, forwarded), &trusted).to_string(), expected);
        let trusting_nobody = client_address(&request(peer, forwarded), &[]);
        assert_eq!(trusting_nobody, peer.parse::<std::net::SocketAddr>().unwrap().ip());
    }

    #[test]
    fn an_address_waits_after_its_burst_and_others_do_not() {
        let tries = SignInTries::new(NonZeroU32::new(3));
        let address: IpAddr = "2001:db8::1".parse().unwrap();
        let neighbor: IpAddr = "2001:db8::2".parse().unwrap();
        for _ in 0..3 {
            assert!(tries.count(address).is_ok());
        }
        assert!(matches!(tries.count(neighbor), Err(WebError::TooMany { retry_after_s: 1..=61 })));
        assert!(tries.count("2001:db8:1::1".parse().unwrap()).is_ok());
    }

    #[test]
    fn places_are_given_back() {
        let in_work = InWork::default();
        let places: Vec<_> = (0..MOST_IN_WORK).map(|_| in_work.enter().unwrap()).collect();
        assert!(in_work.enter().is_none());
        drop(places);
        assert!(in_work.enter().is_some());
    }
}
