//! Places: countries, points, and the readings of a place text. A text may mean several places; all are kept.

use serde::{Deserialize, Serialize};

/// A country code, ISO 3166-1 alpha-2, upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// A text that is not a place value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// Not a country code.
    #[error("is not a country code: expected two letters of ISO 3166, such as US")]
    Country,
    /// Not a point on Earth.
    #[error("is not on Earth: expected a latitude of -90 to 90 and a longitude of -180 to 180")]
    Coordinates,
}

impl Country {
    /// Reads two letters in any case.
    ///
    /// # Errors
    /// [`PlaceError::Country`] for anything else.
    pub fn parse(text: &str) -> Result<Self, PlaceError> {
        match text.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()])),
            _ => Err(PlaceError::Country),
        }
    }

    /// The two letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// The state this territory is compared as: Puerto Rico as the United States, Jersey as the United Kingdom.
    /// Hong Kong and Macao stay themselves.
    #[must_use]
    pub fn folded(self) -> Self {
        Self(match &self.0 {
            b"PR" | b"GU" | b"VI" | b"AS" | b"MP" => *b"US",
            b"GG" | b"JE" | b"IM" => *b"GB",
            b"VA" => *b"IT",
            b"GP" | b"MQ" | b"RE" | b"GF" | b"YT" => *b"FR",
            b"AX" => *b"FI",
            other => *other,
        })
    }
}

impl std::fmt::Display for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Country {
    type Error = PlaceError;
    fn try_from(text: String) -> Result<Self, PlaceError> {
        Self::parse(&text)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.code().to_owned()
    }
}

/// A point, degrees WGS84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    lat: f64,
    lon: f64,
}

impl Coordinates {
    /// A point of latitude -90 to 90 and longitude -180 to 180.
    ///
    /// # Errors
    /// [`PlaceError::Coordinates`] outside these ranges or when not a number.
    pub fn new(lat: f64, lon: f64) -> Result<Self, PlaceError> {
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) { Ok(Self { lat, lon }) } else { Err(PlaceError::Coordinates) }
    }

    /// Degrees north.
    #[must_use]
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east.
    #[must_use]
    pub const fn lon(self) -> f64 {
        self.lon
    }
}

/// How exactly a reading says where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// A town: within about 20 km.
    City,
    /// A large area named by its center: within about 80 km.
    Metro,
    /// A first-level region.
    Region,
    /// A whole country.
    Country,
    /// A military post office: the physical place cannot be known.
    Military,
}

impl Precision {
    /// The word, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Metro => "metro",
            Self::Region => "region",
            Self::Country => "country",
            Self::Military => "military",
        }
    }

    /// Radius in kilometers inside which the person may be; none where an outline, not a circle, is meant.
    #[must_use]
    pub const fn radius_km(self) -> Option<f64> {
        match self {
            Self::City => Some(20.0),
            Self::Metro => Some(80.0),
            Self::Region | Self::Country | Self::Military => None,
        }
    }
}

/// One place that a text may mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The country; none for a military post office.
    pub country: Option<Country>,
    /// First-level region, code inside the country as in `data/admin1.tsv`.
    pub admin1: Option<String>,
    /// Main name of the town.
    pub city: Option<String>,
    /// How exactly.
    pub precision: Precision,
    /// The point: of the town, or of the largest town of the region or country.
    pub point: Option<Coordinates>,
    /// IANA zone of that point.
    pub time_zone: Option<String>,
    /// How well the text fits, on a scale of log10 population; compare only inside one set.
    pub score: f64,
    /// True when one letter was corrected.
    pub corrected: bool,
}

/// The places a text may mean, best first. Empty: not understood.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReadingSet(pub Vec<Reading>);

impl ReadingSet {
    /// True when the text was not understood.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when some reading is a military post office.
    #[must_use]
    pub fn is_military(&self) -> bool {
        self.0.iter().any(|r| r.precision == Precision::Military)
    }

    /// The folded countries of all readings, each once, sorted.
    #[must_use]
    pub fn countries(&self) -> Vec<Country> {
        let mut all: Vec<Country> = self.0.iter().filter_map(|r| r.country).map(Country::folded).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
