//! Review over HTTP: the queue, cases, verdicts on findings, decisions, and what a recruiter never gets to read.

use bonafide::domain::user::{Actor, Role};
use bonafide::pipeline::watchlists;
use bonafide::store::Engine;
use rstest::rstest;

use crate::support::candidate::{candidate, portrait, screened, value_of};
use crate::support::web::{Browser, TestApp, location, spawn_app};

const LIST: &str =
    "id,name,aliases,emails,github,confidence\nP-1,Zebulon Secretname,Zeb S.,persona.mailbox@inbox.example,zeb-secret-handle,90\n";

/// A list with one persona, and a candidate who uses its mailbox under another name.
async fn listed_candidate(app: &TestApp, recruiter: &Browser) -> String {
    let installation = &app.state.installation;
    let proposal = watchlists::propose(installation, "Hidden List", LIST.as_bytes(), None, false).await.unwrap();
    watchlists::apply(installation, &Actor::program(), proposal, "first", true, false).await.unwrap();
    let page = candidate("Oscar Brennan", "persona.mailbox+jobs@inbox.example").sent(recruiter).await;
    screened(app).await;
    page
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[actix_web::test]
async fn a_case_is_taken_judged_and_decided(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let page = listed_candidate(&app, &recruiter).await;
    let security = app.signed_in(&[Role::Security]).await;

    let queue = security.text("/queue").await;
    assert!(queue.contains("1 case waits.") && queue.contains(&page) && queue.contains("Zebulon Secretname"), "{queue}");
    let taken = security.submit("/queue", "/queue", &[]).await;
    assert_eq!(location(&taken), page);
    assert!(security.text("/queue").await.contains("Nothing waits"));
    assert!(security.text("/queue?tab=mine").await.contains(&page));
    assert!(security.text("/queue?tab=all").await.contains("Taken by"));

    let shown = security.text(&page).await;
    let facts = [
        "Attention: high",
        "1 critical finding",
        "Zebulon Secretname",
        "Hidden List",
        "<mark>+jobs</mark>",
        "90 of 100",
        "What would clear it",
    ];
    for fact in facts.iter().chain(&["0 of 1 reviewed", "You have taken this case.", "Checked and did not match", "How this is worked out"])
    {
        assert!(shown.contains(fact), "{fact} is missing: {shown}");
    }
    let finding = shown.split("/findings/").nth(1).unwrap().get(..32).unwrap().to_owned();
    let verdict = [("verdict", "not-a-match"), ("note", "another person"), ("place", "1")];
    let judged = security.submit(&page, &format!("{page}/findings/{finding}"), &verdict).await;
    assert_eq!(location(&judged), format!("{page}#finding-1"));
    let shown = security.text(&page).await;
    assert!(shown.contains("Not a match") && shown.contains("another person") && shown.contains("1 of 1 reviewed"), "{shown}");

    let form = security.text(&format!("{page}/decision")).await;
    let version = value_of(&form, "version");
    let short =
        security.submit(&page, &format!("{page}/decision"), &[("version", &version), ("verdict", "verify"), ("reason", "short")]).await;
    assert_eq!(short.status(), 422);
    let text = short.text().await.unwrap();
    assert!(text.contains("Reason is too short") && text.contains(">\nshort</textarea>") && text.contains("<title>Error: "), "{text}");
    let none = security.submit(&page, &format!("{page}/decision"), &[("version", &version), ("reason", "kept text")]).await;
    assert!(none.text().await.unwrap().contains("Choose a decision"));
    let done = security.submit(&page, &format!("{page}/decision"), &[("version", &version), ("verdict", "cleared"), ("reason", "")]).await;
    assert_eq!(done.status(), 303);
    assert!(security.text(&page).await.contains("decided: Cleared"));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[actix_web::test]
async fn of_two_decisions_at_once_one_stands_and_the_other_is_told(#[case] engine: Engine) {
    let Some(app) = spawn_app(engine).await else { return };
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let page = listed_candidate(&app, &recruiter).await;
    let (one, two) = (app.signed_in(&[Role::Security]).await, app.signed_in(&[Role::Security]).await);
    let address = format!("{page}/decision");
    let version = value_of(&one.text(&address).await, "version");
    let reason = "the same mailbox, confirmed by phone";
    let first = [("version", version.as_str()), ("verdict", "confirmed-fake"), ("reason", reason)];
    let second = [("version", version.as_str()), ("verdict", "cleared"), ("reason", "my own words are kept")];
    let (a, b) = futures_util::future::join(one.submit(&page, &address, &first), two.submit(&page, &address, &second)).await;
    let mut states = [a.status().as_u16(), b.status().as_u16()];
    states.sort_unstable();
    assert_eq!(states, [303, 409]);
    let (lost, mine, theirs) = if a.status() == 409 { (a, reason, "Cleared") } else { (b, "my own words are kept", "Confirmed fake") };
    let text = lost.text().await.unwrap();
    assert!(text.contains("Someone else was first") && text.contains(theirs) && text.contains(mine), "{text}");
    assert_ne!(value_of(&text, "version"), version);
    let shown = one.text(&page).await;
    assert_eq!(shown.matches("decided: ").count(), 1, "{shown}");

    let stale = one.submit(&page, &format!("{page}/take"), &[("version", &version)]).await;
    assert_eq!(stale.status(), 409);
}

#[actix_web::test]
async fn a_recruiter_never_reads_who_or_which_list_matched() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let page = listed_candidate(&app, &recruiter).await;
    let security = app.signed_in(&[Role::Security]).await;
    let elsewhere = app.add_user_of_team(&[Role::Recruiter], "elsewhere", None).await;
    let elsewhere = app.signed_in_as(&elsewhere).await;
    let peer = candidate("Peter Otherteam", "peter.otherteam@mail.example").with_photo("photos[0]", &portrait(9)).sent(&elsewhere).await;
    let own = candidate("Quentin Ownteam", "quentin@mail.example").with_photo("photos[0]", &portrait(9)).sent(&recruiter).await;
    screened(&app).await;
    let version = value_of(&security.text(&format!("{page}/decision")).await, "version");
    let reason = "mailbox of Zebulon Secretname on Hidden List";
    let decision = [("version", version.as_str()), ("verdict", "high-risk"), ("reason", reason)];
    assert_eq!(security.submit(&page, &format!("{page}/decision"), &decision).await.status(), 303);

    let secrets =
        ["Zebulon", "Secretname", "Hidden List", "zeb-secret-handle", "P-1", "watchlist.email", "Peter", "otherteam@", "persona.mailbox@"];
    for path in [&page, &own, &"/candidates".to_owned()] {
        let text = recruiter.text(path).await;
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} on {path}: {text}");
        }
        assert!(!text.contains(peer.trim_start_matches("/candidates/")), "{path}");
    }
    let shown = recruiter.text(&page).await;
    assert!(shown.contains("Something in this profile matches a watchlist") && shown.contains("High risk"), "{shown}");
    assert!(!shown.contains("/decision\"") && !shown.contains("/take\"") && !shown.contains("name=\"verdict\""));
    let both = security.text(&own).await;
    assert!(both.contains("Peter Otherteam") && both.contains("areas outside the head match") && !shown.contains("areas outside the head"));
    for path in ["/queue", &format!("{page}/decision")] {
        assert_eq!(recruiter.get(path).await.status(), 403, "{path}");
    }
}

