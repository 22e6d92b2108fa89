//! The answer of `locate`: the readings of one text as JSON (CONTRACT section 5).

use serde_json::{Value, json};

use super::place;

/// One object for one text: `{"text", "readings": [{country, admin1, city, precision, lat, lon, time_zone, score, corrected}]}`,
/// best first, `[]` when not understood. Absent values are null.
#[must_use]
pub fn locate(text: &str) -> Value {
    let readings: Vec<Value> = place::read(text)
        .0
        .iter()
        .map(|r| {
            json!({
                "country": r.country, "admin1": r.admin1, "city": r.city, "precision": r.precision,
                "lat": r.point.map(|p| p.lat()), "lon": r.point.map(|p| p.lon()),
                "time_zone": r.time_zone, "score": r.score, "corrected": r.corrected,
            })
        })
        .collect();
    json!({ "text": text, "readings": readings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_answers_with_every_key() {
        let answer = locate("Lisbon, Portugal");
        assert_eq!(answer["readings"][0]["city"], "Lisbon");
        let keys: Vec<&String> = answer["readings"][0].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["country", "admin1", "city", "precision", "lat", "lon", "time_zone", "score", "corrected"]);
    }

    #[test]
    fn unknown_texts_and_military_mail_have_their_own_answers() {
        assert_eq!(locate("anywhere")["readings"], json!([]));
        let military = &locate("APO AE 09012")["readings"][0];
        assert_eq!((&military["precision"], &military["country"]), (&json!("military"), &Value::Null));
    }
}
