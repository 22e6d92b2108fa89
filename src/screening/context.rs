//! What an engine may know besides its subjects, and what it gives back.

use ipnet::IpNet;

use crate::domain::finding::{Code, Finding};
use crate::domain::place::Country;
use crate::domain::screening::{Check, Link, ListVersion, Outcome};
use crate::domain::time::Timestamp;

/// What the organization says of itself; guards for the location checks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Organization {
    /// Networks whose addresses are no sightings.
    pub trusted_networks: Vec<IpNet>,
    /// Networks that many honest people share.
    pub shared_networks: Vec<IpNet>,
    /// Postal addresses of the company's own offices and stores.
    pub known_addresses: Vec<String>,
    /// Countries in which a network address weighs more.
    pub watched_countries: Vec<Country>,
}

/// Everything an engine may know besides its subjects.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// The instant that open dates and expiries are compared with.
    pub as_of: Timestamp,
    /// What the organization says of itself.
    pub organization: Organization,
    /// Versions of the lists searched, to be recorded with the result.
    pub list_versions: Vec<ListVersion>,
}

/// What one family of checks gives back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Raised {
    /// Findings.
    pub findings: Vec<Finding>,
    /// One row a code of this family.
    pub checks: Vec<Check>,
    /// Candidates that are likely the same person.
    pub links: Vec<Link>,
}

impl Raised {
    /// Adds the row of one check: `Match` when a finding of the code was raised, else what is given.
    pub fn record(&mut self, code: Code, otherwise: Outcome, note: Option<String>) {
        let found = self.findings.iter().any(|finding| finding.code == code);
        let outcome = if found { Outcome::Match } else { otherwise };
        self.checks.push(Check { code, outcome, note });
    }

    /// Joins what another family gave back.
    pub fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.checks.extend(other.checks);
        self.links.extend(other.links);
    }
}
