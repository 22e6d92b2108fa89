//! Users, web sessions, one-time links, API tokens, throttles.

use bonafide::domain::email::EmailAddress;
use bonafide::domain::id::{TokenId, UserId};
use bonafide::domain::time::Timestamp;
use bonafide::domain::user::{Role, User};
use bonafide::store::one_time_link::{OneTimeLink, Purpose};
use bonafide::store::token::ApiToken;
use bonafide::store::{Engine, Store, StoreError, one_time_link, throttle, token, user, web_session};
use rstest::rstest;

use crate::support::{self, at};

const HOUR_MS: i64 = 3_600_000;

fn riley() -> User {
    User {
        id: UserId::random(),
        email: EmailAddress::parse("Riley.Example+work@Example.com").unwrap(),
        name: "Riley Example".to_owned(),
        roles: vec![Role::Recruiter, Role::Security],
        team: "platform".to_owned(),
        disabled: false,
        created_at: at(0),
    }
}

async fn added(store: &Store, user: &User, password_hash: Option<&str>) {
    let mut write = store.begin_write().await.unwrap();
    user::insert(&mut write, user, password_hash).await.unwrap();
    write.commit().await.unwrap();
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_user_reads_back_as_written(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    assert_eq!(user::count(&db.store).await.unwrap(), 0);
    let riley = riley();
    added(&db.store, &riley, None).await;
    assert_eq!(user::find(&db.store, &riley.id).await.unwrap(), Some(riley.clone()));
    assert_eq!(user::find(&db.store, &UserId::random()).await.unwrap(), None);
    assert_eq!(user::list(&db.store).await.unwrap(), std::slice::from_ref(&riley));
    assert_eq!(user::count(&db.store).await.unwrap(), 1);
    let other_spelling = EmailAddress::parse("riley.example@example.com").unwrap();
    assert_eq!(user::find_by_email(&db.store, &other_spelling).await.unwrap(), Some((riley.clone(), None)));

    let mut write = db.store.begin_write().await.unwrap();
    user::set_password(&mut write, &riley.id, "$argon2id$x").await.unwrap();
    write.commit().await.unwrap();
    let (_, hash) = user::find_by_email(&db.store, &riley.email).await.unwrap().unwrap();
    assert_eq!(hash.as_deref(), Some("$argon2id$x"));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_mailbox_has_one_user(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    added(&db.store, &riley(), None).await;
    let again = User { email: EmailAddress::parse("riley.example@EXAMPLE.com").unwrap(), ..riley() };
    let mut write = db.store.begin_write().await.unwrap();
    let error = user::insert(&mut write, &again, None).await.unwrap_err();
    assert!(matches!(error, StoreError::Conflict), "{error:?}");
    drop(write);
    let mut write = db.store.begin_write().await.unwrap();
    let error = user::set_disabled(&mut write, &UserId::random(), true).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound), "{error:?}");
    let error = user::set_password(&mut write, &UserId::random(), "x").await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound), "{error:?}");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_row_no_program_wrote_is_named(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let riley = riley();
    added(&db.store, &riley, None).await;
    db.tamper("UPDATE users SET roles = 'recruiter,emperor'").await;
    let error = user::find(&db.store, &riley.id).await.unwrap_err();
    let StoreError::Inconsistent { table: "users", column: "roles", id } = error else { panic!("{error:?}") };
    assert_eq!(id, riley.id.as_str());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_web_session_ends_idle_in_the_end_and_with_its_user(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let riley = riley();
    added(&db.store, &riley, None).await;
    let start = at(0);
    let hours = |n: i64| start.plus_ms(n * HOUR_MS);
    let mut write = db.store.begin_write().await.unwrap();
    for token in [1, 2, 3] {
        web_session::insert(&mut write, &[token; 32], &riley.id, start, hours(24)).await.unwrap();
    }
    write.commit().await.unwrap();
    let live = async |token: u8, now: Timestamp| web_session::find(&db.store, &[token; 32], now, 8 * HOUR_MS).await.unwrap();

    let found = live(1, hours(1)).await.unwrap();
    assert_eq!((found.user, found.created_at, found.last_seen_at, found.expires_at), (riley.clone(), start, start, hours(24)));
    assert_eq!(live(9, hours(1)).await, None);
    assert_eq!(live(1, hours(8)).await, None);
    for n in [7, 14, 21] {
        web_session::touch(&db.store, &[1; 32], hours(n)).await.unwrap();
    }
    web_session::touch(&db.store, &[1; 32], hours(2)).await.unwrap();
    assert_eq!(live(1, hours(23)).await.unwrap().last_seen_at, hours(21));
    assert_eq!(live(1, hours(24)).await, None);

    assert_eq!(web_session::list_of_user(&db.store, &riley.id, hours(7), 8 * HOUR_MS).await.unwrap().len(), 3);
    let mut write = db.store.begin_write().await.unwrap();
    assert_eq!(web_session::delete_of_user(&mut write, &riley.id, Some(&[1; 32])).await.unwrap(), 2);
    write.commit().await.unwrap();
    assert_eq!(live(2, hours(1)).await, None);

    let mut write = db.store.begin_write().await.unwrap();
    user::set_disabled(&mut write, &riley.id, true).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(live(1, hours(22)).await, None);
    assert!(user::find(&db.store, &riley.id).await.unwrap().unwrap().disabled);

    let mut write = db.store.begin_write().await.unwrap();
    user::set_disabled(&mut write, &riley.id, false).await.unwrap();
    assert!(web_session::delete(&mut write, &[1; 32]).await.unwrap());
    assert!(!web_session::delete(&mut write, &[1; 32]).await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(live(1, hours(22)).await, None);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn sweeping_takes_what_is_over_alone(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let riley = riley();
    added(&db.store, &riley, None).await;
    let mut write = db.store.begin_write().await.unwrap();
    web_session::insert(&mut write, &[1; 32], &riley.id, at(0), at(100)).await.unwrap();
    web_session::insert(&mut write, &[2; 32], &riley.id, at(50), at(1_000)).await.unwrap();
    web_session::insert(&mut write, &[3; 32], &riley.id, at(99), at(1_000)).await.unwrap();
    assert_eq!(web_session::delete_over(&mut write, at(100), 30_000).await.unwrap(), 2);
    write.commit().await.unwrap();
    assert!(web_session::find(&db.store, &[3; 32], at(100), 30_000).await.unwrap().is_some());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_link_works_once_however_many_click(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let link = OneTimeLink { purpose: Purpose::Setup, user: None, expires_at: at(60) };
    let mut write = db.store.begin_write().await.unwrap();
    one_time_link::insert(&mut write, &[7; 32], &link).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(one_time_link::find(&db.store, &[7; 32], at(1)).await.unwrap(), Some(link.clone()));
    assert_eq!(one_time_link::find(&db.store, &[7; 32], at(60)).await.unwrap(), None);

    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = db.store.clone();
        tasks.spawn(async move {
            let mut write = store.begin_write().await.unwrap();
            let taken = one_time_link::take(&mut write, &[7; 32], at(2)).await.unwrap();
            write.commit().await.unwrap();
            taken
        });
    }
    let taken: Vec<OneTimeLink> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(taken, [link]);
    assert_eq!(one_time_link::find(&db.store, &[7; 32], at(3)).await.unwrap(), None);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_new_link_can_replace_the_unused_ones(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let riley = riley();
    added(&db.store, &riley, None).await;
    let invite = OneTimeLink { purpose: Purpose::Invite, user: Some(riley.id.clone()), expires_at: at(60) };
    let setup = OneTimeLink { purpose: Purpose::Setup, user: None, expires_at: at(60) };
    let mut write = db.store.begin_write().await.unwrap();
    one_time_link::insert(&mut write, &[1; 32], &invite).await.unwrap();
    one_time_link::insert(&mut write, &[2; 32], &setup).await.unwrap();
    assert_eq!(one_time_link::delete_unused(&mut write, Purpose::Setup, None).await.unwrap(), 1);
    assert_eq!(one_time_link::delete_unused(&mut write, Purpose::Invite, None).await.unwrap(), 0);
    assert_eq!(one_time_link::take(&mut write, &[1; 32], at(60)).await.unwrap(), None);
    assert_eq!(one_time_link::take(&mut write, &[1; 32], at(59)).await.unwrap(), Some(invite));
    assert_eq!(one_time_link::delete_unused(&mut write, Purpose::Invite, Some(&riley.id)).await.unwrap(), 0);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_token_lives_until_it_ends_or_is_revoked_or_its_user_is_disabled(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let riley = riley();
    added(&db.store, &riley, None).await;
    let made = |name: &str| ApiToken {
        id: TokenId::random(),
        user: riley.id.clone(),
        name: name.to_owned(),
        created_at: at(0),
        expires_at: at(100),
        last_used_at: None,
        revoked_at: None,
    };
    let (ats, ci) = (made("ats"), made("ci"));
    let mut write = db.store.begin_write().await.unwrap();
    token::insert(&mut write, &ats, &[1; 32]).await.unwrap();
    token::insert(&mut write, &ci, &[2; 32]).await.unwrap();
    write.commit().await.unwrap();
    let live = async |hash: u8, now: Timestamp| token::find_live(&db.store, &[hash; 32], now).await.unwrap();

    assert_eq!(live(1, at(99)).await, Some((ats.clone(), riley.clone())));
    assert_eq!(live(1, at(100)).await, None);
    assert_eq!(live(3, at(1)).await, None);
    token::mark_used(&db.store, &ats.id, at(5)).await.unwrap();
    assert_eq!(live(1, at(6)).await.unwrap().0.last_used_at, Some(at(5)));

    let mut write = db.store.begin_write().await.unwrap();
    token::revoke(&mut write, &ci.id, at(7)).await.unwrap();
    assert!(matches!(token::revoke(&mut write, &ci.id, at(8)).await, Err(StoreError::NotFound)));
    write.commit().await.unwrap();
    assert_eq!(live(2, at(7)).await, None);
    let listed = token::list(&db.store, Some(&riley.id)).await.unwrap();
    assert_eq!(listed.iter().find(|t| t.id == ci.id).unwrap().revoked_at, Some(at(7)));
    assert_eq!(listed, token::list(&db.store, None).await.unwrap());
    assert!(token::list(&db.store, Some(&UserId::random())).await.unwrap().is_empty());

    let mut write = db.store.begin_write().await.unwrap();
    user::set_disabled(&mut write, &riley.id, true).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(live(1, at(8)).await, None);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn parallel_tries_are_all_counted(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let store = db.store.clone();
        tasks.spawn(async move { throttle::hit(&store, "account:ab12", at(0), 60_000).await.unwrap().count });
    }
    let mut counts = tasks.join_all().await;
    counts.sort_unstable();
    assert_eq!(counts, (1..=20).collect::<Vec<_>>());

    let hit = async |name: &str, now: Timestamp| throttle::hit(&db.store, name, now, 60_000).await.unwrap();
    assert_eq!(hit("account:other", at(0)).await.count, 1);
    assert_eq!((hit("account:ab12", at(59)).await.count, hit("account:ab12", at(59)).await.since), (21, at(0)));
    assert_eq!((hit("account:ab12", at(60)).await.count, hit("account:ab12", at(61)).await.count), (1, 2));
    assert_eq!(hit("account:ab12", at(-3_600)).await.count, 1, "a clock set back does not lock anyone out");

    let mut write = db.store.begin_write().await.unwrap();
    throttle::clear(&mut write, "account:ab12").await.unwrap();
    assert_eq!(throttle::delete_older(&mut write, at(1)).await.unwrap(), 1);
    write.commit().await.unwrap();
    assert_eq!(hit("account:ab12", at(62)).await.count, 1);
}
