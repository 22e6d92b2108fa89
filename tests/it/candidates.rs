//! Candidates over HTTP: submitted by form, listed, looked at, pictures and borders between teams.

use bonafide::domain::user::Role;
use bonafide::domain::user::Scope;
use bonafide::store::{Engine, candidate as stored};
use rstest::rstest;

use crate::support::candidate::{candidate, portrait, screened, send_body, value_of};
use crate::support::web::{TestApp, location, spawn_app};

async fn count(app: &TestApp) -> i64 {
    stored::count(&app.state.installation.store, &Scope::All).await.unwrap()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[actix_web::test]
async fn a_form_with_a_picture_becomes_a_candidate_with_a_screening(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let form = candidate("Kim Example", "kim@mail.example")
        .with("claims[0].text", "Austin, TX")
        .with("claims[0].source", "application")
        .with_photo("photos[0]", &portrait(1));
    let page = form.with("sightings[0].at", "5 Oct 2026").with("sightings[0].kind", "application");
    let page = page.with("sightings[0].ip", "128.83.40.17").sent(&recruiter).await;

    let waiting = recruiter.text(&page).await;
    assert!(waiting.contains("http-equiv=\"refresh\"") && waiting.contains("data-poll=\"1000\""), "{waiting}");
    screened(&app).await;
    let shown = recruiter.text(&page).await;
    assert!(shown.contains("Attention: ") && !shown.contains("data-poll"), "{shown}");
    for fact in ["Kim Example", "kim@mail.example", "Austin, TX", "5 Oct 2026, 00:00 UTC", "128.83.40.17", "db-ip.com"] {
        assert!(shown.contains(fact), "{fact} is missing");
    }

    let picture = format!("/photos/{}", shown.split("/photos/").nth(1).unwrap().get(..32).unwrap());
    let served = recruiter.get(&picture).await;
    let header = |name: &str| served.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(served.status(), 200);
    assert_eq!(header("content-type").as_deref(), Some("image/jpeg"));
    assert_eq!(header("content-security-policy").as_deref(), Some("default-src 'none'; sandbox"));
    assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"));
    assert_eq!(header("cross-origin-resource-policy").as_deref(), Some("same-origin"));
    assert!(served.bytes().await.unwrap().starts_with(b"\xff\xd8\xff"));
    let elsewhere = recruiter.request(reqwest::Method::GET, &picture).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(elsewhere.status(), 403);
    let list = recruiter.text("/candidates").await;
    assert!(list.contains(&page) && list.contains("1-1 of 1"));
}

#[rstest]
#[case("name", " ", "Full name is missing")]
#[case("emails[1]", "kim@", "E-mail 2 has no domain: expected name@domain")]
#[case("phones[0].number", "12", "Number ")]
#[case("handles[0].value", "a b c", "Account ")]
#[case("websites[0]", "javascript:alert(1)", "Website ")]
#[case("claims[0].at", "03/04/26", "Stated on is not a time")]
#[case("timezone", "Mars/Olympus", "Time zone ")]
#[case("sightings[0].ip", "999.1.1.1", "Network address ")]
#[case("sightings[0].lat", "high", "Latitude is not a number")]
#[case("history[0].from", "2026-13", "From is not a date")]
#[case("payroll_country", "USA", "Country of the bank is not a country code")]
#[case("working_hours.activity_utc_hours", "14, 25", "Hours of activity is out of range")]
#[case("stage", "queen", "Stage ")]
#[case("notice_given_at", "soon", "Told of these checks on is not a date")]
#[case("team", "other", "Team is not your team")]
#[actix_web::test]
async fn every_bad_field_is_told_beside_the_field_and_what_was_typed_is_kept(#[case] field: &str, #[case] typed: &str, #[case] told: &str) {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let mut form = candidate("Kept Name", "kept@mail.example").with("notes", "kept <note>");
    if field == "name" {
        form = candidate(typed, "kept@mail.example").with("notes", "kept <note>");
    } else {
        form = form.with(field, typed);
    }
    if field.starts_with("handles") {
        form = form.with("handles[0].platform", "github");
    }
    let answer = form.send(&recruiter).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    assert!(page.contains("<title>Error: "), "{page}");
    assert!(page.matches(told).count() >= 1, "{told} is not told: {}", errors_of(&page));
    assert!(page.contains("kept@mail.example") && page.contains("kept &#60;note&#62;"), "what was typed is lost");
    if field != "name" && field != "team" {
        assert!(page.contains(typed), "{typed} is lost");
        let link = page.split("data-errors").nth(1).unwrap().split("href=\"#").nth(1).unwrap().split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{link}\"")) && page.contains(&format!("id=\"{link}-fault\"")), "{link} leads nowhere");
    }
    assert_eq!(count(&app).await, 0);
}

