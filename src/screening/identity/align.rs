//! Two names: best one-to-one alignment of their words, score, level and the reasons.
//!
//! Idea: equal words first, then joined neighbors, then the assignment of the rest with the greatest total weight. The score
//! is 100 times the product of the weights, less for words one side leaves out. When both sides keep a word of their own the
//! names conflict, and no likeness of the rest lifts the score above [`CONFLICT_SCORE`]. Symmetric: the two names are put in
//! a fixed order first. Cost: microseconds for names of people; bounded by `TOKENS_MAX` and [`ASSIGNED_MAX`] for anything else.
//!
//! To add a rule: one line in [`score_of`], with its near miss in the tests.

use std::ops::Range;

use super::normalize::{NameForm, Token};
use super::token::{Step, joined, similarity};
use crate::screening::policy::{NAME_MATCH_SCORE, NAME_POSSIBLE_SCORE};

/// How far the comparison of two names came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameLevel {
    /// Do not match.
    None,
    /// May match: shown, never counted.
    Possible,
    /// Match.
    Strong,
    /// Equal after normalization.
    Exact,
}

impl NameLevel {
    /// The word of CONTRACT section 5.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Possible => "possible",
            Self::Strong => "strong",
            Self::Exact => "exact",
        }
    }
}

/// What the comparison of two names came to.
#[derive(Debug, Clone, PartialEq)]
pub struct NameMatch {
    /// 0 to 100; the match line is 76.
    pub score: f64,
    /// The step reached.
    pub level: NameLevel,
    /// Why, in words.
    pub reasons: Vec<String>,
}

impl NameMatch {
    /// True at or above the match line.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.level >= NameLevel::Strong
    }
}

/// Highest score of names that each keep a word of their own (identity.md section 6).
pub const CONFLICT_SCORE: f64 = 45.0;
/// Highest score of names that share fewer than two words (one word is half a name).
const ONE_WORD_SCORE: f64 = 70.0;
/// What is left of the score for each word that only one side has.
const LEFT_OUT: f64 = 0.93;
/// What is left of the score when the order differs.
const REORDERED: f64 = 0.98;
/// Words of the shorter side that are assigned exactly; the tables grow as 2 to this.
const ASSIGNED_MAX: usize = 8;

struct Aligned<'a> {
    pairs: Vec<(Range<usize>, Range<usize>, Step)>,
    a: &'a [Token],
    b: &'a [Token],
}

/// Compares two names.
#[must_use]
pub fn compare(a: &NameForm, b: &NameForm) -> NameMatch {
    let (texts_a, texts_b) = (texts(a), texts(b));
    if texts_a == texts_b && (!texts_a.is_empty() || a.typed == b.typed) {
        return NameMatch { score: 100.0, level: NameLevel::Exact, reasons: exact_reasons(a, b) };
    }
    if texts_a.is_empty() || texts_b.is_empty() {
        return NameMatch { score: 0.0, level: NameLevel::None, reasons: vec!["nothing to compare".to_owned()] };
    }
    let (first, second) = if texts_a <= texts_b { (a, b) } else { (b, a) };
    let plain = align(&first.tokens, &second.tokens, false);
    let with_joins = align(&first.tokens, &second.tokens, true);
    let (plain_score, joined_score) = (score_of(&plain), score_of(&with_joins));
    let (aligned, score) = if joined_score > plain_score { (with_joins, joined_score) } else { (plain, plain_score) };
    let level = if score >= NAME_MATCH_SCORE {
        NameLevel::Strong
    } else if score >= NAME_POSSIBLE_SCORE {
        NameLevel::Possible
    } else {
        NameLevel::None
    };
    NameMatch { score, level, reasons: reasons_of(&aligned, first, second) }
}

fn texts(form: &NameForm) -> Vec<&str> {
    form.tokens.iter().map(|token| token.text.as_str()).collect()
}

