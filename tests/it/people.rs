//! Setting up, signing in and out, keeping users, and who may open what.

use std::collections::HashMap;

use bonafide::domain::user::{Actor, Role};
use bonafide::store::{Engine, audit};
use bonafide::web::app::WebSettings;
use bonafide::web::routes::{ROUTES, Route, Who};
use reqwest::Method;
use rstest::rstest;

use crate::support::web::{PASSWORD, location, spawn_app, spawn_app_with};

const FIRST: [(&str, &str); 3] = [("name", "Robin Example"), ("email", "robin@bonafide.example"), ("password", PASSWORD)];

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn setup_makes_the_first_user_once(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let browser = app.browser();
    assert_eq!(location(&browser.get("/").await), "/login");
    assert_eq!(location(&browser.get("/login").await), "/setup");
    assert!(browser.text("/setup?token=wrong").await.contains("The setup link is needed"));
    let token = app.state.people().open_setup().await.unwrap().unwrap();
    let page = format!("/setup?token={token}");
    let fields = [&FIRST[..], &[("token", token.as_str())]].concat();

    let weak = browser.submit(&page, "/setup", &[("name", ""), ("email", "robin@"), ("password", "short"), ("token", &token)]).await;
    assert_eq!(weak.status(), 422);
    let text = weak.text().await.unwrap();
    for expected in [
        "<title>Error: Set up",
        "Name is empty",
        "E-mail has no domain",
        "Password has fewer than 12 characters",
        "value=\"robin@\"",
        "href=\"#email\"",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }

    let done = browser.submit(&page, "/setup", &fields).await;
    assert_eq!((done.status().as_u16(), location(&done)), (303, "/"));
    let home = browser.text("/").await;
    assert!(home.contains("Robin Example") && home.contains("You are set up and signed in."), "{home}");
    assert!(!browser.text("/").await.contains("You are set up"), "the message is shown once");
    for path in ["/setup", page.as_str()] {
        assert_eq!(browser.get(path).await.status(), 404);
        assert_eq!(app.browser().get(path).await.status(), 404);
    }
    assert!(app.state.people().open_setup().await.unwrap().is_none());
    let key = audit::AuditKey::new(app.state.installation.secrets.key(bonafide::secrets::Purpose::Audit));
    assert!(audit::verify(&app.database.store, &key).await.unwrap().is_ok());
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_setups_at_once_one_wins(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let token = app.state.people().open_setup().await.unwrap().unwrap();
    let page = format!("/setup?token={token}");
    let (one, two) = (app.browser(), app.browser());
    let a = [&FIRST[..], &[("token", token.as_str())]].concat();
    let b = [("name", "Sam Example"), ("email", "sam@bonafide.example"), ("password", PASSWORD), ("token", &token)];
    let (first, second) = tokio::join!(one.submit(&page, "/setup", &a), two.submit(&page, "/setup", &b));
    let won = [&first, &second].iter().filter(|answer| answer.status() == 303).count();
    assert_eq!(won, 1, "{} {}", first.status(), second.status());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failed_sign_in_says_the_same() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let user = app.add_user(&[Role::Security]).await;
    let disabled = app.add_user(&[Role::Security]).await;
    let invited = app.add_user_of_team(&[Role::Security], "default", None).await;
    app.state.people().set_disabled(&Actor::program(), &disabled.id, true).await.unwrap();
    let browser = app.browser();
    let mut answers = Vec::new();
    for (email, password) in [
        (user.email.as_str(), "not the password"),
        ("nobody@bonafide.example", PASSWORD),
        (disabled.email.as_str(), PASSWORD),
        (invited.email.as_str(), ""),
        ("no address at all", PASSWORD),
        ("", ""),
    ] {
        let answer = browser.submit("/login", "/login", &[("email", email), ("password", password)]).await;
        assert_eq!(answer.status(), 422);
        assert!(answer.headers().get("set-cookie").is_none(), "{email}");
        let text = answer.text().await.unwrap();
        assert!(text.contains("E-mail or password is wrong") && !text.contains("not the password"));
        answers.push(text.replace(&format!("value=\"{email}\""), "value=\"\""));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    let fields = [("email", user.email.as_str()), ("password", PASSWORD), ("next", "/account")];
    let right = browser.submit("/login?next=/account", "/login", &fields).await;
    assert_eq!(location(&right), "/account");
    assert_eq!(browser.get("/account").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_set_before_signing_in_is_not_kept() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let user = app.add_user(&[Role::Admin]).await;
    let browser = app.browser();
    let token = browser.token("/login").await;
    let form = [("csrf", token.as_str()), ("email", user.email.as_str()), ("password", PASSWORD)];
    let planted = browser.request(Method::POST, "/login").header("cookie", "session=planted").form(&form).send().await.unwrap();
    assert_eq!(planted.status(), 403, "the visitor's cookie was replaced as well");
    let answer = browser.post("/login", &form).await;
    assert_eq!(answer.status(), 303);
    let cookies: Vec<&str> = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let session = cookies.iter().find(|cookie| cookie.starts_with("session=")).unwrap();
    assert!(!session.contains("planted") && session.contains("HttpOnly") && session.contains("SameSite=Lax"), "{session}");
    assert!(!session.contains("Secure"), "plain http on this machine");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_own_token_or_from_elsewhere_changes_nothing() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let browser = app.signed_in(&[Role::Admin]).await;
    let other = app.signed_in(&[Role::Admin]).await;
    let own = browser.token("/users/new").await;
    let foreign = other.token("/users/new").await;
    let new = [("name", "Kim Example"), ("email", "kim@bonafide.example"), ("team", "default"), ("roles", "auditor")];
    let with = |token: &'static str| [&[("csrf", token)], &new[..]].concat();
    assert_eq!(browser.post("/users/new", &new).await.status(), 403);
    assert_eq!(browser.post("/users/new", &with("")).await.status(), 403);
    assert_eq!(browser.post("/users/new", &[&[("csrf", foreign.as_str())], &new[..]].concat()).await.status(), 403);
    let right = [&[("csrf", own.as_str())], &new[..]].concat();
    for (name, value) in
        [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
    {
        let answer = browser.request(Method::POST, "/users/new").header(name, value).form(&right).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{name}: {value}");
        assert!(answer.text().await.unwrap().contains("This form is no longer valid"));
    }
    let as_json = browser.request(Method::POST, "/users/new").json(&HashMap::from(new)).send().await.unwrap();
    assert_eq!(as_json.status(), 415);
    assert!(!browser.text("/users").await.contains("kim@bonafide.example"));
    let ours = browser.request(Method::POST, "/users/new").header("origin", &app.url).header("sec-fetch-site", "same-origin").form(&right);
    assert_eq!(ours.send().await.unwrap().status(), 200);
    assert!(browser.text("/users").await.contains("kim@bonafide.example"));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_invited_colleague_works_until_disabled(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let admin = app.signed_in(&[Role::Admin]).await;
    let fields =
        [("name", "Kim Example"), ("email", "Kim@Bonafide.example"), ("team", "platform"), ("roles", "recruiter"), ("roles", "auditor")];
    let added = admin.submit("/users/new", "/users/new", &fields).await.text().await.unwrap();
    let link = added.split("/login?token=").nth(1).unwrap().split('<').next().unwrap().trim().to_owned();
    let page = format!("/login?token={link}");
    let twice = admin.submit("/users/new", "/users/new", &fields).await;
    assert_eq!(twice.status(), 422);
    assert!(twice.text().await.unwrap().contains("Someone has this e-mail address already"));

    let colleague = app.browser();
    let shown = colleague.text(&page).await;
    assert!(shown.contains("Kim Example") && shown.contains("Recruiter, Auditor"), "{shown}");
    let weak = colleague.submit(&page, "/login", &[("token", &link), ("password", "password1234")]).await;
    assert_eq!(weak.status(), 422);
    let taken = colleague.submit(&page, "/login", &[("token", &link), ("password", PASSWORD)]).await;
    assert_eq!(taken.status(), 303);
    assert_eq!(colleague.get("/account").await.status(), 200);
    let late = app.browser();
    assert!(late.text(&page).await.contains("This link cannot be used"));
    let used = late.submit("/login", "/login", &[("token", &link), ("password", PASSWORD)]).await;
    assert_eq!(used.status(), 422, "a link works once");

    let list = admin.text("/users").await;
    let id = list
        .split("/users/")
        .find_map(|part| part.strip_suffix("/disable\">").or_else(|| part.split("/disable").next().filter(|id| id.len() == 32)));
    let id = id.unwrap().to_owned();
    assert_eq!(admin.submit("/users", &format!("/users/{id}/disable"), &[]).await.status(), 303);
    assert_eq!(location(&colleague.get("/account").await), "/login?next=/account");
    let again = app.browser();
    assert_eq!(again.submit("/login", "/login", &[("email", "kim@bonafide.example"), ("password", PASSWORD)]).await.status(), 422);
    assert_eq!(admin.submit("/users", &format!("/users/{id}/enable"), &[]).await.status(), 303);
    assert_eq!(again.submit("/login", "/login", &[("email", "kim@bonafide.example"), ("password", PASSWORD)]).await.status(), 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_cannot_disable_themselves() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let user = app.add_user_of_team(&[Role::Admin], "default", None).await;
    let browser = app.signed_in_as(&user).await;
    assert_eq!(browser.submit("/users", &format!("/users/{}/disable", user.id), &[]).await.status(), 409);
    assert_eq!(browser.get("/users").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_on_the_server() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let user = app.add_user(&[Role::Auditor]).await;
    let browser = app.browser();
    let token = browser.token("/login").await;
    let form = [("csrf", token.as_str()), ("email", user.email.as_str()), ("password", PASSWORD)];
    let answer = browser.post("/login", &form).await;
    let session = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
    let session =
        session.filter_map(|cookie| cookie.split(';').next().map(str::to_owned)).find(|cookie| cookie.starts_with("session=")).unwrap();
    let stolen = || app.browser().request(Method::GET, "/account").header("cookie", session.clone()).send();
    assert_eq!(stolen().await.unwrap().status(), 200);
    assert_eq!(location(&browser.submit("/account", "/logout", &[]).await), "/login");
    assert_eq!(stolen().await.unwrap().status(), 303);
    assert!(browser.text("/login").await.contains("You are signed out."));
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_the_password_ends_every_other_sign_in() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let user = app.add_user(&[Role::Recruiter]).await;
    let (here, there) = (app.signed_in_as(&user).await, app.signed_in_as(&user).await);
    let change = |current, new| [("current_password", current), ("new_password", new)];
    let wrong = here.submit("/account", "/account/password", &change("wrong", "nine quiet stones and a lamp")).await;
    assert_eq!(wrong.status(), 422);
    assert!(wrong.text().await.unwrap().contains("Current password is not right"));
    let done = here.submit("/account", "/account/password", &change(PASSWORD, "nine quiet stones and a lamp")).await;
    assert_eq!(done.status(), 303);
    assert_eq!(here.get("/account").await.status(), 200);
    assert_eq!(there.get("/account").await.status(), 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_and_can_be_revoked_by_its_owner_alone() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let browser = app.signed_in(&[Role::Recruiter]).await;
    let bad = browser.submit("/account", "/account/tokens", &[("token_name", ""), ("token_days", "400")]).await.text().await.unwrap();
    assert!(bad.contains("Name of the token is empty") && bad.contains("Days must be a whole number from 1 to 365"), "{bad}");
    let shown = browser.submit("/account", "/account/tokens", &[("token_name", "ATS"), ("token_days", "30")]).await.text().await.unwrap();
    assert!(shown.contains("bonafide_"));
    let page = browser.text("/account").await;
    assert!(page.contains("ATS") && !page.contains("bonafide_"));
    let id = page.split("/account/tokens/").find_map(|part| part.split("/revoke").next().filter(|id| id.len() == 32)).unwrap();
    let revoke = format!("/account/tokens/{id}/revoke");
    let stranger = app.signed_in(&[Role::Admin]).await;
    assert_eq!(stranger.submit("/account", &revoke, &[]).await.status(), 404);
    assert_eq!(browser.submit("/account", &revoke, &[]).await.status(), 303);
    assert!(browser.text("/account").await.contains("Revoked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_guesses_has_to_wait() {
    let app = spawn_app_with(Engine::Sqlite, WebSettings::default()).await.unwrap();
    app.add_user(&[Role::Admin]).await;
    let browser = app.browser();
    let token = browser.token("/login").await;
    let form = [("csrf", token.as_str()), ("email", "x@bonafide.example"), ("password", "guess")];
    for _ in 0..10 {
        assert_eq!(browser.post("/login", &form).await.status(), 422);
    }
    let forged = browser.request(Method::POST, "/login").header("x-forwarded-for", "198.51.100.9").form(&form).send().await.unwrap();
    assert_eq!(forged.status(), 429);
    let wait: u64 = forged.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait));
    assert!(forged.text().await.unwrap().contains("Too many tries"));
    assert_eq!(browser.get("/login").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_at_an_account_does_not_lock_its_owner_out() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let user = app.add_user(&[Role::Admin]).await;
    let email = user.email.as_str();
    let owner = app.browser();
    assert_eq!(owner.submit("/login", "/login", &[("email", email), ("password", PASSWORD)]).await.status(), 303);
    owner.submit("/account", "/logout", &[]).await;
    app.database.tamper("UPDATE throttle SET tries = 100").await;
    let stranger = app.browser();
    for _ in 0..2 {
        stranger.submit("/login", "/login", &[("email", email), ("password", "guess")]).await;
    }
    app.database.tamper("UPDATE throttle SET tries = 100").await;
    assert_eq!(stranger.submit("/login", "/login", &[("email", email), ("password", "guess")]).await.status(), 429);
    assert_eq!(owner.submit("/login", "/login", &[("email", email), ("password", PASSWORD)]).await.status(), 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_and_oversized_forms_are_refused_with_a_page() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let browser = app.signed_in(&[Role::Admin]).await;
    let send =
        |kind: &'static str, body: String| browser.request(Method::POST, "/users/new").header("content-type", kind).body(body).send();
    assert_eq!(send("application/x-www-form-urlencoded", "x".repeat(70_000)).await.unwrap().status(), 413);
    assert_eq!(send("application/x-www-form-urlencoded", "%ff%fe=%zz".into()).await.unwrap().status(), 403);
    assert_eq!(send("multipart/form-data; boundary=x", "--x--".into()).await.unwrap().status(), 415);
    let lost = browser.get("/users/not-an-id").await;
    assert_eq!(lost.status(), 404);
    let page = lost.text().await.unwrap();
    assert!(page.contains("Nothing here") && page.contains("Request <code>") && page.contains("Your account"));
}

fn is_open_to(route: &Route, role: Option<Role>) -> bool {
    match (route.who, role) {
        (Who::Anyone, _) | (Who::SignedIn, Some(_)) => true,
        (Who::May(action), Some(role)) => role.may(action),
        // An API token is needed; a signed-in browser has none.
        (Who::Token(_), _) | (_, None) => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_lets_in_whom_the_table_says() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    for role in Role::ALL.iter().copied().map(Some).chain([None]) {
        let browser = match role {
            Some(role) => app.signed_in(&[role]).await,
            None => app.browser(),
        };
        for route in ROUTES {
            let path = route.path.replace("{name}", "absent.css").replace("{id}", &"a".repeat(32));
            let answer = browser.request(route.method.parse().unwrap(), &path).send().await.unwrap();
            let status = answer.status().as_u16();
            let to_sign_in = status == 303 && location(&answer).starts_with("/login");
            let text = answer.text().await.unwrap();
            let role_lacks = status == 403 && text.contains("Your role does not open this page");
            let says = format!("{} {path} as {role:?}: {status}", route.method);
            if matches!(route.who, Who::Token(_)) {
                assert_eq!(status, 401, "no cookie opens what programs use: {says}");
                continue;
            }
            if is_open_to(route, role) {
                assert!(!to_sign_in && !role_lacks, "{says}");
                if route.method == "POST" && !path.starts_with("/api/") {
                    assert!(status == 403 && text.contains("This form is no longer valid"), "without a token: {says}");
                }
            } else {
                assert!(if role.is_some() { role_lacks } else { to_sign_in }, "{says}");
            }
        }
        if role.is_some() {
            let home = browser.text("/").await;
            for link in home.split("href=\"/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let status = browser.get(&format!("/{link}")).await.status();
                assert!(status == 200 || status == 303, "/{link} is linked for {role:?}: {status}");
            }
        }
    }
}
