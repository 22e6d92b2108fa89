//! Least distances to and between countries: between their nearest towns, never between centers, so that neighbors come out
//! near 0 and no border needs a rule of its own. Data: `country_gap.bin`, and the towns of 15,000 people and more.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::area;
use super::distance::{EARTH_RADIUS_KM, between_km};
use super::gazetteer::{self, PlaceNumber};
use crate::domain::place::{Coordinates, Country};
use crate::screening::policy;

static GAPS: &[u8] = include_bytes!("../../../data/country_gap.bin");
/// Marks an unknown distance in the table.
const UNKNOWN: u16 = u16::MAX;

/// A point on the unit sphere: the nearest of two is the one with the greater dot product.
type Unit = [f32; 3];

struct Town {
    number: PlaceNumber,
    unit: Unit,
}

static LARGE_TOWNS: LazyLock<BTreeMap<Country, Vec<Town>>> = LazyLock::new(|| {
    let of = |country| {
        let mut towns: Vec<_> = gazetteer::of_country(country).filter_map(gazetteer::place).collect();
        let large = towns.iter().filter(|t| t.people >= policy::GAP_TOWN_MIN_PEOPLE).count();
        towns.sort_by_key(|t| std::cmp::Reverse(t.people));
        towns.truncate(if large == 0 { policy::GAP_TOWNS_OF_SMALL_COUNTRY } else { large });
        (country, towns.iter().map(|t| Town { number: t.number, unit: unit(t.lat, t.lon) }).collect())
    };
    area::countries().map(of).collect()
});

static ALL_TOWNS: LazyLock<Vec<Unit>> =
    LazyLock::new(|| (0..gazetteer::count()).filter_map(gazetteer::place).map(|t| unit(t.lat, t.lon)).collect());

#[expect(clippy::cast_possible_truncation, reason = "two kilometers are near enough to choose a town")]
fn unit(lat: f64, lon: f64) -> Unit {
    let (lat, lon) = (lat.to_radians(), lon.to_radians());
    [(lat.cos() * lon.cos()) as f32, (lat.cos() * lon.sin()) as f32, lat.sin() as f32]
}

fn dot(a: &Unit, b: &Unit) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Least distance between two countries in kilometers, 0 for one country and for territories of one state; none when unknown.
#[must_use]
pub fn between_countries_km(a: Country, b: Country) -> Option<f64> {
    if a.folded() == b.folded() {
        return Some(0.0);
    }
    let (row, column) = (area::row_of_country(a)? as usize, area::row_of_country(b)? as usize);
    let at = (row * area::countries().count() + column) * 2;
    let km = u16::from_le_bytes(GAPS.get(at..at + 2)?.try_into().ok()?);
    (km != UNKNOWN).then(|| f64::from(km))
}

/// Distance in kilometers from a point to the nearest large town of a country; none for a country without towns.
#[must_use]
pub fn to_country_km(point: Coordinates, country: Country) -> Option<f64> {
    let from = unit(point.lat(), point.lon());
    let towns = LARGE_TOWNS.get(&country)?;
    let nearest = towns.iter().max_by(|a, b| dot(&from, &a.unit).total_cmp(&dot(&from, &b.unit)))?;
    Some(between_km(point, gazetteer::place(nearest.number)?.point()?))
}

/// Countries in which a circle may lie: those of its nearest town and of every town hardly farther away. Empty at sea.
#[must_use]
pub fn countries_around(point: Coordinates, radius_km: f64) -> Vec<Country> {
    let from = unit(point.lat(), point.lon());
    let Some(best) = ALL_TOWNS.iter().map(|t| dot(&from, t)).max_by(f32::total_cmp) else { return Vec::new() };
    let nearest_km = f64::from(best.clamp(-1.0, 1.0)).acos() * EARTH_RADIUS_KM;
    if nearest_km > policy::POINT_ON_LAND_KM {
        return Vec::new();
    }
    #[expect(clippy::cast_possible_truncation, reason = "two kilometers are near enough to choose a country")]
    let least = ((nearest_km + radius_km) / EARTH_RADIUS_KM).min(std::f64::consts::PI).cos() as f32;
    let near = (0..gazetteer::count()).zip(ALL_TOWNS.iter()).filter(|(_, t)| dot(&from, t) >= least.min(best));
    let mut countries: Vec<Country> = near.filter_map(|(number, _)| gazetteer::place(number)).map(|t| t.country).collect();
    countries.sort_unstable();
    countries.dedup();
    countries
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn country(code: &str) -> Country {
        Country::parse(code).unwrap()
    }

    #[rstest]
    #[case("US", "CA", 0.0)]
    #[case("KR", "RU", 598.0)]
    #[case("NZ", "AU", 1703.0)]
    #[case("US", "GB", 4386.0)]
    #[case("US", "PR", 0.0)]
    fn gaps_are_those_of_the_table_both_ways(#[case] a: &str, #[case] b: &str, #[case] km: f64) {
        assert_eq!(between_countries_km(country(a), country(b)), Some(km));
        assert_eq!(between_countries_km(country(b), country(a)), Some(km));
    }

    #[test]
    fn a_country_without_towns_is_unknown() {
        assert_eq!(between_countries_km(country("AQ"), country("US")), None);
        assert_eq!(to_country_km(Coordinates::new(0.0, 0.0).unwrap(), country("AQ")), None);
    }

    #[test]
    fn a_point_knows_its_country_and_its_distance_to_others() {
        let apia = Coordinates::new(-13.83, -171.77).unwrap();
        assert_eq!(countries_around(apia, 20.0), [country("WS")]);
        let austin = Coordinates::new(30.27, -97.74).unwrap();
        assert_eq!(countries_around(austin, 50.0), [country("US")]);
        assert!(to_country_km(austin, country("US")).unwrap() < 20.0);
        assert!((9_000.0..12_000.0).contains(&to_country_km(austin, country("CN")).unwrap()));
        let strasbourg = Coordinates::new(48.58, 7.75).unwrap();
        assert_eq!(countries_around(strasbourg, 20.0), [country("DE"), country("FR")]);
        assert!(countries_around(Coordinates::new(-50.0, -120.0).unwrap(), 20.0).is_empty());
    }
}