fn align<'a>(a: &'a [Token], b: &'a [Token], joins: bool) -> Aligned<'a> {
    let mut pairs = Vec::new();
    let (mut free_a, mut free_b) = (vec![true; a.len()], vec![true; b.len()]);
    if joins {
        take_joins(a, b, &mut free_a, &mut free_b, |parts, whole, step| pairs.push((parts, whole..whole + 1, step)));
        take_joins(b, a, &mut free_b, &mut free_a, |parts, whole, step| pairs.push((whole..whole + 1, parts, step)));
    }
    for (i, token) in a.iter().enumerate() {
        let twin = b.iter().enumerate().position(|(j, other)| free(&free_b, j) && token.text == other.text);
        if let (true, Some(j), Some(step)) = (free(&free_a, i), twin, twin.and_then(|j| similarity(token, b.get(j)?))) {
            mark(&mut free_a, i);
            mark(&mut free_b, j);
            pairs.push((i..i + 1, j..j + 1, step));
        }
    }
    let rest = |tokens: &[bool]| tokens.iter().enumerate().filter(|(_, f)| **f).map(|(i, _)| i).collect::<Vec<_>>();
    for (i, j, step) in assign(a, b, &rest(&free_a), &rest(&free_b)) {
        pairs.push((i..i + 1, j..j + 1, step));
    }
    pairs.sort_by_key(|(i, j, _)| (i.start, j.start));
    Aligned { pairs, a, b }
}

fn free(flags: &[bool], i: usize) -> bool {
    flags.get(i).copied().unwrap_or(false)
}

fn mark(flags: &mut [bool], i: usize) {
    if let Some(flag) = flags.get_mut(i) {
        *flag = false;
    }
}

/// Two or three neighbors of `a` that are one word of `b`, three first.
fn take_joins(a: &[Token], b: &[Token], free_a: &mut [bool], free_b: &mut [bool], mut taken: impl FnMut(Range<usize>, usize, Step)) {
    for width in [3, 2] {
        for start in 0..a.len().saturating_sub(width - 1) {
            let run = start..start + width;
            let Some(parts) = a.get(run.clone()) else { continue };
            if !run.clone().all(|i| free(free_a, i)) {
                continue;
            }
            let found =
                b.iter().enumerate().find_map(|(j, whole)| if free(free_b, j) { joined(parts, whole).map(|step| (j, step)) } else { None });
            if let Some((j, step)) = found {
                run.clone().for_each(|i| mark(free_a, i));
                mark(free_b, j);
                taken(run, j, step);
            }
        }
    }
}

/// The one-to-one assignment of the remaining words with the greatest total weight; beyond [`ASSIGNED_MAX`] words in order.
fn assign(a: &[Token], b: &[Token], rest_a: &[usize], rest_b: &[usize]) -> Vec<(usize, usize, Step)> {
    let step = |i: usize, j: usize| similarity(a.get(i)?, b.get(j)?);
    let few = rest_b.get(..ASSIGNED_MAX).unwrap_or(rest_b);
    // best[mask] = greatest weight with the words of `few` in `mask` taken, and the pairs that give it
    let mut best: Vec<Option<(u32, Vec<(usize, usize, Step)>)>> = vec![None; 1 << few.len()];
    if let Some(none_taken) = best.first_mut() {
        *none_taken = Some((0, Vec::new()));
    }
    for &i in rest_a {
        let fits: Vec<(usize, usize, Step)> = few.iter().enumerate().filter_map(|(bit, &j)| step(i, j).map(|s| (bit, j, s))).collect();
        if fits.is_empty() {
            continue;
        }
        for mask in (0..best.len()).rev() {
            let Some((total, pairs)) = best.get(mask).cloned().flatten() else { continue };
            for (bit, j, s) in &fits {
                if mask & (1 << bit) != 0 {
                    continue;
                }
                let Some(slot) = best.get_mut(mask | (1 << bit)) else { continue };
                if slot.as_ref().is_none_or(|(known, _)| *known < total + s.weight) {
                    let mut longer = pairs.clone();
                    longer.push((i, *j, *s));
                    *slot = Some((total + s.weight, longer));
                }
            }
        }
    }
    best.into_iter().flatten().max_by_key(|(total, _)| *total).map(|(_, pairs)| pairs).unwrap_or_default()
}

