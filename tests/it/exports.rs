//! Taking candidates out, the audit log, and the end of the demonstration.

use bonafide::domain::user::{Actor, Role, Scope};
use bonafide::pipeline::watchlists;
use bonafide::store::{self, Engine};
use rstest::rstest;
use serde_json::json;

use crate::support::candidate::screened;
use crate::support::program::{Program, intake};
use crate::support::web::{TestApp, location, spawn_app};

/// A candidate whom a list names, and one whom nothing concerns.
async fn two_candidates(app: &TestApp, demo_list: bool) {
    let installation = &app.state.installation;
    let file = b"id,name,emails\nP-1,Persona,kim.fake@mail.example\n";
    let proposal = watchlists::propose(installation, "osint", file, None, false).await.unwrap();
    watchlists::apply(installation, &Actor::program(), proposal, "test", false, demo_list).await.unwrap();
    let user = app.add_user_of_team(&[Role::HrAdmin], "default", None).await;
    let sender = Program::of(app, &user).await;
    let mut listed = intake("Kim Example", "kim.fake@mail.example");
    listed["role"] = json!("@SUM(1+1)");
    sender.submitted(&listed).await;
    sender.submitted(&intake("Ana Example", "ana@mail.example")).await;
    screened(app).await;
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_counts_is_what_the_file_holds_and_the_log_tells_of_it(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    two_candidates(&app, false).await;
    let security = app.signed_in(&[Role::Security]).await;
    let auditor = app.signed_in(&[Role::Auditor]).await;
    let page = security.text("/exports").await;
    assert!(
        page.contains("<strong>1 candidate</strong>") && page.contains("Kim Example") && page.contains("Safe for spreadsheets"),
        "{page}"
    );
    assert!(page.contains("href=\"/export.csv\"") && page.contains("Nothing was exported yet"), "{page}");
    let all = security.text("/exports?attention=high&attention=clear&rows=findings").await;
    assert!(all.contains("<strong>2 candidates</strong>"), "{all}");
    assert!(all.contains("href=\"/export.csv?attention=high&#38;attention=clear&#38;rows=findings\""), "{all}");

    let file = security.get("/export.csv").await;
    assert_eq!(file.status(), 200);
    let name = file.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(name.starts_with("attachment; filename=\"bonafide-candidates-") && name.ends_with(".csv\""), "{name}");
    let text = file.text().await.unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), 39);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), &rows[0][4], &rows[0][16]), (1, "'@SUM(1+1)", "Kim Example"));
    let both = security.text("/export.csv?attention=high,clear").await;
    assert_eq!(csv::Reader::from_reader(both.as_bytes()).records().count(), 2);

    for page in [security.text("/exports").await, auditor.text("/exports").await] {
        assert!(page.contains("Finished") && page.contains("Started") && page.contains("sha256"), "{page}");
    }
    assert!(!auditor.text("/exports").await.contains("Download CSV"));
    assert_eq!(auditor.get("/export.csv").await.status(), 403);
    let faulty = security.get("/export.csv?attention=urgent").await;
    assert_eq!(faulty.status(), 422);
    assert!(faulty.text().await.unwrap().contains("expected one of"));
    let foreign = security.request(reqwest::Method::GET, "/export.csv").header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(foreign.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_filtered_and_its_chain_is_verified_or_found_broken() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    two_candidates(&app, false).await;
    let admin = app.signed_in(&[Role::Admin]).await;
    let page = admin.text("/audit").await;
    assert!(page.contains("watchlist.published") && page.contains("candidate.submitted"), "{page}");
    let filtered = admin.text("/audit?action=watchlist.published").await;
    assert!(filtered.contains("<code>watchlist.published</code>") && !filtered.contains("<code>candidate.submitted</code>"));
    assert!(admin.text("/audit?person=Nobody").await.contains("No event fits"));
    assert!(admin.text("/audit?verify=1").await.contains("Chain verified up to #"));
    app.database.tamper("DROP TRIGGER audit_keeps_rows; UPDATE audit SET action = 'nothing' WHERE number = 2").await;
    assert!(admin.text("/audit?verify=1").await.contains("row 2 is not as it was written"));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn demo_data_goes_by_one_button_and_leaves_what_people_added(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let admin = app.signed_in(&[Role::Admin]).await;
    assert!(!admin.text("/").await.contains("Remove demo data"));
    two_candidates(&app, true).await;
    assert!(admin.text("/").await.contains("href=\"/demo/remove\""));
    assert!(admin.text("/demo/remove").await.contains("This cannot be undone"));
    let done = admin.submit("/demo/remove", "/demo/remove", &[]).await;
    assert_eq!((done.status().as_u16(), location(&done)), (303, "/"));
    assert!(admin.text("/").await.contains("1 list of the demonstration are removed"));
    assert!(store::watchlist::list(&app.database.store).await.unwrap().is_empty());
    screened(&app).await;
    assert_eq!(store::candidate::count(&app.database.store, &Scope::All).await.unwrap(), 2);
    let security = app.signed_in(&[Role::Security]).await;
    assert!(security.text("/exports").await.contains("No candidate fits"), "what rested on the list is gone");
    assert!(admin.text("/demo/remove").await.contains("There is no demo data here"));
}
