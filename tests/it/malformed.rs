//! A thousand broken inputs, the same ones each time: every one is refused with the field, what is wrong and what is expected,
//! none is answered with a failure of ours, and nothing is stored.

use bonafide::domain::user::{Role, Scope};
use bonafide::store::page::PageRequest;
use bonafide::store::{self, Engine};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::candidate::{candidate, value_of};
use crate::support::program::{Program, intake, problem};
use crate::support::web::{Browser, location, spawn_app};

/// Numbers that are the same in every run (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn word(&mut self) -> String {
        const SIGNS: [char; 16] = ['a', 'Z', '0', ' ', '\u{202e}', '<', '"', '\'', ';', '%', '\\', '\u{0}', 'ü', '\u{1f600}', '=', '\n'];
        (0..1 + self.roll(12)).map(|_| SIGNS[self.roll(SIGNS.len())]).collect()
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..1 + self.roll(most)).map(|_| self.roll(256) as u8).collect()
    }
}

/// A key and a value that it never takes.
fn wrong(dice: &mut Dice) -> (String, Value) {
    let catalog = [
        ("name", json!(null)),
        ("name", json!(17)),
        ("name", json!(" \u{200b}")),
        ("name", json!("x".repeat(201))),
        ("emails", json!(["a@"])),
        ("emails", json!("a@b.example")),
        ("emails", json!([{"value": "a@b.example"}])),
        ("emails", json!(vec!["a@b.example"; 51])),
        ("phones", json!(["+1 512 471 3434"])),
        ("phones", json!([{"number": ""}])),
        ("phones", json!([{"number": "+1 512 471 3434", "line_type": "pigeon"}])),
        ("handles", json!([{"platform": "Git Hub", "value": "x"}])),
        ("handles", json!([{"value": "x"}])),
        ("websites", json!(["javascript:alert(1)"])),
        ("wallets", json!(["1"])),
        ("claims", json!([{"source": "rumor", "text": "Austin, TX"}])),
        ("claims", json!([{"text": "Austin, TX"}])),
        ("timezone", json!("Mars/Olympus")),
        ("relocation", json!("perhaps")),
        ("working_hours", json!({"activity_utc_hours": [25]})),
        ("sightings", json!([{"at": "soon", "kind": "login"}])),
        ("sightings", json!([{"at": "2026-10-05T14:00:00Z", "kind": "login", "ip": "999.1.1.1"}])),
        ("sightings", json!([{"at": "2026-10-05T14:00:00Z", "kind": "login", "lat": 91.0, "lon": 0.0}])),
        ("history", json!([{"kind": "job", "org": "A", "from": "2022-13"}])),
        ("travel", json!([{"place": "Lisbon"}])),
        ("payroll_country", json!("Narnia")),
        ("payout_account", json!("")),
        ("references", json!([{}])),
        ("photos", json!([{"kind": "selfie"}])),
        ("photos", json!([{"kind": "profile", "data_base64": "!!!"}])),
        ("photos", json!([{"kind": "profile", "data_base64": "R0lGODlh"}])),
        ("photos", json!([{"kind": "profile", "file": "../../etc/passwd"}])),
        ("footprint", json!({"copied_commits": -1})),
        ("interviews", json!([{"round": "technical"}])),
        ("stage", json!("fired")),
        ("notes", json!("n".repeat(10_001))),
        ("received_at", json!("03/04/26")),
        ("notice_given_at", json!("2026-02-30")),
        ("team", json!("someone else's")),
    ];
    if dice.roll(8) == 0 {
        return (format!("x{}", dice.word()), json!(dice.word()));
    }
    let (key, value) = catalog[dice.roll(catalog.len())].clone();
    (key.to_owned(), value)
}

/// An intake with one to three wrong values.
fn wrong_intake(dice: &mut Dice) -> Value {
    let mut intake = intake("Kim Example", "kim@mail.example");
    for _ in 0..1 + dice.roll(3) {
        let (key, value) = wrong(dice);
        intake[key] = value;
    }
    intake
}

