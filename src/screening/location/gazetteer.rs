//! Towns of the world by name: the packed table that `build.rs` makes of `data/places.tsv.zst`.
//!
//! Idea: sorted keys, offsets and fixed records inside the program, searched by halving; nothing is unpacked, so loading
//! costs nothing and memory is what is touched. Cost: about 19 comparisons a name. Source: GeoNames, places of 1,000 people
//! and more. Known limits: alternate names only from 15,000 people; population mixes town and urban area.

use std::ops::Range;
use std::sync::LazyLock;

use super::area::{self, Area, RegionNumber};
use crate::domain::place::{Coordinates, Country};

static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gazetteer.bin"));

/// Number of a place in the table; places are sorted by country, then region, the largest first.
pub type PlaceNumber = u32;

/// One town.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Its number.
    pub number: PlaceNumber,
    /// Main name, mostly English.
    pub name: &'static str,
    /// Country.
    pub country: Country,
    /// First-level region, where known.
    pub region: Option<RegionNumber>,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// People.
    pub people: u32,
    /// IANA zone.
    pub time_zone: &'static str,
}

impl Place {
    /// The point of the town.
    #[must_use]
    pub fn point(&self) -> Option<Coordinates> {
        Coordinates::new(self.lat, self.lon).ok()
    }
}

/// A town that a name belongs to, and what kind of name it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The town.
    pub place: PlaceNumber,
    /// Not the main name.
    pub alternate: bool,
    /// Three capitals, such as an airport's: to be used only beside a matching country or region.
    pub three_capitals: bool,
}

/// Where each section of the blob lies.
#[derive(Debug)]
struct Layout {
    key_ends: &'static [u8],
    posting_ends: &'static [u8],
    postings: &'static [u8],
    places: &'static [u8],
    large: &'static [u8],
    key_text: &'static str,
    names: &'static str,
    zones: Vec<&'static str>,
    keys: usize,
    place_count: usize,
    large_count: usize,
}

static LAYOUT: LazyLock<Layout> = LazyLock::new(|| {
    let mut at = 8;
    let mut take = |bytes: usize| {
        let section = BLOB.get(at..at + bytes).unwrap_or_default();
        at += bytes;
        section
    };
    let header = take(32);
    let [keys, key_bytes, postings, place_count, name_bytes, large_count, zone_bytes] =
        [0, 1, 2, 3, 4, 5, 6].map(|i| word(header, i) as usize);
    let (key_ends, posting_ends) = (take((keys + 1) * 4), take((keys + 1) * 4));
    let (postings, places, large) = (take(postings * 4), take(place_count * PLACE_WORDS * 4), take(large_count * 8));
    let mut text = |bytes| std::str::from_utf8(take(bytes)).unwrap_or_default();
    let (key_text, names) = (text(key_bytes), text(name_bytes));
    let zones = text(zone_bytes).split('\n').collect();
    Layout { key_ends, posting_ends, postings, places, large, key_text, names, zones, keys, place_count, large_count }
});

/// Words of a place record: latitude, longitude, people, name start, region and country, zone.
const PLACE_WORDS: usize = 6;

