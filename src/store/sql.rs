//! The only home of SQL texts assembled at run time: padded lists of keys, multi-row VALUES, migrations.
//!
//! Nothing but placeholders is ever put into a text, so no value can become SQL. Few shapes keep prepared statements reusable.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// Keys a padded `IN` takes at once.
pub(super) const SLOTS: usize = 64;

/// Values a statement at most; SQLite's limit is 32,766.
const MOST_VALUES: usize = 8_192;

/// Puts `($first, … $first+63)` where the text says `{keys}`; bind what [`padded`] gives, in its place.
pub(super) fn with_keys(text: &'static str, first: usize) -> SqlStr {
    let mut list = String::with_capacity(SLOTS * 5);
    for slot in 0..SLOTS {
        let _ = write!(list, "{}${}", if slot == 0 { '(' } else { ',' }, first + slot);
    }
    list.push(')');
    AssertSqlSafe(text.replace("{keys}", &list)).into_sql_str()
}

/// The keys in groups of [`SLOTS`], the last group filled up with its last key, which changes no answer.
pub(super) fn padded<T>(keys: &[T]) -> impl Iterator<Item = impl Iterator<Item = &T>> {
    keys.chunks(SLOTS).map(|group| group.iter().chain(std::iter::repeat_n(group.last(), SLOTS - group.len()).flatten()))
}

/// Rows that [`with_rows`] takes at once for so many columns.
pub(super) const fn rows_at_once(columns: usize) -> usize {
    let rows = MOST_VALUES / columns;
    if rows > 500 { 500 } else { rows }
}

/// Puts `($1, …), (…)` for so many rows where the text says `{rows}`.
pub(super) fn with_rows(text: &'static str, columns: usize, rows: usize) -> SqlStr {
    let mut list = String::with_capacity(rows * columns * 6);
    for value in 0..rows * columns {
        let before = match (value, value % columns) {
            (0, _) => "(",
            (_, 0) => "),(",
            _ => ",",
        };
        let _ = write!(list, "{before}${}", value + 1);
    }
    list.push(')');
    AssertSqlSafe(text.replace("{rows}", &list)).into_sql_str()
}

/// The text of a migration as it runs on one engine.
pub(super) fn migration(text: String) -> SqlStr {
    AssertSqlSafe(text).into_sql_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_keys_is_always_sixty_four_long() {
        for (count, groups) in [(0, 0), (1, 1), (64, 1), (65, 2)] {
            let keys: Vec<usize> = (0..count).collect();
            let padded: Vec<Vec<usize>> = padded(&keys).map(|group| group.copied().collect()).collect();
            assert_eq!(padded.len(), groups, "{count}");
            assert!(padded.iter().all(|group| group.len() == SLOTS));
            let mut seen: Vec<usize> = padded.concat();
            seen.dedup();
            assert_eq!(seen, keys);
        }
        let text = with_keys("SELECT h FROM match_key WHERE kind = $1 AND h IN {keys}", 2);
        assert!(text.as_str().ends_with("IN ($2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34,$35,$36,$37,$38,$39,$40,$41,$42,$43,$44,$45,$46,$47,$48,$49,$50,$51,$52,$53,$54,$55,$56,$57,$58,$59,$60,$61,$62,$63,$64,$65)"));
    }

    #[test]
    fn rows_are_numbered_through() {
        assert_eq!(with_rows("INSERT INTO t (a, b) VALUES {rows}", 2, 3).as_str(), "INSERT INTO t (a, b) VALUES ($1,$2),($3,$4),($5,$6)");
        assert!(rows_at_once(3) * 3 < 32_766 && rows_at_once(40) * 40 < 32_766);
    }
}
