//! Security headers on every route, and what static files and health checks answer.

use bonafide::store::Engine;
use bonafide::web::headers::HEADERS;
use bonafide::web::routes::ROUTES;
use bonafide::web::{app::WebSettings, assets};
use reqwest::Method;

use crate::support::web::{spawn_app, spawn_app_with};

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_with_every_security_header() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let browser = app.browser();
    let paths = ROUTES.iter().map(|route| (route.method, route.path.replace("{name}", "absent.css").replace("{id}", &"a".repeat(32))));
    let more = [("GET", "/no/such/page".to_owned()), ("GET", "/api/v1/absent".to_owned()), ("PUT", "/login".to_owned())];
    for (method, path) in paths.chain(more) {
        let answer = browser.request(method.parse::<Method>().unwrap(), &path).send().await.unwrap();
        for (name, value) in HEADERS {
            let found = answer.headers().get(*name).map(|found| found.to_str().unwrap());
            assert_eq!(found, Some(*value), "{name} of {method} {path}");
        }
        assert!(!answer.headers().contains_key("server"), "{path}");
        assert!(!answer.headers().contains_key("strict-transport-security"), "{path}");
        assert_ne!(answer.status(), 500, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_browsers_are_told_to_stay_there() {
    let settings = WebSettings { public_url: Some("https://vet.example.com".into()), ..WebSettings::default() };
    let app = spawn_app_with(Engine::Sqlite, settings).await.unwrap();
    let answer = app.browser().get("/setup").await;
    assert!(answer.headers().contains_key("strict-transport-security"));
    let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
    assert!(cookie.starts_with("__Host-visitor=") && cookie.contains("Secure") && cookie.contains("HttpOnly"), "{cookie}");
    assert!(cookie.contains("SameSite=Lax") && cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_static_file_is_kept_for_a_year_under_the_name_of_its_content() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let browser = app.browser();
    for plain in ["app.css", "app.js", "icons.svg", "favicon.svg"] {
        let answer = browser.get(assets::href(plain)).await;
        assert_eq!(answer.status(), 200, "{plain}");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
        let page = browser.text("/setup").await;
        assert!(plain == "icons.svg" || page.contains(assets::href(plain)), "{plain} is on the page");
    }
    for path in ["/static/app.css", "/static/..%2f..%2fCargo.toml", "/static/"] {
        assert_eq!(browser.get(path).await.status(), 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_health_checks_follow_the_database() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let browser = app.browser();
    assert_eq!(browser.get("/healthz").await.status(), 200);
    assert_eq!(browser.get("/readyz").await.status(), 200);
    app.database.store.close().await;
    assert_eq!(browser.get("/healthz").await.status(), 200);
    assert_eq!(browser.get("/readyz").await.status(), 503);
    let token = [("cookie", "session=anything")];
    let page = token.iter().fold(browser.request(Method::GET, "/"), |request, (name, value)| request.header(*name, *value));
    let answer = page.send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    assert!(answer.text().await.unwrap().contains("The server is busy"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_no_inline_script_or_style() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let user = app.add_user_of_team(bonafide::domain::user::Role::ALL, "default", None).await;
    let browser = app.signed_in_as(&user).await;
    for route in ROUTES.iter().filter(|route| route.method == "GET" && !route.path.contains('{')) {
        let text = browser.text(route.path).await;
        for inline in [" style=", "<style", "<script>", " onclick=", " onsubmit=", "javascript:"] {
            assert!(!text.contains(inline), "{inline} on {}", route.path);
        }
    }
}