fn score_of(aligned: &Aligned<'_>) -> f64 {
    let left = |tokens: &[Token], taken: &dyn Fn(usize) -> bool| {
        tokens.iter().enumerate().filter(|(i, token)| !token.particle && !taken(*i)).count()
    };
    let left_a = left(aligned.a, &|i| aligned.pairs.iter().any(|(range, _, _)| range.contains(&i)));
    let left_b = left(aligned.b, &|j| aligned.pairs.iter().any(|(_, range, _)| range.contains(&j)));
    let quality: f64 = aligned.pairs.iter().map(|(_, _, step)| f64::from(step.weight) / 1_000.0).product();
    let named =
        |range: &Range<usize>, tokens: &[Token]| tokens.get(range.clone()).unwrap_or_default().iter().filter(|t| !t.particle).count();
    let words: usize = aligned.pairs.iter().map(|(i, j, _)| named(i, aligned.a).max(named(j, aligned.b))).sum();
    let whole_words = aligned.pairs.iter().filter(|(i, j, _)| !is_initial(aligned.a, i) && !is_initial(aligned.b, j)).count();
    if aligned.pairs.is_empty() {
        return 0.0;
    }
    let mut score = 100.0 * quality * LEFT_OUT.powi(i32::try_from(left_a + left_b).unwrap_or(i32::MAX));
    if !in_order(aligned) {
        score *= REORDERED;
    }
    if words < 2 && left_a + left_b > 0 || whole_words == 0 {
        score = score.min(ONE_WORD_SCORE);
    }
    if left_a > 0 && left_b > 0 {
        let all = aligned.a.len() + aligned.b.len();
        let share = 1.0 - (left_a + left_b) as f64 / all as f64;
        score = score.min(CONFLICT_SCORE * share);
    }
    (score * 10.0).round() / 10.0
}

fn is_initial(tokens: &[Token], range: &Range<usize>) -> bool {
    tokens.get(range.start).is_some_and(Token::is_initial)
}

fn in_order(aligned: &Aligned<'_>) -> bool {
    aligned.pairs.is_sorted_by_key(|(_, j, _)| j.start)
}

fn exact_reasons(a: &NameForm, b: &NameForm) -> Vec<String> {
    let mut reasons = vec!["equal".to_owned()];
    if a.typed != b.typed {
        reasons.extend(all_changes(a, b));
    }
    reasons
}

fn all_changes(a: &NameForm, b: &NameForm) -> Vec<String> {
    let mut changes: Vec<String> = [a.changes(), b.changes()].concat().into_iter().map(str::to_owned).collect();
    changes.sort_unstable();
    changes.dedup();
    changes
}

fn reasons_of(aligned: &Aligned<'_>, a: &NameForm, b: &NameForm) -> Vec<String> {
    let written = |tokens: &[Token], range: &Range<usize>| {
        tokens.get(range.clone()).unwrap_or_default().iter().map(|t| t.written.as_str()).collect::<Vec<_>>().join(" ")
    };
    let mut reasons: Vec<String> = aligned
        .pairs
        .iter()
        .map(|(i, j, step)| {
            let (x, y) = (written(aligned.a, i), written(aligned.b, j));
            if step.reason == "equal" { format!("{x} equal") } else { format!("{} ({x} ~ {y})", step.reason) }
        })
        .collect();
    if !in_order(aligned) {
        reasons.push("order differs".to_owned());
    }
    let left = |tokens: &[Token], side: fn(&(Range<usize>, Range<usize>, Step)) -> &Range<usize>| {
        let all: Vec<&str> = tokens
            .iter()
            .enumerate()
            .filter(|(i, token)| !token.particle && !aligned.pairs.iter().any(|pair| side(pair).contains(i)))
            .map(|(_, token)| token.written.as_str())
            .collect();
        all.join(" ")
    };
    let (left_a, left_b) = (left(aligned.a, |pair| &pair.0), left(aligned.b, |pair| &pair.1));
    match (left_a.is_empty(), left_b.is_empty()) {
        (false, false) => reasons.push(format!("conflict: {left_a} and {left_b}")),
        (true, false) => reasons.push(format!("only one has {left_b}")),
        (false, true) => reasons.push(format!("only one has {left_a}")),
        (true, true) => {}
    }
    reasons.extend(all_changes(a, b));
    reasons
}

