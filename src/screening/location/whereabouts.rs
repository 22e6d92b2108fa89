//! A sighting as the checks see it: kind of network, countries it may come from, point with radius. Sightings of special-use
//! and trusted addresses are none.

use super::network;
use super::{gap, place};
use crate::domain::finding::Side;
use crate::domain::place::{Coordinates, Country, Precision};
use crate::domain::sighting::{NetworkClass, Sighting};
use crate::screening::context::Context;
use crate::screening::policy;
use crate::screening::profile::{Profile, Stated};

/// A located sighting.
#[derive(Debug, Clone, PartialEq)]
pub struct Whereabouts<'a> {
    /// Path of the sighting in the intake.
    pub path: &'a str,
    /// The sighting.
    pub sighting: &'a Sighting,
    /// The kind of network.
    pub class: NetworkClass,
    /// The country the address is registered in and the one that was told; empty where the address tells the owner's.
    pub countries: Vec<Country>,
    /// The point and its radius in kilometers, at least 20.
    pub circle: Option<(Coordinates, f64)>,
}

/// The located sightings of a profile, in an order that does not depend on that of the input: time, then content.
#[must_use]
pub fn located<'a>(profile: &'a Profile, context: &Context) -> Vec<Whereabouts<'a>> {
    let mut all: Vec<Whereabouts<'a>> =
        profile.sightings.iter().filter_map(|sighting| Whereabouts::of(sighting, &context.organization.trusted_networks)).collect();
    all.sort_by_cached_key(|w| {
        let s = w.sighting;
        let bits = w.circle.map(|(p, r)| (p.lat().to_bits(), p.lon().to_bits(), r.to_bits()));
        (s.at, s.kind, s.ip, w.class, w.countries.clone(), bits, w.path)
    });
    all
}

impl<'a> Whereabouts<'a> {
    fn of(stated: &'a Stated<Sighting>, trusted: &[ipnet::IpNet]) -> Option<Self> {
        let sighting = &stated.value;
        if sighting.ip.is_some_and(|ip| network::is_special_use(ip) || network::is_in(ip, trusted)) {
            return None;
        }
        let class = sighting.network.unwrap_or_else(|| sighting.ip.map_or(NetworkClass::Isp, network::class));
        let hidden = network::hides_country(class);
        let mut countries: Vec<Country> = Vec::new();
        if !hidden {
            countries.extend(sighting.ip.and_then(network::registered_country));
            countries.extend(sighting.country.filter(|told| !countries.contains(told)));
        }
        let own = sighting.point.map(|point| (point, sighting.accuracy_km.unwrap_or(policy::CITY_RADIUS_KM)));
        let circle = own.or_else(|| if hidden { None } else { told_city(sighting) });
        let circle = circle.map(|(point, radius)| (point, radius.max(policy::RADIUS_MIN_KM)));
        let located = circle.is_some() || !countries.is_empty() || sighting.ip.is_some();
        located.then_some(Self { path: &stated.path, sighting, class, countries, circle })
    }

    /// True when the person was there: an access line, or coordinates without an address.
    #[must_use]
    pub fn is_physical(&self) -> bool {
        self.class == NetworkClass::Isp || (self.sighting.point.is_some() && self.sighting.ip.is_none())
    }

    /// Every country it may come from: told, registered, and those around its own point.
    #[must_use]
    pub fn possible_countries(&self) -> Vec<Country> {
        let mut all = self.countries.clone();
        if let Some((point, radius)) = self.circle {
            all.extend(gap::countries_around(point, radius));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// True when both are one line.
    #[must_use]
    pub fn is_same_line(&self, other: &Self) -> bool {
        matches!((self.sighting.ip, other.sighting.ip), (Some(a), Some(b)) if network::is_same_line(a, b))
    }

    /// The sighting as one side of a comparison.
    #[must_use]
    pub fn side(&self) -> Side {
        let s = self.sighting;
        let (field, value) = match (s.ip, self.circle, s.country) {
            (Some(ip), ..) => (".ip", ip.to_string()),
            (None, Some((point, _)), _) => ("", format!("{}, {}", point.lat(), point.lon())),
            (None, None, country) => (".country", country.map_or_else(String::new, |c| c.to_string())),
        };
        let asn = s.ip.and_then(network::asn).map_or_else(String::new, |asn| format!(", AS{asn}"));
        let place = match self.circle {
            Some((point, radius)) => format!("{:.2}, {:.2} within {radius:.0} km", point.lat(), point.lon()),
            None => self.countries.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "),
        };
        let place = if place.is_empty() { "country unknown".to_owned() } else { place };
        let mut side = Side::new(format!("{}{field}", self.path), value, format!("{place} ({}{asn})", self.class));
        side.at = Some(s.at.to_string());
        side
    }

    /// How a sentence names its address or point.
    #[must_use]
    pub fn shown(&self) -> String {
        match (self.sighting.ip, self.circle) {
            (Some(ip), _) => format!("address {}", ip.to_canonical()),
            (None, Some((point, _))) => format!("the point {:.2}, {:.2}", point.lat(), point.lon()),
            (None, None) => "the place told".to_owned(),
        }
    }
}

/// The town that another system told, when it means one place only.
fn told_city(sighting: &Sighting) -> Option<(Coordinates, f64)> {
    let city = sighting.city.as_deref()?;
    let text = sighting.country.map_or_else(|| city.to_owned(), |country| format!("{city}, {country}"));
    let readings = place::read(&text);
    match readings.0.as_slice() {
        [only] if matches!(only.precision, Precision::City | Precision::Metro) => Some((only.point?, policy::CITY_RADIUS_KM)),
        _ => None,
    }
}
