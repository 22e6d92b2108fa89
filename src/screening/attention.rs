//! Attention: how urgently a person should look (CONTRACT section 3).
//!
//! Only findings of medium severity or more count, and evidence compounds only over different sources: five hits of one
//! photo are one source. Findings a reviewer called *not a match* no longer count.

use crate::domain::finding::{Finding, Severity, Source};
use crate::domain::screening::Attention;

/// Attention, the rule that was met in words, and the sources that count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// How urgently a person should look.
    pub attention: Attention,
    /// Which rule was met.
    pub reason: String,
    /// Sources of the findings that count, sorted, each once.
    pub sources: Vec<Source>,
}

/// Weighs findings by the table of CONTRACT section 3.
///
/// `high`: one critical; or two high of different sources; or one high and two medium, all of different sources.
/// `review`: one high; or two medium of different sources. `low`: any other finding. `clear`: none.
#[must_use]
pub fn weigh<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Weighed {
    let mut of_severity: [Vec<Source>; 4] = Default::default();
    let mut any = false;
    for finding in findings {
        any = true;
        of_severity[finding.severity as usize].push(finding.source);
    }
    let distinct = |sources: &[Source]| {
        let mut sources = sources.to_vec();
        sources.sort_unstable();
        sources.dedup();
        sources
    };
    let [_, medium, high, critical] = of_severity.each_ref().map(|s| distinct(s));
    let counting: Vec<Source> = distinct(&[critical.clone(), high.clone(), medium.clone()].concat());
    let (attention, reason) = if !critical.is_empty() {
        (Attention::High, "one critical finding".to_owned())
    } else if high.len() >= 2 {
        (Attention::High, "two high findings of different sources".to_owned())
    } else if !high.is_empty() && high.iter().any(|h| medium.iter().filter(|m| *m != h).count() >= 2) {
        (Attention::High, "one high and two medium findings, all of different sources".to_owned())
    } else if !high.is_empty() {
        (Attention::Review, "one high finding".to_owned())
    } else if medium.len() >= 2 {
        (Attention::Review, "two medium findings of different sources".to_owned())
    } else if any {
        (Attention::Low, format!("nothing beyond {} severity from one source", Severity::Medium))
    } else {
        (Attention::Clear, "no finding".to_owned())
    };
    Weighed { attention, reason, sources: counting }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{Code, Evidence, Side};
    use rstest::rstest;

    fn of(severity: Severity, source: Source) -> Finding {
        let evidence = Evidence::new(Side::new("name", "a", "a"), None, "nothing");
        Finding { id: None, code: Code::WatchlistName, severity, source, sentence: String::new(), evidence }
    }

    #[rstest]
    #[case::nothing(&[], Attention::Clear)]
    #[case::context(&[(Severity::Low, Source::List), (Severity::Low, Source::Phone)], Attention::Low)]
    #[case::one_medium(&[(Severity::Medium, Source::Clock)], Attention::Low)]
    #[case::two_medium_of_one_source(&[(Severity::Medium, Source::Clock), (Severity::Medium, Source::Clock)], Attention::Low)]
    #[case::two_medium(&[(Severity::Medium, Source::Clock), (Severity::Medium, Source::Network)], Attention::Review)]
    #[case::incomplete_beside_medium(&[(Severity::Medium, Source::None), (Severity::Medium, Source::Network)], Attention::Review)]
    #[case::one_high(&[(Severity::High, Source::Photo)], Attention::Review)]
    #[case::two_high_of_one_source(&[(Severity::High, Source::Photo), (Severity::High, Source::Photo)], Attention::Review)]
    #[case::two_high(&[(Severity::High, Source::Photo), (Severity::High, Source::Pool)], Attention::High)]
    #[case::high_and_two_medium(&[(Severity::High, Source::Photo), (Severity::Medium, Source::Pool), (Severity::Medium, Source::Clock)], Attention::High)]
    #[case::high_and_two_medium_sharing(&[(Severity::High, Source::Pool), (Severity::Medium, Source::Pool), (Severity::Medium, Source::Clock)], Attention::Review)]
    #[case::one_critical(&[(Severity::Critical, Source::List)], Attention::High)]
    fn the_table_of_the_contract(#[case] findings: &[(Severity, Source)], #[case] expected: Attention) {
        let findings: Vec<Finding> = findings.iter().map(|(severity, source)| of(*severity, *source)).collect();
        assert_eq!(weigh(&findings).attention, expected);
    }

    #[test]
    fn low_findings_are_no_source() {
        let weighed = weigh(&[of(Severity::Low, Source::List), of(Severity::Medium, Source::Clock)]);
        assert_eq!(weighed.sources, [Source::Clock]);
    }
}