/// Compares two texts as names: score, level and reasons, for `compare names`.
#[must_use]
pub fn compare_texts(a: &str, b: &str) -> NameMatch {
    compare(&NameForm::of_text(a), &NameForm::of_text(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("Jane Doe", "Jane Doe")]
    #[case("Renée O'Neill", "RENEE ONEILL")]
    #[case("Jane Doe", "Dr. Jane Doe, PhD")]
    #[case("Tar\u{ad}un Srivastava", "Tarun Srivastava")]
    #[case("Grace Fоѕuа", "Grace Fosua")]
    fn equal_after_normalization_is_exact(#[case] a: &str, #[case] b: &str) {
        let found = compare_texts(a, b);
        assert_eq!((found.score, found.level), (100.0, NameLevel::Exact), "{:?}", found.reasons);
    }

    #[rstest]
    #[case::reordered("Park, Won-ho", "Won-ho Park", "order differs")]
    #[case::joined("Wei Chao Li", "Weichao Li", "joined (Wei Chao ~ Weichao)")]
    #[case::three_joined("Ana De La Rosa", "Ana Delarosa", "joined (De La Rosa ~ Delarosa)")]
    #[case::left_out("Vishal Ganesh Khan", "Vishal Khan", "only one has Ganesh")]
    #[case::particle("Maria de la Rosa", "Rosa Maria", "order differs")]
    #[case::initial("J. Kowalski", "Jan Kowalski", "initial (J ~ Jan)")]
    #[case::typo("Ablert Wood", "Albert Wood", "two letters swapped (Ablert ~ Albert)")]
    #[case::article("Ali AlGhamdi", "Ali Al-Ghamdi", "equal")]
    #[case::script("محمد خوري", "Mohammed Khouri", "written in another script")]
    fn the_same_name_in_another_spelling_matches(#[case] a: &str, #[case] b: &str, #[case] reason: &str) {
        let found = compare_texts(a, b);
        assert!(found.is_match() && found.reasons.iter().any(|r| r == reason), "{found:?}");
    }

    #[rstest]
    #[case::other_given_name("Jane Doe", "Robert Doe")]
    #[case::other_surname("Jane Doe", "Jane Smith")]
    #[case::other_middle_name("Mukesh Ravi Patel", "Mukesh Jayesh Patel")]
    #[case::other_initial("G Benitez", "Aurelio Benitez")]
    #[case::one_word("Mohammed", "Mohammed Osman")]
    #[case::initials_only("J K", "Jun Kim")]
    #[case::close_names("Maria Rossi", "Mario Rossi")]
    #[case::unrelated("Jane Doe", "Oleg Petrov")]
    fn different_names_do_not_match(#[case] a: &str, #[case] b: &str) {
        let found = compare_texts(a, b);
        assert!(!found.is_match(), "{found:?}");
    }

    #[test]
    fn a_word_of_their_own_on_each_side_caps_the_score() {
        assert!(compare_texts("Ana Maria Lopez Diaz", "Ana Maria Lopez Cruz").score <= CONFLICT_SCORE);
    }

    #[test]
    fn long_names_are_bounded() {
        let (a, b) = ("ab ".repeat(66), "abc ".repeat(50));
        assert!((0.0..=100.0).contains(&compare_texts(&a, &b).score));
        let marks = format!("a{}", "\u{301}".repeat(5_000));
        assert_eq!(compare_texts(&marks, &marks).level, NameLevel::Exact);
    }

    proptest! {
        #[test]
        fn identical_names_are_exact(text in "\\PC{0,60}") {
            prop_assert_eq!(compare_texts(&text, &text).score, 100.0);
        }

        #[test]
        fn comparing_is_symmetric(a in "[a-dе-и김윤م.' -]{0,24}", b in "[a-dе-и김윤م.' -]{0,24}") {
            prop_assert_eq!(compare_texts(&a, &b), compare_texts(&b, &a));
        }
    }
}
