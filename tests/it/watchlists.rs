//! Watchlists as HR admins keep them: files in two steps, entries, versions, and who must agree.

use bonafide::domain::user::{Role, Scope};
use bonafide::domain::watchlist::EntryStatus;
use bonafide::store::page::PageRequest;
use bonafide::store::{self, Engine};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Response};
use rstest::rstest;
use serde_json::Value;

use crate::support::candidate::screened;
use crate::support::program::{Program, intake};
use crate::support::web::{Browser, TestApp, location, spawn_app};

/// Makes a list and gives its address.
async fn make(keeper: &Browser, name: &str) -> String {
    let made = keeper.submit("/watchlists", "/watchlists", &[("name", name)]).await;
    assert_eq!(made.status(), 303);
    location(&made).to_owned()
}

/// Sends a file to the first step.
async fn upload(keeper: &Browser, list: &str, bytes: &[u8], merge: bool) -> Response {
    let page = format!("{list}/import");
    let form = Form::new().text("csrf", keeper.token(&page).await).part("file", Part::bytes(bytes.to_vec()).file_name("../dir/p<b>.csv"));
    let form = if merge { form.text("merge", "yes") } else { form };
    keeper.request(Method::POST, &page).multipart(form).send().await.unwrap()
}

/// Sends a file, looks at it and applies it.
async fn import(keeper: &Browser, list: &str, bytes: &[u8]) -> (String, Response) {
    let read = upload(keeper, list, bytes, false).await;
    assert_eq!(read.status(), 303, "{}", read.text().await.unwrap());
    let preview = location(&read).to_owned();
    let text = keeper.text(&preview).await;
    (text, apply(keeper, &preview).await)
}

async fn apply(keeper: &Browser, preview: &str) -> Response {
    let page = keeper.text(preview).await;
    let version = page.split("name=\"version\" value=\"").nth(1).map_or("0", |rest| rest.split('"').next().unwrap()).to_owned();
    keeper.submit(preview, &format!("{preview}/apply"), &[("version", &version)]).await
}

