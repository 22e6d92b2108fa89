//! Two names: best one-to-one alignment of their words, score, level and the reasons.
//!
//! Idea: equal words first, then joined neighbors, then the assignment of the rest with the greatest total weight. The score
//! is 100 times the product of the weights, less for words one side leaves out. When both sides keep a word of their own the
//! names conflict, and no likeness of the rest lifts the score above [`CONFLICT_SCORE`]. Symmetric: the two names are put in
//! a fixed order first. Cost: microseconds for names of people; bounded by `TOKENS_MAX` and `ASSIGNED_MAX` for anything else.
//!
//! To add a rule: one line in `score_of`, with its near miss in the tests.

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

/// Highest score of names that each keep a word of their own.
pub const CONFLICT_SCORE: f64 = 45.0;
/// Highest score of names that share fewer than two words (one word is half a name).
const ONE_WORD_SCORE: f64 = 70.0;
/// What is left of the score for each word that only one side has.
const LEFT_OUT: f64 = 0.93;
/// What is left of the score when the order differs.
const REORDERED: f64 = 0.98;
/// Words of the shorter side that are assigned exactly; the tables grow as 2 to this.
const ASSIGNED_MAX: usize = 8;

/// Words of both names that match, and why; a range of more than one word is a join.
#[derive(Debug, Clone)]
struct Paired {
    a: Range<usize>,
    b: Range<usize>,
    step: Step,
}

struct Aligned<'a> {
    pairs: Vec<Paired>,
    a: &'a [Token],
    b: &'a [Token],
}

impl Aligned<'_> {
    /// Words of the first name that match nothing and say something.
    fn left_a(&self) -> Vec<&str> {
        left(self.a, |i| self.pairs.iter().any(|pair| pair.a.contains(&i)))
    }

    /// The same of the second name.
    fn left_b(&self) -> Vec<&str> {
        left(self.b, |i| self.pairs.iter().any(|pair| pair.b.contains(&i)))
    }

    fn is_in_order(&self) -> bool {
        self.pairs.is_sorted_by_key(|pair| pair.b.start)
    }
}