fn errors_of(page: &str) -> &str {
    page.split("data-errors").nth(1).unwrap_or(page).split("</ul>").next().unwrap()
}

#[actix_web::test]
async fn all_faults_come_at_once_and_refused_pictures_are_told_in_words() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let form =
        candidate("", "").with("phones[0].number", "x").with_photo("photos[0]", b"<svg onload=alert(1)>").with_photo("photos[1]", b"");
    let page = form.with_photo("photos[2]", &vec![0xff; 9 << 20]).send(&recruiter).await.text().await.unwrap();
    let errors = errors_of(&page);
    for told in ["Full name is missing", "Number ", "must be a JPG, PNG or WebP", "The selected file is empty", "must be at most 8 MB"] {
        assert!(errors.contains(told), "{told} is missing: {errors}");
    }
    let no_contact = candidate("Kim Example", " ").send(&recruiter).await.text().await.unwrap();
    assert!(errors_of(&no_contact).contains("Give at least one contact"), "{}", errors_of(&no_contact));
    let half = portrait(1);
    let truncated = candidate("Kim Example", "k@mail.example").with_photo("photos[0]", &half[..half.len() / 2]).send(&recruiter).await;
    assert_eq!(truncated.status(), 422);
    assert!(truncated.text().await.unwrap().contains("id=\"f-photos-0-file-fault\""));
}

#[actix_web::test]
async fn one_more_row_keeps_everything_typed_and_submits_nothing() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let form = candidate("Kept Name", "kept@mail.example").with("claims[0].text", "Austin, TX").with("add", "claims");
    let answer = form.send(&recruiter).await;
    assert_eq!(answer.status(), 200);
    let page = answer.text().await.unwrap();
    assert!(page.contains("name=\"claims[1].text\"") && !page.contains("name=\"claims[2].text\""));
    assert!(page.contains("value=\"Austin, TX\"") && page.contains("value=\"Kept Name\""));
    assert_eq!(count(&app).await, 0);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[actix_web::test]
async fn twenty_equal_posts_at_once_are_one_candidate(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let page = recruiter.text("/candidates/new").await;
    let (token, receipt) = (value_of(&page, "csrf"), value_of(&page, "receipt"));
    let form = candidate("Kim Example", "kim@mail.example").with_photo("photos[0]", &portrait(2));
    let posts = (0..20).map(|_| send_body(&recruiter, form.body(&token, &receipt)));
    let answers = futures_util::future::join_all(posts).await;
    let places: std::collections::BTreeSet<&str> = answers.iter().map(location).collect();
    assert!(answers.iter().all(|answer| answer.status() == 303), "{:?}", answers.iter().map(|a| a.status()).collect::<Vec<_>>());
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!(count(&app).await, 1);

    let other = send_body(&recruiter, candidate("Someone Else", "else@mail.example").body(&token, &receipt)).await;
    assert_eq!(other.status(), 422);
    assert!(other.text().await.unwrap().contains("was sent before"));
    assert_eq!(count(&app).await, 1);
}

#[actix_web::test]
async fn fields_nobody_asked_for_change_nothing() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let form = candidate("Kim Example", "kim@mail.example").with("attention", "clear").with("decision", "cleared").with("id", "1");
    let page = form.sent(&recruiter).await;
    screened(&app).await;
    let shown = recruiter.text(&page).await;
    assert!(!shown.contains("Cleared") && shown.contains("<bdi>default</bdi>"));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[actix_web::test]
