//! Names of large areas that no gazetteer row bears: `SF Bay Area`, `DMV`, `Ruhrgebiet`.
//!
//! To add one: a row in `data/metros.tsv` with its main town, and the regions it also reaches into.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::area::{self, Area, RegionNumber};
use super::gazetteer::{self, Place};
use super::place_key::place_key;

/// A large area named by its main town.
#[derive(Debug, Clone, PartialEq)]
pub struct Metro {
    /// The main town.
    pub center: Place,
    /// Regions it also reaches into.
    pub also: Vec<RegionNumber>,
}

static METROS: LazyLock<BTreeMap<String, Metro>> = LazyLock::new(|| {
    let mut metros = BTreeMap::new();
    for line in include_str!("../../../data/metros.tsv").lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [names, country, city, city_region, also] = fields.as_slice() else { continue };
        let Some(center) = town(city, area::area_of(country, city_region)) else { continue };
        let also = also.split('|').filter_map(|code| area::area_of(country, code)?.region).collect();
        let metro = Metro { center, also };
        for name in names.split('|') {
            metros.insert(place_key(name), metro.clone());
        }
    }
    metros
});

fn town(name: &str, area: Option<Area>) -> Option<Place> {
    let area = area?;
    let towns = gazetteer::find(&place_key(name)).into_iter().filter_map(|p| gazetteer::place(p.place));
    towns.filter(|p| p.country == area.country && p.region == area.region).max_by_key(|p| p.people)
}

/// The large area that this key names.
#[must_use]
pub fn named(key: &str) -> Option<&'static Metro> {
    METROS.get(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_a_known_town() {
        for line in include_str!("../../../data/metros.tsv").lines().skip(1) {
            let names = line.split('\t').next().unwrap();
            for name in names.split('|') {
                assert!(named(&place_key(name)).is_some(), "{line}");
            }
        }
        assert!(METROS.len() >= 40);
    }

    #[test]
    fn a_large_area_reaches_into_its_neighbors() {
        let dmv = named("dmv").unwrap();
        assert_eq!(dmv.center.name, "Washington");
        assert_eq!(dmv.also.len(), 2);
    }
}
