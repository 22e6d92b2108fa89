//! Spellings undone in values of lists: defanged addresses, invisible characters, traffic-light words.

/// Invisible characters that no identifier holds.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// An identifier as it was before someone made it harmless to click: `hxxps://a[.]b` is `https://a.b`, `a[at]b[dot]c` is `a@b.c`.
#[must_use]
pub fn refanged(text: &str) -> String {
    let mut plain: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    for (defanged, meant) in [
        ("[.]", "."),
        ("(.)", "."),
        ("{.}", "."),
        ("[dot]", "."),
        ("(dot)", "."),
        ("[at]", "@"),
        ("(at)", "@"),
        ("[@]", "@"),
        ("[://]", "://"),
        ("[:]", ":"),
    ] {
        if plain.contains(['[', '(', '{']) {
            plain = plain.replace(defanged, meant).replace(&defanged.to_uppercase(), meant);
        }
    }
    let lower = plain.get(..4).map(str::to_ascii_lowercase);
    if lower.as_deref() == Some("hxxp") {
        plain.replace_range(..4, "http");
    }
    plain.trim().to_owned()
}

/// A name or free text without invisible characters; the joiners that some scripts need stay.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\u{200c}' | '\u{200d}') || !is_invisible(*c)).collect::<String>().trim().to_owned()
}

/// A traffic-light word in its plain form: `TLP:AMBER` is `amber`, the old `white` is `clear`.
#[must_use]
pub fn traffic_light(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    match lower.strip_prefix("tlp:").unwrap_or(&lower).trim() {
        "white" => "clear".to_owned(),
        word => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[rstest::rstest]
    #[case("hxxps://evil[.]example/a", "https://evil.example/a")]
    #[case("HXXP[:]//x(.)io", "http://x.io")]
    #[case("a[at]b[DOT]c", "a@b.c")]
    #[case("a\u{200b}@b\u{feff}.c", "a@b.c")]
    #[case("plain.name@x.io", "plain.name@x.io")]
    #[case("日本[.]example", "日本.example")]
    fn harmless_spellings_are_undone(#[case] written: &str, #[case] meant: &str) {
        assert_eq!(refanged(written), meant);
    }

    #[test]
    fn traffic_lights_are_read_in_all_spellings() {
        assert_eq!((traffic_light("TLP:AMBER+STRICT").as_str(), traffic_light("white").as_str()), ("amber+strict", "clear"));
    }

    proptest! {
        #[test]
        fn any_text_can_be_read_and_plain_words_stay(text in ".*", word in "[a-z0-9.@/-]{0,30}") {
            let _any = refanged(&text);
            prop_assume!(!word.starts_with("hxxp"));
            prop_assert_eq!(refanged(&word), word);
        }
    }
}