/// A body that is no intake at all.
fn wrong_body(dice: &mut Dice) -> Vec<u8> {
    let good = intake("Kim Example", "kim@mail.example").to_string();
    match dice.roll(5) {
        0 => good.as_bytes()[..dice.roll(good.len() - 1)].to_vec(),
        1 => format!("{}{}", "[".repeat(40 + dice.roll(5_000)), dice.word()).into_bytes(),
        2 => dice.bytes(300),
        3 => format!("{}\"name\":\"A B\"}}", good.trim_end_matches('}').to_owned() + ",").into_bytes(),
        _ => ["[]", "null", "17", "\"text\"", "{}", ""][dice.roll(6)].as_bytes().to_vec(),
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn six_hundred_broken_submissions_are_refused_with_reasons(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let user = app.add_user_of_team(&[Role::Recruiter], "platform", None).await;
    let sender = Program::of(&app, &user).await;
    let mut dice = Dice(0x2026_1120);
    for round in 0..600 {
        let path = if round % 6 == 5 { "/api/v1/check" } else { "/api/v1/candidates" };
        let request = sender.request(Method::POST, path);
        let (request, sent) = match round % 3 {
            0 => {
                let body = wrong_body(&mut dice);
                (request.header("content-type", "application/json").body(body.clone()), String::from_utf8_lossy(&body).into_owned())
            }
            1 if path.ends_with("candidates") => {
                let body = wrong_intake(&mut dice);
                let picture = Part::bytes(dice.bytes(2_000)).file_name(dice.word().replace(['\0', '\n', '"', '\\'], "_"));
                (request.multipart(Form::new().text("candidate", body.to_string()).part("photo.profile", picture)), body.to_string())
            }
            // A check has no team of its own to be refused.
            _ => {
                let mut body = wrong_intake(&mut dice);
                body["stage"] = json!(dice.word());
                (request.json(&body), body.to_string())
            }
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        assert!(matches!(status, 400 | 422), "{status} for {sent}");
        let told = problem(answer, status).await;
        assert!(!told["errors"].as_array().unwrap().is_empty(), "{told} for {sent}");
    }
    assert_eq!(store::candidate::count(&app.database.store, &Scope::All).await.unwrap(), 0);
}

/// A list file without a single entry that can be taken.
fn wrong_list(dice: &mut Dice) -> Vec<u8> {
    let rows = 1 + dice.roll(5);
    match dice.roll(6) {
        0 => format!("id,{}x,name\n1,a,Ana\n", dice.word().replace(['\n', '\0', '"', '\u{202e}'], "y")).into_bytes(),
        1 => format!("name,emails\n{}", (0..rows).map(|_| format!("Ana,{}@\n", dice.roll(99))).collect::<String>()).into_bytes(),
        2 => format!("id,name,confidence\n{}", (0..rows).map(|row| format!("{row},Ana,{}\n", 101 + dice.roll(900))).collect::<String>())
            .into_bytes(),
        3 => [b"PK\x03\x04".to_vec(), dice.bytes(200)].concat(),
        4 => format!("{{\"names\":[\"A B\"],\"{}x\":1}}\n", dice.roll(99)).into_bytes(),
        _ => [b"<".to_vec(), dice.bytes(200)].concat(),
    }
}

async fn refused_page(answer: reqwest::Response, sent: &str) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(status, 422, "{sent}: {text}");
    let told = text.split("data-errors").nth(1).unwrap_or_else(|| panic!("no reasons for {sent}")).split("</div>").next().unwrap();
    assert!(
        told.contains("href=\"#") && (told.contains("expected") || told.contains("is empty") || told.contains("must be")),
        "{sent}: {told}"
    );
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_broken_lists_and_two_hundred_broken_forms_come_back_with_reasons(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let keeper: Browser = app.signed_in(&[Role::HrAdmin]).await;
    let mut dice = Dice(0x2026_1121);
    let made = keeper.submit("/watchlists", "/watchlists", &[("name", "osint")]).await;
    let list = location(&made).to_owned();
    let import = format!("{list}/import");
    let token = keeper.token(&import).await;
    for _ in 0..200 {
        let file = wrong_list(&mut dice);
        let form = Form::new().text("csrf", token.clone()).part("file", Part::bytes(file.clone()).file_name("list.csv"));
        let answer = keeper.request(Method::POST, &import).multipart(form).send().await.unwrap();
        refused_page(answer, &String::from_utf8_lossy(&file)).await;
    }
    let new = format!("{list}/entries/new");
    for _ in 0..100 {
        let word = dice.word();
        let (field, value) = [
            ("emails", format!("{}@", dice.roll(99))),
            ("phones", "call me".to_owned()),
            ("handles", format!("?? {}", dice.roll(99))),
            ("ips", format!("300.1.1.{}", dice.roll(255))),
            ("confidence", format!("-{}", 1 + dice.roll(99))),
            ("expires", format!("{}/13/99", dice.roll(99))),
            ("tlp", format!("purple{}", dice.roll(9))),
            ("source_url", "javascript:alert(1)".to_owned()),
            ("names", "x".repeat(201 + dice.roll(50))),
            ("note", "n".repeat(10_001)),
        ][dice.roll(10)]
        .clone();
        let fields = [("csrf", token.as_str()), ("names", "Ana Persona"), ("locations", word.as_str())];
        let mut fields: Vec<(&str, &str)> = fields.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, value.as_str()));
        refused_page(keeper.post(&new, &fields).await, &format!("{field}={value}")).await;
    }
    let page = keeper.text("/candidates/new").await;
    let (token, receipt) = (value_of(&page, "csrf"), value_of(&page, "receipt"));
    for _ in 0..100 {
        let (field, value) = [
            ("emails[0]", format!("{}@", dice.roll(99))),
            ("phones[0].number", "call me".to_owned()),
            ("websites[0]", "javascript:alert(1)".to_owned()),
            ("payroll_country", format!("Narnia{}", dice.roll(9))),
            ("received_at", format!("{}/13/99", 32 + dice.roll(60))),
            ("external_id", "x".repeat(301 + dice.roll(50))),
            ("role", "r".repeat(301)),
        ][dice.roll(7)]
        .clone();
        let form = candidate("Kim Example", "kim@mail.example").with("emails[1]", "ok@mail.example").with(field, &value);
        let form = if field == "emails[0]" { candidate("Kim Example", &value) } else { form };
        let answer = keeper.request(Method::POST, "/candidates/new").multipart(form.body(&token, &receipt)).send().await.unwrap();
        refused_page(answer, &format!("{field}={value}")).await;
    }
    let store = &app.database.store;
    assert_eq!(store::candidate::count(store, &Scope::All).await.unwrap(), 0);
    let row = store::watchlist::list(store).await.unwrap().remove(0);
    assert_eq!(store::entry::list(store, row.number, "", PageRequest::of(1, 50)).await.unwrap().total, 0);
    assert!(store::list_proposal::waiting(store, &row.id, bonafide::domain::time::Timestamp::from_ms(0)).await.unwrap().is_empty());
}
