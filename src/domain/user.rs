//! People who sign in: roles, and the whole permission table in [`Role::may`].

use serde::{Deserialize, Serialize};

use super::email::EmailAddress;
use super::finding::words;
use super::id::UserId;
use super::time::Timestamp;

words!(
    /// What a person does here. A person may hold several roles; their rights add up.
    Role {
        /// Submits and imports candidates of one team.
        Recruiter = "recruiter",
        /// Keeps the watchlists.
        HrAdmin = "hr-admin",
        /// Reviews, decides, exports.
        Security = "security",
        /// Keeps users.
        Admin = "admin",
        /// Reads all, changes nothing.
        Auditor = "auditor",
    }
);

words!(
    /// Something a person may want to do. One word an entry of the permission table.
    Action {
        /// Submit or import candidates.
        SubmitCandidates = "submit-candidates",
        /// See candidates of the own team, with finding kinds.
        SeeOwnTeam = "see-own-team",
        /// See candidates of all teams.
        SeeAllTeams = "see-all-teams",
        /// See both sides of the evidence.
        SeeEvidence = "see-evidence",
        /// See the queue.
        SeeQueue = "see-queue",
        /// Take cases, dispose of findings, decide.
        Decide = "decide",
        /// See watchlists.
        SeeWatchlists = "see-watchlists",
        /// Change watchlists.
        ChangeWatchlists = "change-watchlists",
        /// Agree to a list change that waits for a second person.
        AgreeToListChange = "agree-to-list-change",
        /// Take candidates out as a file.
        Export = "export",
        /// See who exported what.
        SeeExports = "see-exports",
        /// Keep users.
        ManageUsers = "manage-users",
        /// See the audit log.
        SeeAudit = "see-audit",
        /// Remove the demonstration data.
        RemoveDemo = "remove-demo",
    }
);

impl Role {
    /// The permission table (CONTRACT section 6): what this role may do.
    #[must_use]
    pub const fn may(self, action: Action) -> bool {
        use Action as A;
        match self {
            Self::Recruiter => matches!(action, A::SubmitCandidates | A::SeeOwnTeam),
            Self::HrAdmin => matches!(
                action,
                A::SubmitCandidates
                    | A::SeeOwnTeam
                    | A::SeeAllTeams
                    | A::SeeEvidence
                    | A::SeeWatchlists
                    | A::ChangeWatchlists
                    | A::AgreeToListChange
            ),
            Self::Security => matches!(
                action,
                A::SeeOwnTeam
                    | A::SeeAllTeams
                    | A::SeeEvidence
                    | A::SeeQueue
                    | A::Decide
                    | A::SeeWatchlists
                    | A::AgreeToListChange
                    | A::Export
                    | A::SeeExports
            ),
            Self::Admin => matches!(action, A::ManageUsers | A::SeeAudit | A::RemoveDemo),
            Self::Auditor => matches!(
                action,
                A::SeeOwnTeam | A::SeeAllTeams | A::SeeEvidence | A::SeeQueue | A::SeeWatchlists | A::SeeExports | A::SeeAudit
            ),
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Recruiter => "Recruiter",
            Self::HrAdmin => "HR admin",
            Self::Security => "Security",
            Self::Admin => "Admin",
            Self::Auditor => "Auditor",
        }
    }
}

/// Which candidates a person sees; every list and lookup takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All teams.
    All,
    /// One team.
    Team(String),
}

impl Scope {
    /// True when this person sees candidates of that team.
    #[must_use]
    pub fn includes(&self, team: &str) -> bool {
        match self {
            Self::All => true,
            Self::Team(own) => own == team,
        }
    }
}

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Public id.
    pub id: UserId,
    /// Address to sign in with.
    pub email: EmailAddress,
    /// Name as shown.
    pub name: String,
    /// Roles, sorted.
    pub roles: Vec<Role>,
    /// Team; candidates a recruiter submits belong to it.
    pub team: String,
    /// May no longer sign in.
    pub disabled: bool,
    /// When the account was made.
    pub created_at: Timestamp,
}

impl User {
    /// True when one of the roles may.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        self.roles.iter().any(|role| role.may(action))
    }

    /// Which candidates this person sees; none when no role lets them see any.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        if self.may(Action::SeeAllTeams) {
            Some(Scope::All)
        } else if self.may(Action::SeeOwnTeam) {
            Some(Scope::Team(self.team.clone()))
        } else {
            None
        }
    }
}

/// Who does something, as the audit log names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Id of a person; none for the command line and the program itself.
    pub user: Option<UserId>,
    /// `Riley Example`, `local:root` or `bonafide`.
    pub name: String,
}

impl Actor {
    /// The program itself.
    #[must_use]
    pub fn program() -> Self {
        Self { user: None, name: "bonafide".to_owned() }
    }

    /// A person who signed in.
    #[must_use]
    pub fn person(user: &User) -> Self {
        Self { user: Some(user.id.clone()), name: user.name.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_changes_nothing() {
        for action in [
            Action::SubmitCandidates,
            Action::Decide,
            Action::ChangeWatchlists,
            Action::AgreeToListChange,
            Action::Export,
            Action::ManageUsers,
            Action::RemoveDemo,
        ] {
            assert!(!Role::Auditor.may(action), "{action}");
        }
    }

    #[test]
    fn only_security_decides_and_exports() {
        for role in Role::ALL {
            assert_eq!(role.may(Action::Decide), *role == Role::Security);
            assert_eq!(role.may(Action::Export), *role == Role::Security);
        }
    }
}
