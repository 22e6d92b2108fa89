//! Each rule on a file that breaks it, and on its neighbor that does not.

use rstest::rstest;

use super::{length_faults, source_faults, template_faults, word_faults};

#[rstest]
#[case::up("src/domain/user.rs", "use crate::store::Store;")]
#[case::up_by_super("src/domain/user.rs", "use super::super::store::Store;")]
#[case::up_in_a_group("src/store/user.rs", "use crate::{domain::id::UserId, pipeline::{submit}};")]
#[case::up_in_a_later_line("src/store/user.rs", "use crate::domain::{\n    id::UserId,\n};\nfn f() { crate::web::page::render() }")]
#[case::sideways("src/screening/reuse.rs", "use crate::store::key;")]
#[case::sideways_renamed("src/exchange/lists/csv.rs", "use crate::{domain as d, screening as s};")]
#[case::between_doors("src/web/queue.rs", "use crate::jobs::screen;")]
#[case::families("src/screening/photo/hash.rs", "use crate::screening::location::distance;")]
#[case::families_by_super("src/screening/photo/hash.rs", "use super::super::identity::token;")]
#[case::families_in_tests("src/screening/photo/hash.rs", "mod tests { use super::super::super::identity::token; }")]
#[case::family_upward("src/screening/photo/hash.rs", "use crate::screening::{policy, watchlist};")]
#[case::settings_below("src/store/open.rs", "use crate::config::Config;")]
#[case::runtime("src/screening/reuse.rs", "async fn f() { tokio::spawn(g()); }")]
#[case::clock("src/screening/reuse.rs", "use crate::domain::time::{Clock, Timestamp};")]
#[case::stopwatch("src/screening/reuse.rs", "let t = Instant::now();")]
#[case::environment("src/exchange/intake/json.rs", "let v = std::env::var(\"HOME\");")]
#[case::logging("src/domain/user.rs", "use tracing::info;")]
#[case::assembled("src/store/user.rs", "sqlx::query(AssertSqlSafe(text))")]
#[case::sql_in_a_page("src/web/queue.rs", "sqlx::query(\"SELECT id FROM users\")")]
#[case::sql_over_lines("src/pipeline/submit.rs", "let q = \"UPDATE users \\\n  SET name = $1\";")]
#[case::sql_raw("src/cli/user.rs", "let q = r#\"DELETE FROM users\"#;")]
fn a_bad_source_file_is_found(#[case] path: &str, #[case] text: &str) {
    assert_eq!(source_faults(path, text).len(), 1, "{:?}", source_faults(path, text));
}

#[rstest]
#[case::down("src/store/user.rs", "use crate::domain::id::UserId;\nuse super::error::StoreError;")]
#[case::journey(
    "src/pipeline/submit.rs",
    "use crate::{exchange::intake, screening, store::{Store, candidate}};\nuse crate::config::Config;"
)]
#[case::door("src/web/queue.rs", "use crate::pipeline::review;\nuse crate::store::Store;")]
#[case::assembly("src/cli/serve.rs", "use crate::{jobs, web};")]
#[case::program("src/main.rs", "use bonafide::cli;")]
#[case::family("src/screening/photo/hash.rs", "use crate::screening::{context::Context, policy};\nuse super::decode;")]
#[case::over_families("src/screening/reuse.rs", "use super::identity::token;\nuse crate::screening::photo::verdict;")]
#[case::said_not_done(
    "src/domain/user.rs",
    "//! Unlike crate::store::user, with tokio.\nlet a = \"use crate::store::x\"; // SELECT a FROM b"
)]
#[case::quotes("src/domain/user.rs", "let q = ('\"', '\\'', 'a'); fn f<'a>(x: &'a str) {} // crate::store")]
#[case::alike("src/screening/reuse.rs", "let tracing_number = clock_skew; struct Clockwork; let s = (Source::Clock, E::Instant);")]
#[case::own_tests("src/screening/photo/hash.rs", "use super::decode;\nmod tests { use super::super::decode; use super::*; }")]
#[case::sql_in_a_test("src/web/error.rs", "mod tests { let leak = \"SELECT secret FROM t\"; }")]
#[case::own_sql("src/store/user.rs", "sqlx::query(\"SELECT id FROM users\")")]
#[case::plain_words("src/web/queue.rs", "\"Select one FROM the list\"")]
fn a_good_source_file_is_not(#[case] path: &str, #[case] text: &str) {
    assert_eq!(source_faults(path, text), Vec::<String>::new());
}

#[rstest]
#[case::unescaped("<p>{{ name | safe }}</p>")]
#[case::unescaped_tight("<p>{{ name|safe }}</p>")]
#[case::style("<p style=\"color: red\">x</p>")]
#[case::style_tag("<style>p { color: red }</style>")]
#[case::handler("<button\n  onclick=\"go()\">x</button>")]
#[case::link("<a href=\"javascript:go()\">x</a>")]
#[case::script("<script>go()</script>")]
#[case::excluded("<label for=\"n\">Nationality</label>")]
fn a_bad_template_is_found(#[case] text: &str) {
    assert_eq!(template_faults("templates/x.html", text).len(), 1, "{:?}", template_faults("templates/x.html", text));
}

#[test]
fn a_good_template_is_not() {
    let text = "<script src=\"/static/app.js\"></script><script type=\"application/json\">{}</script>\
        <p class=\"on style\">{{ name }} traces, one=two, on = off</p>";
    assert_eq!(template_faults("templates/x.html", text), Vec::<String>::new());
}

#[test]
fn an_excluded_column_and_a_long_file_are_found() {
    assert_eq!(word_faults("migrations/x.sql", "CREATE TABLE t (id TEXT, Nationality TEXT)").len(), 1);
    assert_eq!(word_faults("migrations/x.sql", "-- a lost race\nCREATE TABLE t (race TEXT)").len(), 1);
    assert_eq!(word_faults("migrations/x.sql", "-- a lost race\nCREATE TABLE trace (embrace TEXT)").len(), 0);
    assert_eq!(length_faults("src/x.rs", &"\n".repeat(401)).len(), 1);
    assert_eq!(length_faults("src/x.rs", &"\n".repeat(400)).len(), 0);
}
