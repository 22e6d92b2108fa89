//! Place texts and what they may mean; the table is invented for these tests.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// Each reading as `country/region/city precision`, best first.
fn shown(text: &str) -> Vec<String> {
    let part = |value: Option<String>| value.unwrap_or_default();
    let precision = |p: Precision| format!("{p:?}").to_lowercase();
    let one = |r: &Reading| {
        let country = part(r.country.map(|c| c.to_string()));
        format!("{country}/{}/{} {}", part(r.admin1.clone()), part(r.city.clone()), precision(r.precision))
    };
    read(text).0.iter().map(one).collect()
}

#[rstest]
#[case("Austin, TX", "US/TX/Austin city")]
#[case("US Austin", "US/TX/Austin city")]
#[case("Wien, Österreich", "AT/09/Vienna city")]
#[case("NRW, Germany", "DE/07/ region")]
#[case("austin texas usa", "US/TX/Austin city")]
#[case("Austin, TX 78701, United States", "US/TX/Austin city")]
#[case("Kraków, Poland", "PL/77/Kraków city")]
#[case("Москва, Россия", "RU/48/Moscow city")]
#[case("Київ, Україна", "UA/12/Kyiv city")]
#[case("中国北京", "CN/22/Beijing city")]
#[case("Seoul KR", "KR/11/Seoul city")]
#[case("Bloomington, IN", "US/IN/Bloomington city")]
#[case("Hyderabad, IN", "IN/40/Hyderabad city")]
#[case("London, ON", "CA/08/London city")]
#[case("London, OH", "US/OH/London city")]
#[case("Paris", "FR/11/Paris city")]
#[case("Paris, TX", "US/TX/Paris city")]
#[case("Athens, Georgia", "US/GA/Athens city")]
#[case("Tbilisi, Georgia", "GE/51/Tbilisi city")]
#[case("St Petersburg, FL", "US/FL/St. Petersburg city")]
#[case("Portland, ME", "US/ME/Portland city")]
#[case("Oslo, NO", "NO/12/Oslo city")]
#[case("New York, NY", "US/NY/New York City city")]
#[case("Hong Kong, China", "HK//Hong Kong city")]
#[case("San Juan, Puerto Rico", "PR/127/San Juan city")]
#[case("Singapore", "SG//Singapore city")]
#[case("Victoria, Australia", "AU/07/ region")]
#[case("Georgia, USA", "US/GA/ region")]
#[case("Bayern", "DE/02/ region")]
#[case("Scotland", "GB/SCT/ region")]
#[case("Remote (US)", "US// country")]
#[case("Deutschland", "DE// country")]
#[case("fully remote, based in Canada", "CA// country")]
#[case("SF Bay Area", "US/CA/San Francisco metro")]
#[case("DMV, VA", "US/DC/Washington metro")]
#[case("Tri-State Area, NJ", "US/NY/New York City metro")]
#[case("Greater Seattle Area", "US/WA/Seattle metro")]
#[case("Dallas–Fort Worth", "US/TX/Dallas metro")]
#[case("Kreuzberg, Berlin, Germany", "DE/16/Kreuzberg city")]
#[case("Aurora, Kane County, Illinois", "US/IL/Aurora city")]
#[case("India, Bangalore", "IN/19/Bengaluru city")]
#[case("USA, Texas, Austin", "US/TX/Austin city")]
#[case("Victoria, London", "GB/ENG/London city")]
#[case("No Such Village, KS", "US/KS/ region")]
#[case("APO AE 09012", "// military")]
#[case("PSC 3 Box 1234, FPO, AP 96349", "// military")]
fn a_text_with_one_meaning(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(shown(text), [expected]);
}

#[rstest]
#[case("Georgia", &["GE// country", "US/GA/ region"])]
#[case("Birmingham", &["GB/ENG/Birmingham city", "US/AL/Birmingham city"])]
#[case("Ontario, CA", &["CA/08/ region", "US/CA/Ontario city"])]
#[case("LA", &["US/CA/Los Angeles metro", "LA// country", "US/LA/ region"])]
#[case("IN", &["IN// country", "US/IN/ region"])]
#[case("New York", &["US/NY/New York City city", "US/NY/ region"])]
fn a_text_with_several_meanings_keeps_all(#[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(shown(text), expected);
}

#[test]
fn at_most_five_readings_are_kept() {
    assert_eq!(shown("Springfield, USA").len(), 5);
    assert!(shown("Springfield, USA").iter().all(|r| r.starts_with("US/")));
}

#[test]
fn several_places_of_one_text_are_all_readings() {
    let found = shown("Oslo / Lisbon");
    assert!(found.contains(&"NO/12/Oslo city".to_owned()) && found.contains(&"PT/14/Lisbon city".to_owned()), "{found:?}");
    assert_eq!(shown("Kraków / Poland"), ["PL/77/Kraków city"]);
}

#[rstest]
#[case("Anywhere / EMEA")]
#[case("Worldwide")]
#[case("remote")]
#[case("work from home")]
#[case("N/A")]
#[case("EST")]
#[case("SEL")]
#[case("not in")]
#[case("on the road")]
#[case("to be announced")]
#[case("I like this")]
#[case("")]
#[case("🙂")]
fn a_text_that_names_no_place_gives_no_reading(#[case] text: &str) {
    assert_eq!(shown(text), [""; 0]);
}

#[rstest]
#[case("Los Angelos, California", Some("Los Angeles"))]
#[case("Los Angelos CA", Some("Los Angeles"))]
#[case("Hydrabad, India", None)]
#[case("Minneapolix, MN", Some("Minneapolis"))]
#[case("Minneapolix, USA", Some("Minneapolis"))]
#[case("Minneapolix", None)]
#[case("Austen, TX", Some("Austin"))]
#[case("Aust, TX", None)]
fn one_wrong_letter_is_corrected_only_inside_a_stated_area(#[case] text: &str, #[case] city: Option<&str>) {
    let found = read(text);
    let corrected = found.0.iter().find(|r| r.corrected).and_then(|r| r.city.as_deref());
    assert_eq!(corrected, city);
}

#[test]
fn a_reading_tells_point_and_zone() {
    let found = read("Suva, Fiji");
    let suva = &found.0[0];
    assert_eq!(suva.time_zone.as_deref(), Some("Pacific/Fiji"));
    assert!(suva.point.is_some_and(|p| (p.lat() + 18.14).abs() < 0.05 && (p.lon() - 178.44).abs() < 0.05));
    let country = &read("Australia").0[0];
    assert!(country.point.is_some() && country.city.is_none());
}

proptest! {
    #[test]
    fn any_text_is_read_without_fault(text in "\\PC{0,60}") {
        let found = read(&text);
        prop_assert!(found.0.len() <= policy::PLACE_READINGS_MAX);
        prop_assert_eq!(read(&text), found);
    }

    #[test]
    fn any_mix_of_place_words_is_read_without_fault(words in prop::collection::vec(
        prop::sample::select(vec!["Austin", "TX", "remote", ",", "/", "(", "🇩🇪", "Georgia", "IN", "Bay Area", "São", "中国", "서울", "-", "or", "'", "\u{0}", "78701"]), 0..9)) {
        let found = read(&words.join(" "));
        prop_assert!(found.0.windows(2).all(|w| w[0] != w[1]));
    }
}
