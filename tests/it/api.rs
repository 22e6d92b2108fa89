//! The API as programs meet it: the whole story, who sees what, requests that come twice, and every way to be refused.

use bonafide::domain::id::TokenId;
use bonafide::domain::time::Timestamp;
use bonafide::domain::user::{Actor, Role, Scope};
use bonafide::pipeline::watchlists;
use bonafide::secrets::token_hash;
use bonafide::store::token::{self, ApiToken};
use bonafide::store::{self, Engine};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::candidate::{portrait, screened};
use crate::support::program::{Program, intake, problem};
use crate::support::web::{TestApp, spawn_app};

const CANDIDATES: &str = "/api/v1/candidates";

/// A list with one persona, known by its mailbox.
async fn listed(app: &TestApp) {
    let installation = &app.state.installation;
    let file = b"id,name,emails,source\nP-1,Secret Persona,kim.fake@mail.example,OSINT\n";
    let proposal = watchlists::propose(installation, "secret-list", file, None, false).await.unwrap();
    watchlists::apply(installation, &Actor::program(), proposal, "test", false, false).await.unwrap();
    screened(app).await;
}

async fn program(app: &TestApp, roles: &[Role], team: &str) -> Program {
    let user = app.add_user_of_team(roles, team, None).await;
    Program::of(app, &user).await
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_program_submits_with_a_picture_reads_the_findings_and_takes_them_away(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    listed(&app).await;
    let sender = program(&app, &[Role::HrAdmin], "platform").await;
    let document = json!({
        "external_id": "gh-4711", "name": "Kim Example", "emails": ["kim.fake@mail.example"], "role": "=1+1", "team": "apps",
        "payout_account": "DE89370400440532013000", "photos": [{"kind": "document", "taken_at": "2026-01-01"}],
    });
    let form = Form::new()
        .part("candidate", Part::text(document.to_string()).mime_str("application/json").unwrap())
        .part("photo.profile", Part::bytes(portrait(1)).file_name("../../a.png"));
    let answer = sender.request(Method::POST, CANDIDATES).multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let body: Value = answer.json().await.unwrap();
    assert_eq!((body["external_id"].as_str(), &body["screening"]), (Some("gh-4711"), &json!({"state": "queued"})));
    assert_eq!(location, format!("{CANDIDATES}/{}", body["id"].as_str().unwrap()));

    let before: Value = sender.get(&location).await.json().await.unwrap();
    assert_eq!((before["screening"]["state"].as_str(), &before["screening"]["attention"]), (Some("queued"), &Value::Null));
    assert_eq!((&before["screening"]["findings"], &before["screening"]["list_versions"]), (&json!([]), &json!([])));
    screened(&app).await;
    let after: Value = sender.get(&location).await.json().await.unwrap();
    let keys: Vec<&String> = after.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "external_id", "team", "stage", "intake", "submissions", "linked", "screening", "case", "decision"]);
    let screening = &after["screening"];
    assert_eq!((screening["state"].as_str(), screening["attention"].as_str()), (Some("done"), Some("high")), "{screening}");
    assert_eq!(screening["list_versions"], json!([{"list": "secret-list", "version": 1}]));
    let finding = screening["findings"].as_array().unwrap().iter().find(|f| f["code"] == "watchlist.email").unwrap();
    assert_eq!((finding["severity"].as_str(), finding["source"].as_str()), (Some("critical"), Some("list")));
    assert_eq!(
        (finding["evidence"]["other"]["list"].as_str(), finding["evidence"]["other"]["id"].is_string()),
        (Some("secret-list"), true)
    );
    for key in ["candidate", "other", "level", "bits", "reasons", "numbers", "data", "clears", "more"] {
        assert!(finding["evidence"].get(key).is_some(), "{key} in {finding}");
    }
    assert_eq!(
        (after["team"].as_str(), after["case"]["status"].as_str(), &after["decision"]),
        (Some("apps"), Some("waiting"), &Value::Null)
    );
    assert_eq!(after["intake"]["photos"].as_array().unwrap().len(), 2);
    let text = after.to_string();
    assert!(!text.contains("data_base64") && !text.contains("DE8937"), "{text}");

    let reviewer = program(&app, &[Role::Security], "security").await;
    let file = reviewer.get("/api/v1/export.csv?attention=high&list=secret-list").await;
    assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
    let text = file.text().await.unwrap();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let header = rows.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let cell = |name: &str| rows[0].get(header.iter().position(|column| column == name).unwrap()).unwrap().to_owned();
    assert_eq!((rows.len(), cell("external_id").as_str(), cell("role").as_str()), (1, "gh-4711", "'=1+1"));
    assert_eq!(sender.get("/api/v1/export.csv").await.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recruiter_learns_neither_list_nor_person_and_no_other_team() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    listed(&app).await;
    let recruiter = program(&app, &[Role::Recruiter], "platform").await;
    let id = recruiter.submitted(&intake("Kim Example", "kim.fake@mail.example")).await;
    screened(&app).await;
    let seen = recruiter.read(&id).await;
    assert_eq!((seen["screening"]["attention"].as_str(), &seen["screening"]["list_versions"]), (Some("high"), &Value::Null));
    let finding = &seen["screening"]["findings"][0];
    assert_eq!(
        (finding["code"].as_str(), &finding["evidence"]["other"], &finding["evidence"]["data"]),
        (Some("watchlist"), &Value::Null, &Value::Null)
    );
    let text = seen.to_string();
    for secret in ["secret-list", "Secret Persona", "watchlist.email", "P-1"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let stranger = program(&app, &[Role::Recruiter], "other").await;
    let foreign = problem(stranger.get(&format!("{CANDIDATES}/{id}")).await, 404).await;
    let absent = problem(stranger.get(&format!("{CANDIDATES}/{}", "a".repeat(32))).await, 404).await;
    assert_eq!((&foreign["title"], &foreign["detail"]), (&absent["title"], &absent["detail"]));
    let mut elsewhere = intake("Sam Example", "sam@mail.example");
    elsewhere["team"] = json!("platform");
    let refused = problem(stranger.post(CANDIDATES, &elsewhere).await, 422).await;
    assert_eq!((refused["errors"][0]["path"].as_str(), refused["errors"][0]["problem"].as_str()), (Some("team"), Some("is not your team")));
    elsewhere["team"] = json!("other");
    assert_eq!(stranger.post(CANDIDATES, &elsewhere).await.status(), 201);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_comes_again_has_one_effect(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let sender = program(&app, &[Role::Recruiter], "platform").await;
    let send = |key: &str, body: &Value| sender.request(Method::POST, CANDIDATES).header("Idempotency-Key", key).json(body).send();
    let body = intake("Kim Example", "kim@mail.example");
    let answers = futures_util::future::join_all((0..20).map(|_| send("k-1", &body))).await;
    let mut texts = Vec::new();
    for answer in answers {
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 201);
        texts.push(answer.text().await.unwrap());
    }
    assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "{texts:?}");
    let count = || store::candidate::count(&app.database.store, &Scope::All);
    assert_eq!(count().await.unwrap(), 1);

    let other = problem(send("k-1", &intake("Kim Example", "other@mail.example")).await.unwrap(), 422).await;
    assert_eq!(other["errors"][0]["path"], "Idempotency-Key");
    problem(send("", &body).await.unwrap(), 422).await;
    let neighbor = program(&app, &[Role::Recruiter], "platform").await;
    let same_key = neighbor.request(Method::POST, CANDIDATES).header("Idempotency-Key", "k-1").json(&body).send().await.unwrap();
    assert_eq!(same_key.status(), 201, "keys of different people never meet");
    assert_eq!(count().await.unwrap(), 2);

    let mut named = intake("Ana Example", "ana@mail.example");
    named["external_id"] = json!("gh-1");
    let answers = futures_util::future::join_all((0..8).map(|_| sender.post(CANDIDATES, &named))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status().as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
    named["notes"] = json!("something new");
    let again = sender.post(CANDIDATES, &named).await;
    assert_eq!(again.status(), 201);
    let id = again.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(sender.read(&id).await["submissions"].as_array().unwrap().len(), 2);
    assert_eq!(count().await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_live_token_opens_the_api() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let user = app.add_user_of_team(&[Role::HrAdmin], "platform", None).await;
    let live = Program::of(&app, &user).await;
    assert_eq!(live.get(&format!("{CANDIDATES}/{}", "a".repeat(32))).await.status(), 404);
    let known = token::list(&app.database.store, Some(&user.id)).await.unwrap();
    assert!(known[0].last_used_at.is_some(), "a used token says so");

    let cookie = app.signed_in_as(&user).await;
    let by_cookie = cookie.request(Method::POST, CANDIDATES).json(&intake("Kim Example", "kim@mail.example")).send().await.unwrap();
    assert_eq!(by_cookie.headers()["www-authenticate"], "Bearer");
    problem(by_cookie, 401).await;
    problem(Program::with_token(&app, "bonafide_nothing").get(CANDIDATES).await, 405).await;
    problem(Program::with_token(&app, "bonafide_nothing").post(CANDIDATES, &json!({})).await, 401).await;

    let past = ApiToken {
        id: TokenId::random(),
        user: user.id.clone(),
        name: "old".to_owned(),
        created_at: Timestamp::from_ms(0),
        expires_at: app.state.installation.clock.now(),
        last_used_at: None,
        revoked_at: None,
    };
    let mut write = app.database.store.begin_write().await.unwrap();
    token::insert(&mut write, &past, &token_hash("bonafide_old")).await.unwrap();
    write.commit().await.unwrap();
    problem(Program::with_token(&app, "bonafide_old").post(CANDIDATES, &json!({})).await, 401).await;

    app.state.people().revoke_token(&Actor::person(&user), Some(&user.id), &known[0].id).await.unwrap();
    problem(live.post(CANDIDATES, &json!({})).await, 401).await;
    let second = Program::of(&app, &user).await;
    app.state.people().set_disabled(&Actor::program(), &user.id, true).await.unwrap();
    problem(second.post(CANDIDATES, &json!({})).await, 401).await;
    assert_eq!(store::candidate::count(&app.database.store, &Scope::All).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem_document() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let sender = program(&app, &[Role::HrAdmin, Role::Security], "platform").await;
    let auditor = program(&app, &[Role::Auditor], "platform").await;
    let send = |kind: &'static str, body: Vec<u8>| sender.request(Method::POST, CANDIDATES).header("content-type", kind).body(body).send();
    let good = intake("Kim Example", "kim@mail.example");

    let unreadable = problem(send("application/json", b"{\"name\": \n nonsense".to_vec()).await.unwrap(), 400).await;
    assert_eq!(unreadable["errors"][0]["line"], 2);
    problem(send("multipart/form-data; boundary=x", b"--x\r\nbroken".to_vec()).await.unwrap(), 400).await;
    problem(auditor.post(CANDIDATES, &good).await, 403).await;
    problem(sender.get("/api/v1/absent").await, 404).await;
    problem(sender.get("/api").await, 404).await;
    problem(sender.get(&format!("{CANDIDATES}/not-an-id")).await, 404).await;
    let wrong_method = sender.request(Method::DELETE, CANDIDATES).send().await.unwrap();
    assert_eq!(wrong_method.headers()["allow"], "POST");
    problem(wrong_method, 405).await;
    problem(send("application/json", vec![b' '; (16 << 20) + 1]).await.unwrap(), 413).await;
    problem(send("text/csv", b"name\nKim".to_vec()).await.unwrap(), 415).await;
    let packed = sender.request(Method::POST, CANDIDATES).header("content-encoding", "gzip").json(&good).send().await.unwrap();
    problem(packed, 415).await;
    let twice =
        problem(send("application/json", b"{\"name\":\"A B\",\"name\":\"C D\",\"emails\":[\"a@b.example\"]}".to_vec()).await.unwrap(), 422)
            .await;
    assert_eq!(twice["errors"][0]["path"], "name");
    let many = json!({"nam": "x", "emails": ["a@", "b"], "payout_account": "1", "photos": [{"kind": "profile", "data_base64": "QUJD"}]});
    let many = problem(sender.post(CANDIDATES, &many).await, 422).await;
    let errors = many["errors"].as_array().unwrap();
    let at = |path: &str| errors.iter().find(|error| error["path"] == path).unwrap_or_else(|| panic!("{path} in {errors:?}"));
    assert_eq!(at("emails[0]")["value"], "a@");
    assert_eq!((at("payout_account")["value"].as_str(), at("photos[0]")["value"].as_str()), (None, None));
    assert!(errors.len() >= 6, "{errors:?}");
    let query = problem(sender.post(&format!("{CANDIDATES}?dry_run=1"), &good).await, 422).await;
    assert_eq!(query["errors"][0]["path"], "dry_run");
    for (query, path) in [("colour=red", "colour"), ("attention=urgent", "attention"), ("from=03%2F04%2F26", "from"), ("rows=x", "rows")] {
        let told = problem(sender.get(&format!("/api/v1/export.csv?{query}")).await, 422).await;
        assert_eq!(told["errors"][0]["path"], path, "{told}");
    }
    let parts =
        Form::new().text("candidate", good.to_string()).text("photo.selfie", "x").part("photo.profile", Part::bytes(b"GIF89a".to_vec()));
    let told = problem(sender.request(Method::POST, CANDIDATES).multipart(parts).send().await.unwrap(), 422).await;
    assert_eq!((told["errors"][0]["path"].as_str(), told["errors"][1]["path"].as_str()), (Some("photo.selfie"), Some("photos[0]")));
    let big = Form::new().text("candidate", good.to_string()).part("photo.profile", Part::bytes(vec![0xff; 25 << 20]));
    problem(sender.request(Method::POST, CANDIDATES).multipart(big).send().await.unwrap(), 413).await;
    let places: Vec<_> = [(); 4].map(|()| app.state.intakes.enter()).into_iter().collect();
    let places = futures_util::future::join_all(places).await;
    let busy = sender.post(CANDIDATES, &good).await;
    assert!(busy.headers().contains_key("retry-after"));
    problem(busy, 503).await;
    drop(places);
    assert_eq!(store::candidate::count(&app.database.store, &Scope::All).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_knows_only_what_is_sent_with_it_and_stores_nothing() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    listed(&app).await;
    let caller = program(&app, &[Role::Recruiter], "platform").await;
    let candidate = intake("Kim Example", "kim.fake@mail.example");
    let alone: Value = caller.post("/api/v1/check", &candidate).await.json().await.unwrap();
    assert_eq!((alone["id"].as_str(), alone["attention"].as_str()), (Some("1"), Some("clear")), "{alone}");
    let wrapped = json!({
        "id": "L1", "as_of": "2026-11-02", "candidate": candidate, "other_candidates": [],
        "entries": [{"names": ["Own Persona"], "emails": ["kim.fake@mail.example"], "source": "own"}],
    });
    let answer: Value = caller.post("/api/v1/check", &wrapped).await.json().await.unwrap();
    assert_eq!((answer["attention"].as_str(), answer["findings"][0]["code"].as_str()), (Some("high"), Some("watchlist.email")), "{answer}");
    assert!(answer["findings"][0].get("id").is_none() && answer["findings"][0].get("disposition").is_none());
    let told = problem(caller.post("/api/v1/check", &json!({"candidate": {"name": "A"}})).await, 422).await;
    assert_eq!(told["errors"][0]["path"], "candidate.emails");

    let lines = format!("{wrapped}\n{{\"id\": \"L2\", \"candidate\": {{}}}}\n{candidate}\n");
    let answer =
        caller.request(Method::POST, "/api/v1/check").header("content-type", "application/x-ndjson").body(lines).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, "application/x-ndjson"));
    let lines: Vec<Value> = answer.text().await.unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), lines[0]["attention"].as_str(), lines[1]["line"].as_u64()), (3, Some("high"), Some(2)));
    assert_eq!((lines[1]["id"].as_str(), lines[2]["attention"].as_str()), (Some("L2"), Some("clear")));
    problem(caller.request(Method::POST, "/api/v1/check").body("x").send().await.unwrap(), 415).await;
    let admin = program(&app, &[Role::Admin], "platform").await;
    problem(admin.post("/api/v1/check", &candidate).await, 403).await;
    assert_eq!(store::candidate::count(&app.database.store, &Scope::All).await.unwrap(), 0);
}