fn left(tokens: &[Token], taken: impl Fn(usize) -> bool) -> Vec<&str> {
    let rest = tokens.iter().enumerate().filter(|(i, token)| !token.particle && !taken(*i));
    rest.map(|(_, token)| token.written.as_str()).collect()
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
    let joins = joins_of(&first.tokens, &second.tokens);
    let mut aligned = align(&first.tokens, &second.tokens, Vec::new());
    let mut score = score_of(&aligned);
    if !joins.is_empty() {
        let joined = align(&first.tokens, &second.tokens, joins);
        let joined_score = score_of(&joined);
        if joined_score > score {
            (aligned, score) = (joined, joined_score);
        }
    }
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

fn align<'a>(a: &'a [Token], b: &'a [Token], joins: Vec<Paired>) -> Aligned<'a> {
    let mut pairs = joins;
    let mut free_a: Vec<usize> = (0..a.len()).filter(|i| !pairs.iter().any(|pair| pair.a.contains(i))).collect();
    let mut free_b: Vec<usize> = (0..b.len()).filter(|j| !pairs.iter().any(|pair| pair.b.contains(j))).collect();
    free_a.retain(|&i| {
        let text = a.get(i).map(|token| token.text.as_str());
        let Some(at) = free_b.iter().position(|&j| b.get(j).map(|token| token.text.as_str()) == text) else { return true };
        let j = free_b.remove(at);
        pairs.push(Paired { a: i..i + 1, b: j..j + 1, step: Step::EQUAL });
        false
    });
    pairs.extend(assign(a, b, &free_a, &free_b));
    pairs.sort_by_key(|pair| (pair.a.start, pair.b.start));
    Aligned { pairs, a, b }
}

/// Two or three neighbors of one name that are one word of the other, three first; no word twice.
fn joins_of(a: &[Token], b: &[Token]) -> Vec<Paired> {
    let mut taken: Vec<Paired> = Vec::new();
    for width in [3, 2] {
        for (parts, wholes, swapped) in [(a, b, false), (b, a, true)] {
            for (start, run) in parts.windows(width).enumerate() {
                for (j, whole) in wholes.iter().enumerate() {
                    let Some(step) = joined(run, whole) else { continue };
                    let (run, whole) = (start..start + width, j..j + 1);
                    let pair = if swapped { Paired { a: whole, b: run, step } } else { Paired { a: run, b: whole, step } };
                    let overlap = |x: &Range<usize>, y: &Range<usize>| x.start < y.end && y.start < x.end;
                    if !taken.iter().any(|known| overlap(&known.a, &pair.a) || overlap(&known.b, &pair.b)) {
                        taken.push(pair);
                    }
                }
            }
        }
    }
    taken
}

/// Total weight of an assignment, and its pairs.
type Assignment = (u32, Vec<Paired>);

/// The one-to-one assignment of the remaining words with the greatest total weight; of the second name the first
/// `ASSIGNED_MAX` words take part.
fn assign(a: &[Token], b: &[Token], rest_a: &[usize], rest_b: &[usize]) -> Vec<Paired> {
    let few = rest_b.get(..ASSIGNED_MAX).unwrap_or(rest_b);
    if rest_a.is_empty() || few.is_empty() {
        return Vec::new();
    }
    // best[mask]: the greatest weight with the words of `few` in `mask` taken
    let mut best: Vec<Option<Assignment>> = vec![None; 1 << few.len()];
    if let Some(nothing_taken) = best.first_mut() {
        *nothing_taken = Some((0, Vec::new()));
    }
    for &i in rest_a {
        let fit = |j: usize| Some(Paired { a: i..i + 1, b: j..j + 1, step: similarity(a.get(i)?, b.get(j)?)? });
        let fits: Vec<(usize, Paired)> = few.iter().enumerate().filter_map(|(bit, &j)| fit(j).map(|pair| (1 << bit, pair))).collect();
        for mask in (0..best.len()).rev() {
            for (bit, pair) in fits.iter().filter(|(bit, _)| mask & bit == 0) {
                let Some((total, pairs)) = best.get(mask).and_then(Option::as_ref) else { break };
                let total = total + pair.step.weight;
                let known = best.get(mask | bit).and_then(Option::as_ref).map_or(0, |(known, _)| *known);
                if total > known {
                    let longer = pairs.iter().chain([pair]).cloned().collect();
                    if let Some(slot) = best.get_mut(mask | bit) {
                        *slot = Some((total, longer));
                    }
                }
            }
        }
    }
    best.into_iter().flatten().max_by_key(|(total, _)| *total).map(|(_, pairs)| pairs).unwrap_or_default()
}

fn score_of(aligned: &Aligned<'_>) -> f64 {
    if aligned.pairs.is_empty() {
        return 0.0;
    }
    let (left_a, left_b) = (aligned.left_a().len(), aligned.left_b().len());
    let is_initial = |tokens: &[Token], range: &Range<usize>| tokens.get(range.start).is_some_and(Token::is_initial);
    let quality: f64 = aligned.pairs.iter().map(|pair| f64::from(pair.step.weight) / 1_000.0).product();
    let words =
        |tokens: &[Token], range: &Range<usize>| tokens.get(range.clone()).unwrap_or_default().iter().filter(|t| !t.particle).count();
    let matched: usize = aligned.pairs.iter().map(|pair| words(aligned.a, &pair.a).max(words(aligned.b, &pair.b))).sum();
    let only_initials = aligned.pairs.iter().all(|pair| is_initial(aligned.a, &pair.a) || is_initial(aligned.b, &pair.b));
    let mut score = 100.0 * quality * LEFT_OUT.powi(i32::try_from(left_a + left_b).unwrap_or(i32::MAX));
    if !aligned.is_in_order() {
        score *= REORDERED;
    }
    if (matched < 2 && left_a + left_b > 0) || only_initials {
        score = score.min(ONE_WORD_SCORE);
    }
    if left_a > 0 && left_b > 0 {
        let share = 1.0 - (left_a + left_b) as f64 / (aligned.a.len() + aligned.b.len()) as f64;
        score = score.min(CONFLICT_SCORE * share);
    }
    (score * 10.0).round() / 10.0
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
    let mut reasons: Vec<String> = Vec::new();
    for pair in &aligned.pairs {
        let (x, y) = (written(aligned.a, &pair.a), written(aligned.b, &pair.b));
        let reason = pair.step.reason;
        reasons.push(if pair.step == Step::EQUAL { format!("{x} equal") } else { format!("{reason} ({x} ~ {y})") });
    }
    if !aligned.is_in_order() {
        reasons.push("order differs".to_owned());
    }
    let (left_a, left_b) = (aligned.left_a().join(" "), aligned.left_b().join(" "));
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
