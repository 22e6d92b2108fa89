//! Network addresses: special use, kind of network, country of registration.
//!
//! Order, the first that decides: special-use ranges and trusted networks (no sighting at all), the kind the sighting was
//! told with, the class of the announcing network, else an access line. Data: `asn.bin.zst` (RouteViews, NRO, DB-IP Lite),
//! `asn_class.tsv` (kept by hand), crate `iptocc` (NRO). Known limits: class means operator, not brand; the country is that
//! of registration, which is why it is never used for rented servers, VPN, relays and Tor.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use ipnet::IpNet;

use super::area;
use crate::domain::place::Country;
use crate::domain::sighting::NetworkClass;

static V4: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/asn_v4.bin"));
static V6: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/asn_v6.bin"));

static CLASSES: LazyLock<BTreeMap<u32, NetworkClass>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/asn_class.tsv").lines().skip(1);
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        Some((fields.next()?.parse().ok()?, NetworkClass::parse(fields.next()?)?))
    })
    .collect()
});

/// Ranges of IANA's special-purpose registries (RFC 6890 and its updates), multicast and reserved space: an address there
/// tells nothing of where someone is. The embedded table lists some of them as announced, so they are tested first.
static SPECIAL_USE: LazyLock<Vec<IpNet>> = LazyLock::new(|| {
    const RANGES: &[&str] = &[
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    ];
    RANGES.iter().filter_map(|range| range.parse().ok()).collect()
});

/// True for an address of special use: private, documentation, shared, multicast and the like.
#[must_use]
pub fn is_special_use(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    SPECIAL_USE.iter().any(|range| range.contains(&ip))
}

/// True when the address lies in one of the networks.
#[must_use]
pub fn is_in(ip: IpAddr, networks: &[IpNet]) -> bool {
    let ip = ip.to_canonical();
    networks.iter().any(|network| network.contains(&ip))
}

/// The number of the network that announces the address; none when nobody known does.
#[must_use]
pub fn asn(ip: IpAddr) -> Option<u32> {
    let found = match ip.to_canonical() {
        IpAddr::V4(v4) => last_start_at_most::<4>(V4, u64::from(Ipv4Addr::to_bits(v4))),
        IpAddr::V6(v6) => u64::try_from(Ipv6Addr::to_bits(v6) >> 64).ok().and_then(|upper| last_start_at_most::<8>(V6, upper)),
    };
    found.filter(|asn| *asn != 0)
}

/// The ASN of the entry with the greatest start that is not above `wanted`; entries are a start of `WIDTH` bytes and an ASN.
fn last_start_at_most<const WIDTH: usize>(table: &[u8], wanted: u64) -> Option<u32> {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |n, b| (n << 8) | u64::from(*b));
    let entry = |i: usize| table.get(i * (WIDTH + 4)..(i + 1) * (WIDTH + 4)).and_then(|e| e.split_at_checked(WIDTH));
    let (mut low, mut high) = (0, table.len() / (WIDTH + 4));
    while low < high {
        let middle = low.midpoint(high);
        if number(entry(middle)?.0) <= wanted { low = middle + 1 } else { high = middle }
    }
    u32::try_from(number(entry(low.checked_sub(1)?)?.1)).ok()
}

/// The kind of network that announces the address; an access line unless the table says otherwise.
#[must_use]
pub fn class(ip: IpAddr) -> NetworkClass {
    asn(ip).and_then(|asn| CLASSES.get(&asn).copied()).unwrap_or(NetworkClass::Isp)
}

/// The country in which the block of the address is registered; none when unknown.
#[must_use]
pub fn registered_country(ip: IpAddr) -> Option<Country> {
    let country = Country::parse(iptocc::country_code(ip.to_canonical())?).ok()?;
    area::row_of_country(country).map(|_| country)
}

/// True when both are one address, or IPv6 addresses of one /64, which is one line.
#[must_use]
pub fn is_same_line(a: IpAddr, b: IpAddr) -> bool {
    match (a.to_canonical(), b.to_canonical()) {
        (IpAddr::V6(a), IpAddr::V6(b)) => a.to_bits() >> 64 == b.to_bits() >> 64,
        (a, b) => a == b,
    }
}

/// True for kinds whose address tells the owner's country, not the person's.
#[must_use]
pub const fn hides_country(class: NetworkClass) -> bool {
    matches!(class, NetworkClass::Vpn | NetworkClass::Hosting | NetworkClass::Tor | NetworkClass::Relay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("198.51.100.7")]
    #[case("203.0.113.5")]
    #[case("192.0.2.10")]
    #[case("10.1.2.3")]
    #[case("100.64.0.1")]
    #[case("2001:db8::1")]
    #[case("fd00::1")]
    #[case("::ffff:192.168.0.1")]
    fn special_use_is_no_place(#[case] ip: &str) {
        assert!(is_special_use(ip.parse().unwrap()));
    }

    #[rstest]
    #[case("59.44.1.1", NetworkClass::Isp, Some("CN"))]
    #[case("128.83.40.1", NetworkClass::Isp, Some("US"))]
    #[case("45.76.1.1", NetworkClass::Hosting, None)]
    #[case("172.58.1.1", NetworkClass::Mobile, Some("US"))]
    #[case("2a02:6b8::1", NetworkClass::Isp, Some("RU"))]
    #[case("::ffff:59.44.1.1", NetworkClass::Isp, Some("CN"))]
    fn addresses_have_a_kind_and_a_country(#[case] ip: &str, #[case] kind: NetworkClass, #[case] country: Option<&str>) {
        let ip: IpAddr = ip.parse().unwrap();
        assert!(!is_special_use(ip));
        assert_eq!(class(ip), kind);
        if let Some(country) = country {
            assert_eq!(registered_country(ip).map(|c| c.to_string()).as_deref(), Some(country));
        }
    }

    #[test]
    fn one_ipv6_line_has_many_addresses() {
        let same = |a: &str, b: &str| is_same_line(a.parse().unwrap(), b.parse().unwrap());
        assert!(same("2a02:6b8:1:2::1", "2a02:6b8:1:2:ffff::9"));
        assert!(!same("2a02:6b8:1:2::1", "2a02:6b8:1:3::1"));
        assert!(!same("59.44.1.1", "59.44.1.2"));
    }

    #[test]
    fn the_ends_of_the_address_space_are_answered() {
        for ip in ["0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"] {
            let ip: IpAddr = ip.parse().unwrap();
            assert!(is_special_use(ip));
            assert_eq!(class(ip), NetworkClass::Isp);
        }
    }

    #[test]
    fn every_special_range_is_read() {
        assert_eq!(SPECIAL_USE.len(), 33);
        assert!(CLASSES.len() > 200);
    }
}