async fn first_entry(app: &TestApp, list: &str) -> String {
    let store = &app.database.store;
    let id = bonafide::domain::id::WatchlistId::parse(list.rsplit('/').next().unwrap()).unwrap();
    let list_row = store::watchlist::find(store, &id).await.unwrap().unwrap();
    let page = store::entry::list(store, list_row.number, "", PageRequest::of(1, 50)).await.unwrap();
    format!("{list}/entries/{}", page.rows[0].id)
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_applied_and_finds_an_earlier_candidate(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let user = app.add_user_of_team(&[Role::HrAdmin], "default", None).await;
    let sender = Program::of(&app, &user).await;
    let id = sender.submitted(&intake("Kim Example", "kim.fake@mail.example")).await;
    screened(&app).await;
    assert_eq!(sender.read(&id).await["screening"]["attention"], "clear");

    let keeper = app.signed_in_as(&user).await;
    let list = make(&keeper, "osint-personas").await;
    let file =
        b"id,name,emails,confidence\nP-1,<script>alert(1)</script>,kim.fake@mail.example,80\nP-2,Ana Persona,ana@x.example,\nP-3,Bo,b@,\n";
    let (preview, applied) = import(&keeper, &list, file).await;
    for expected in
        ["+2 new, 0 changed, 0 removed, 1 rejected", "read as csv", "1 earlier candidate shares", "has no domain", "name@domain", ">4<"]
    {
        assert!(preview.contains(expected), "{expected} in {preview}");
    }
    assert!(!preview.contains("<script>alert") && preview.contains("p&#60;b&#62;.csv") && !preview.contains("dir/"), "{preview}");
    assert_eq!(location(&applied), format!("{list}/versions"));
    screened(&app).await;
    let found = sender.read(&id).await;
    assert_eq!((found["screening"]["attention"].as_str(), found["case"]["status"].as_str()), (Some("high"), Some("waiting")), "{found}");

    let versions = keeper.text(&format!("{list}/versions")).await;
    assert!(
        versions.contains("href=\"/candidates?list=osint-personas\"") && versions.contains("new<span class=\"hidden\"> hits of version 1"),
        "{versions}"
    );
    assert!(keeper.text("/candidates?list=osint-personas").await.contains("Kim Example"));
    let page = keeper.text(&list).await;
    assert!(page.contains("Ana Persona") && page.contains("kim.fake@mail.example") && !page.contains("<script>alert"), "{page}");
    let searched = keeper.text(&format!("{list}?q=ana%40x")).await;
    assert!(searched.contains("Ana Persona") && !searched.contains("kim.fake"), "{searched}");
    assert!(keeper.text(&format!("{list}?q=nobody")).await.contains("No entry holds this"));

    let changed = b"id,name,emails\nP-1,Kim Persona,kim.fake@mail.example\nP-4,Cy Persona,cy@x.example\n";
    let read = upload(&keeper, &list, changed, true).await;
    let preview = keeper.text(location(&read)).await;
    for expected in [
        "+1 new, 1 changed, 0 removed, 0 rejected",
        "merged into the list",
        "Kim Persona",
        "<td data-label=\"Now\"><bdi>80</bdi>",
        "nothing",
    ] {
        assert!(preview.contains(expected), "{expected} in {preview}");
    }
    assert!(keeper.text(&list).await.contains("it is not applied"));
    let address = location(&read).to_owned();
    let dropped = keeper.submit(&address, &format!("{address}/drop"), &[]).await;
    assert_eq!(location(&dropped), list);
    assert_eq!(keeper.get(&address).await.status(), 404);
    assert!(!keeper.text(&list).await.contains("it is not applied"));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_read_come_back_with_the_reason() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let keeper = app.signed_in(&[Role::HrAdmin]).await;
    let list = make(&keeper, "osint").await;
    for (bytes, said) in [
        (&b"PK\x03\x04zip"[..], "is a spreadsheet or archive"),
        (b"[{}]", "is a JSON list"),
        (b"id,nme\n1,Ana\n", "nme"),
        (b"id,name,emails\n1,,a@\n", "has no domain"),
        (b"", "The selected file is empty"),
    ] {
        let answer = upload(&keeper, &list, bytes, false).await;
        assert_eq!(answer.status(), 422, "{said}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(said) && text.contains("<title>Error: "), "{said} in {text}");
    }
    let nothing = Form::new().text("csrf", keeper.token(&format!("{list}/import")).await).text("text", " ");
    let answer = keeper.request(Method::POST, &format!("{list}/import")).multipart(nothing).send().await.unwrap();
    assert!(answer.text().await.unwrap().contains("Choose a file, or paste its text"));
    let pasted = Form::new().text("csrf", keeper.token(&format!("{list}/import")).await).text("text", "{\"names\":[\"Ana Persona\"]}");
    let answer = keeper.request(Method::POST, &format!("{list}/import")).multipart(pasted).send().await.unwrap();
    assert!(keeper.text(location(&answer)).await.contains("read as jsonl"));
    let taken = keeper.submit("/watchlists", "/watchlists", &[("name", "osint")]).await;
    assert_eq!(taken.status(), 422);
    assert!(taken.text().await.unwrap().contains("is the name of a list that exists"));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_large_change_waits_for_a_second_person(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let keeper = app.signed_in(&[Role::HrAdmin, Role::Security]).await;
    let security = app.signed_in(&[Role::Security]).await;
    let auditor = app.signed_in(&[Role::Auditor]).await;
    let list = make(&keeper, "osint").await;
    let file = |count: usize| {
        let rows: String = (0..count).map(|row| format!("P-{row},Name {row},p{row}@x.example\n")).collect();
        format!("id,name,emails\n{rows}").into_bytes()
    };
    let (_, applied) = import(&keeper, &list, &file(25)).await;
    assert_eq!(applied.status(), 303);
    let read = upload(&keeper, &list, &file(15), false).await;
    let preview = location(&read).to_owned();
    let text = keeper.text(&preview).await;
    assert!(text.contains("removes 40.0 % of the entries") && text.contains("a second person has to agree"), "{text}");
    assert!(!text.contains("/apply\""), "no button for who uploaded it");
    let own = keeper.submit(&preview, &format!("{preview}/apply"), &[("version", "1")]).await;
    assert_eq!(own.status(), 409);
    assert!(!auditor.text(&preview).await.contains("/apply\""));
    assert!(auditor.text(&list).await.contains("25 entries"), "the old version stays active");
    let agreed = apply(&security, &preview).await;
    assert_eq!(location(&agreed), format!("{list}/versions"));
    assert!(security.text(&list).await.contains("15 entries"));
    assert!(security.text(&format!("{list}/versions")).await.contains("uploaded by"));
    assert_eq!(security.get(&format!("{list}/import")).await.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_second_changes_nothing_and_is_told() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let keeper = app.signed_in(&[Role::HrAdmin]).await;
    let list = make(&keeper, "osint").await;
    let one = upload(&keeper, &list, b"name,emails\nAna Persona,ana@x.example\n", false).await;
    let two = upload(&keeper, &list, b"name,emails\nBo Persona,bo@x.example\n", false).await;
    let (one, two) = (location(&one).to_owned(), location(&two).to_owned());
    assert_eq!(apply(&keeper, &one).await.status(), 303);
    let late = keeper.submit(&two, &format!("{two}/apply"), &[("version", "0")]).await;
    assert_eq!(late.status(), 409);
    let text = late.text().await.unwrap();
    assert!(text.contains("Someone else was first") && text.contains("Go back"), "{text}");
    let page = keeper.text(&list).await;
    assert!(page.contains("Ana Persona") && !page.contains("Bo Persona"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_added_changed_switched_off_and_removed_each_as_a_version() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let user = app.add_user_of_team(&[Role::HrAdmin], "default", None).await;
    let sender = Program::of(&app, &user).await;
    let candidate = sender.submitted(&intake("Kim Example", "kim.fake@mail.example")).await;
    let keeper = app.signed_in_as(&user).await;
    let list = make(&keeper, "internal").await;
    let new = format!("{list}/entries/new");
    let bad = keeper.submit(&new, &new, &[("emails", "kim@\nok@x.example"), ("confidence", "101"), ("handles", "???")]).await;
    assert_eq!(bad.status(), 422);
    let text = bad.text().await.unwrap();
    for expected in ["E-mails: has no domain", "Confidence: is out of range", "Handles: “???” is not a handle", "kim@\nok@x.example"] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let content = [("names", "Kim Persona"), ("emails", "kim.fake@mail.example"), ("payout_accounts", "DE89370400440532013000")];
    assert_eq!(location(&keeper.submit(&new, &new, &content).await), list);
    let attention = async || {
        screened(&app).await;
        sender.read(&candidate).await["screening"]["attention"].clone()
    };
    assert_eq!(attention().await, Value::from("high"));

    let entry = first_entry(&app, &list).await;
    let page = keeper.text(&entry).await;
    assert!(page.contains("Forget the 1 payout account") && !page.contains("DE8937"), "{page}");
    let status = format!("{entry}/status");
    for (word, expected) in [("disputed", "low"), ("paused", "clear"), ("active", "high")] {
        assert_eq!(keeper.submit(&entry, &status, &[("status", word)]).await.status(), 303);
        assert_eq!(attention().await, Value::from(expected), "{word}");
    }
    assert!(EntryStatus::parse("gone").is_none());
    assert_eq!(keeper.submit(&entry, &status, &[("status", "gone")]).await.status(), 400);
    let changed = [("names", "Kim Persona"), ("emails", "other@mail.example"), ("note", "mail was wrong")];
    assert_eq!(keeper.submit(&entry, &entry, &changed).await.status(), 303);
    assert_eq!(attention().await, Value::from("clear"));
    assert!(keeper.text(&entry).await.contains("Forget the 1 payout account"), "what the form does not show is kept");
    assert!(keeper.text(&format!("{entry}/remove")).await.contains("Keep it"));
    assert_eq!(location(&keeper.submit(&format!("{entry}/remove"), &format!("{entry}/remove"), &[]).await), list);
    assert_eq!(keeper.get(&entry).await.status(), 404);
    assert!(keeper.text(&format!("{list}/versions")).await.contains("entry removed"));
    assert_eq!(store::candidate::count(&app.database.store, &Scope::All).await.unwrap(), 1);
}
