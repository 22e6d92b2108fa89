//! Sightings: dated observations with a network address, a client clock or coordinates.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::finding::words;
use super::place::{Coordinates, Country};
use super::time::Timestamp;

words!(
    /// On what occasion.
    SightingKind {
        /// The application was sent.
        Application = "application",
        /// An interview.
        Interview = "interview",
        /// A sign-in.
        Login = "login",
        /// A signature.
        Signature = "signature",
    }
);

words!(
    /// What kind of network an address belongs to.
    NetworkClass {
        /// An access line.
        Isp = "isp",
        /// A mobile carrier.
        Mobile = "mobile",
        /// A virtual private network.
        Vpn = "vpn",
        /// Rented servers.
        Hosting = "hosting",
        /// A relay that serves honest people, such as a browser's privacy relay or a company gateway.
        Relay = "relay",
        /// Satellite access.
        Satellite = "satellite",
        /// An exit of the Tor network.
        Tor = "tor",
    }
);

/// One observation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    /// When.
    pub at: Timestamp,
    /// On what occasion.
    pub kind: SightingKind,
    /// The network address.
    pub ip: Option<IpAddr>,
    /// The town, as another system told it.
    pub city: Option<String>,
    /// The country, as another system told it.
    pub country: Option<Country>,
    /// The point, as a device told it.
    pub point: Option<Coordinates>,
    /// Radius of the point in kilometers.
    pub accuracy_km: Option<f64>,
    /// The kind of network, when told.
    pub network: Option<NetworkClass>,
    /// IANA zone of the client's clock.
    pub client_tz: Option<String>,
    /// Offset of the client's clock, minutes east of UTC, -840 to 840.
    pub client_utc_offset_min: Option<i32>,
}