/// The `i`-th little-endian word of a section; 0 past its end.
fn word(section: &[u8], i: usize) -> u32 {
    section.get(i * 4..i * 4 + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn key(layout: &Layout, i: usize) -> &'static str {
    layout.key_text.get(word(layout.key_ends, i) as usize..word(layout.key_ends, i + 1) as usize).unwrap_or_default()
}

/// The towns that bear the name of this key (`place_key`), in the order of the table.
#[must_use]
pub fn find(wanted: &str) -> Vec<Posting> {
    let layout = &*LAYOUT;
    let (mut low, mut high) = (0, layout.keys);
    while low < high {
        let middle = low.midpoint(high);
        if key(layout, middle) < wanted { low = middle + 1 } else { high = middle }
    }
    if low == layout.keys || key(layout, low) != wanted {
        return Vec::new();
    }
    let range = word(layout.posting_ends, low)..word(layout.posting_ends, low + 1);
    range
        .map(|i| word(layout.postings, i as usize))
        .map(|p| Posting { place: p >> 2, alternate: p & 1 != 0, three_capitals: p & 2 != 0 })
        .collect()
}

/// The town of this number; none past the end of the table.
#[must_use]
pub fn place(number: PlaceNumber) -> Option<Place> {
    let layout = &*LAYOUT;
    let i = number as usize;
    if i >= layout.place_count {
        return None;
    }
    let field = |f: usize| word(layout.places, i * PLACE_WORDS + f);
    let start = field(3) as usize;
    let end = if i + 1 < layout.place_count { word(layout.places, (i + 1) * PLACE_WORDS + 3) as usize } else { layout.names.len() };
    let region = u16::try_from(field(4) >> 16).unwrap_or(u16::MAX);
    Some(Place {
        number,
        name: layout.names.get(start..end)?,
        country: area::country_of_row(field(4) & 0xffff)?,
        region: (region != u16::MAX).then_some(region),
        lat: degrees(field(0)),
        lon: degrees(field(1)),
        people: field(2),
        time_zone: layout.zones.get(field(5) as usize)?,
    })
}

fn degrees(thousandths: u32) -> f64 {
    f64::from(thousandths.cast_signed()) / 1000.0
}

/// How many towns there are.
#[must_use]
pub fn count() -> PlaceNumber {
    u32::try_from(LAYOUT.place_count).unwrap_or(u32::MAX)
}

/// The towns of a country, the largest of each region first.
#[must_use]
pub fn of_country(country: Country) -> Range<PlaceNumber> {
    let Some(row) = area::row_of_country(country) else { return 0..0 };
    let layout = &*LAYOUT;
    let first_from = |row: u32| {
        let (mut low, mut high) = (0, layout.place_count);
        while low < high {
            let middle = low.midpoint(high);
            if word(layout.places, middle * PLACE_WORDS + 4) & 0xffff < row { low = middle + 1 } else { high = middle }
        }
        u32::try_from(low).unwrap_or(u32::MAX)
    };
    first_from(row)..first_from(row + 1)
}

/// The towns of a region, the largest first.
#[must_use]
pub fn of_region(region: RegionNumber) -> Vec<Place> {
    let Some(known) = area::region(region) else { return Vec::new() };
    of_country(known.country).filter(|i| region_word(*i) == u32::from(region)).filter_map(place).collect()
}

/// The towns of an area: of the region, else of the whole country.
#[must_use]
pub fn of_area(area: Area) -> Vec<Place> {
    area.region.map_or_else(|| of_country(area.country).filter_map(place).collect(), of_region)
}

fn region_word(number: PlaceNumber) -> u32 {
    word(LAYOUT.places, number as usize * PLACE_WORDS + 4) >> 16
}

/// Names, with their town, of the towns of a country that have 100,000 people or more: what a misspelling may have meant.
pub fn large_names(country: Country) -> impl Iterator<Item = (PlaceNumber, &'static str)> {
    let range = of_country(country);
    let (mut low, mut high) = (0, LAYOUT.large_count);
    while low < high {
        let middle = low.midpoint(high);
        if word(LAYOUT.large, middle * 2) < range.start { low = middle + 1 } else { high = middle }
    }
    (low..LAYOUT.large_count)
        .map(|i| (word(LAYOUT.large, i * 2), word(LAYOUT.large, i * 2 + 1)))
        .take_while(move |(number, _)| *number < range.end)
        .map(|(number, key_number)| (number, key(&LAYOUT, key_number as usize)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_any_script_finds_its_town() {
        for (name, country) in
            [("vienna", "AT"), ("wien", "AT"), ("krakow", "PL"), ("bengaluru", "IN"), ("bangalore", "IN"), ("東京", "JP")]
        {
            let found = find(name).iter().filter_map(|p| place(p.place)).any(|p| p.country.code() == country && p.people > 500_000);
            assert!(found, "{name}");
        }
        assert!(find("no such town at all").is_empty());
        assert!(find("").is_empty());
    }

    #[test]
    fn every_town_lies_in_the_range_of_its_country() {
        let mut all = 0;
        for country in area::countries() {
            for number in of_country(country) {
                assert_eq!(place(number).map(|p| p.country), Some(country));
                all += 1;
            }
        }
        assert_eq!(all, count());
        assert!(place(count()).is_none());
    }

    #[test]
    fn the_first_town_of_a_region_is_its_largest() {
        let texas = area::named("texas").iter().find_map(|a| a.region).unwrap();
        assert_eq!(of_region(texas).first().map(|p| p.name), Some("Houston"));
    }

    #[test]
    fn large_names_are_of_one_country() {
        let france = Country::parse("FR").unwrap();
        let names: Vec<_> = large_names(france).collect();
        assert!(names.iter().any(|(_, key)| *key == "toulouse"));
        assert!(names.iter().all(|(n, _)| place(*n).is_some_and(|p| p.country == france && p.people >= 100_000)));
    }
}