#[actix_web::test]
async fn an_auditor_reads_all_and_has_no_buttons() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let page = listed_candidate(&app, &recruiter).await;
    let auditor = app.signed_in(&[Role::Auditor]).await;
    let shown = auditor.text(&page).await;
    assert!(shown.contains("Zebulon Secretname") && shown.contains("This case waits for a reviewer."));
    for path in [page.as_str(), "/queue", "/candidates"] {
        let text = auditor.text(path).await;
        let forms = text.matches("method=\"post\"").count();
        assert_eq!(forms, 1, "signing out is the one thing to do on {path}");
    }
}

#[actix_web::test]
async fn home_counts_what_waits_and_links_to_it() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let page = listed_candidate(&app, &recruiter).await;
    let security = app.signed_in(&[Role::Security]).await;
    let home = security.text("/").await;
    assert!(home.contains("1 candidate waits for review.") && home.contains("<a href=\"/queue\"><b>1</b>Waiting for review"), "{home}");
    assert!(home.contains("<a href=\"/candidates?attention=high\"><b>1</b>Attention high"));
    let next = security.submit("/", "/queue", &[]).await;
    assert_eq!(location(&next), page);
    let own = recruiter.text("/").await;
    assert!(own.contains("<b>1</b>Candidates") && !own.contains("/queue"), "{own}");
    let admin = app.signed_in(&[Role::Admin]).await;
    assert!(!admin.text("/").await.contains("class=\"stats\""));
}

#[actix_web::test]
async fn a_bad_filter_word_shows_no_rows() {
    let app = spawn_app(Engine::Sqlite).await.unwrap();
    let recruiter = app.signed_in(&[Role::Recruiter]).await;
    let page = listed_candidate(&app, &recruiter).await;
    let security = app.signed_in(&[Role::Security]).await;
    let high = security.text("/queue?attention=high&list=Hidden+List").await;
    assert!(high.contains(&page) && high.contains("Attention: High") && high.contains("List: Hidden List"));
    assert!(security.text("/queue?attention=review").await.contains("No case fits this filter"));
    let wrong = security.get("/queue?attention=urgent").await;
    assert_eq!(wrong.status(), 422);
    let text = wrong.text().await.unwrap();
    assert!(!text.contains(&page) && text.contains("Attention does not know this word"));
}