async fn a_candidate_of_another_team_is_as_if_absent(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let owner = app.signed_in(&[Role::Recruiter]).await;
    let page = candidate("Hidden Person", "hidden@mail.example").with_photo("photos[0]", &portrait(3)).sent(&owner).await;
    screened(&app).await;
    let text = owner.text(&page).await;
    let picture = format!("/photos/{}", text.split("/photos/").nth(1).unwrap().get(..32).unwrap());
    let stranger = app.add_user_of_team(&[Role::Recruiter], "elsewhere", None).await;
    let stranger = app.signed_in_as(&stranger).await;
    for path in [page.as_str(), picture.as_str(), "/candidates/00000000000000000000000000000000", "/candidates/x", "/photos/x"] {
        assert_eq!(stranger.get(path).await.status(), 404, "{path}");
    }
    assert!(!stranger.text("/candidates").await.contains("Hidden Person"));
    for action in ["take", "release", "decision", "findings/00000000000000000000000000000000"] {
        let answer = stranger.submit("/candidates/new", &format!("{page}/{action}"), &[("version", "1"), ("verdict", "cleared")]).await;
        assert_eq!(answer.status(), 403, "{action}");
    }
    let security = app.add_user_of_team(&[Role::Security], "elsewhere", None).await;
    let security = app.signed_in_as(&security).await;
    assert_eq!(security.get(&page).await.status(), 200);
    assert_eq!(security.get(&picture).await.status(), 200);
    assert_eq!(app.browser().get(&picture).await.status(), 303);
}

#[actix_web::test]
async fn stored_script_comes_out_as_text_in_every_field() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let payload = "\"><script>alert(1)</script><img src=x onerror=alert(2)>\u{202e}'{{7*7}}";
    let fields = [
        "other_names[0]",
        "claims[0].text",
        "history[0].org",
        "history[0].title",
        "history[0].place",
        "travel[0].place",
        "shipping_address",
        "payout_name",
        "references[0].name",
        "references[0].org",
        "interviews[0].round",
        "interviews[0].appeared_as",
        "interviews[0].note",
        "resume_text",
        "role",
        "requisition",
        "external_id",
        "notes",
        "footprint.commit_identities[0].name",
        "sightings[0].city",
    ];
    let form = fields.iter().fold(candidate(payload, "kim@mail.example"), |form, field| form.with(field, payload));
    let form = form.with("claims[0].source", "resume").with("history[0].kind", "job");
    let form = form.with("travel[0].from", "2026-10-01").with("travel[0].to", "2026-10-02").with("interviews[0].at", "2026-10-02");
    let page = form.with("sightings[0].at", "2026-10-02").with("sightings[0].kind", "login").sent(&recruiter).await;
    screened(&app).await;
    let security = app.signed_in(&[Role::Security, Role::HrAdmin]).await;
    for browser in [&recruiter, &security] {
        for path in [page.as_str(), "/candidates"] {
            let text = browser.text(path).await;
            assert!(text.contains("&#60;script&#62;"), "{path} shows nothing");
            for live in ["<script>alert", "<img src=x", "onerror=alert(2)>", "\u{202e}"] {
                assert!(!text.contains(live), "{live} is live on {path}");
            }
        }
    }
    let again = fields.iter().fold(candidate(payload, "no contact"), |form, field| form.with(field, payload)).send(&recruiter).await;
    assert_eq!(again.status(), 422);
    let text = again.text().await.unwrap();
    assert!(!text.contains("<script>alert") && !text.contains("<img src=x"));
}

#[actix_web::test]
async fn the_sixty_first_form_of_an_hour_waits() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let page = recruiter.text("/candidates/new").await;
    let (token, receipt) = (value_of(&page, "csrf"), value_of(&page, "receipt"));
    let form = candidate("Kim Example", "kim@mail.example");
    for _ in 0..60 {
        assert_eq!(send_body(&recruiter, form.body(&token, &receipt)).await.status(), 303);
    }
    let answer = send_body(&recruiter, form.body(&token, &receipt)).await;
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
}

#[actix_web::test]
async fn the_list_is_filtered_and_ordered_by_its_address() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    candidate("Ada Applied", "ada@mail.example").sent(&recruiter).await;
    candidate("Olga Offer", "olga@mail.example").with("stage", "offer").sent(&recruiter).await;
    let offers = recruiter.text("/candidates?stage=offer").await;
    assert!(offers.contains("Olga Offer") && !offers.contains("Ada Applied") && offers.contains("Stage: Offer"));
    let none = recruiter.text("/candidates?stage=hired").await;
    assert!(none.contains("No candidate fits this filter"));
    let sorted = recruiter.text("/candidates?sort=oldest").await;
    assert!(sorted.contains("aria-sort=\"ascending\"") && sorted.find("Ada Applied") < sorted.find("Olga Offer"));
    let wrong = recruiter.get("/candidates?stage=queen").await;
    assert_eq!(wrong.status(), 422);
    assert!(!wrong.text().await.unwrap().contains("Ada Applied"));
    let evidence = recruiter.get("/candidates?list=OSINT").await;
    assert_eq!(evidence.status(), 422);
}
