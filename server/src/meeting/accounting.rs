//! The accounts of a round: who was entitled, who came, what was issued and what came back, by group.
//! They must close before a result is certified.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The accounts by group, in the order of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounting {
    /// One account a group.
    pub groups: Vec<GroupAccount>,
}

/// `entitled ≥ present ≥ issued ≥ returned = valid + invalid`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupAccount {
    /// The group's id.
    pub group: String,
    /// Voters entitled (应到).
    pub entitled: u32,
    /// Voters who came (实到): seats taken.
    pub present: u32,
    /// Sheets issued (发出).
    pub issued: u32,
    /// Sheets returned (收回).
    pub returned: u32,
    /// Valid sheets (有效).
    pub valid: u32,
    /// Invalid sheets (无效): on paper only.
    pub invalid: u32,
}

impl GroupAccount {
    /// Whether the account closes (rule a1).
    #[must_use]
    pub fn closes(&self) -> bool {
        self.entitled >= self.present
            && self.present >= self.issued
            && self.issued >= self.returned
            && u64::from(self.returned) == u64::from(self.valid) + u64::from(self.invalid)
    }
}

impl Accounting {
    /// Whether every group's account closes (rule a1).
    #[must_use]
    pub fn closes(&self) -> bool {
        self.groups.iter().all(GroupAccount::closes)
    }

    /// The account of all groups together, under an empty group id.
    #[must_use]
    pub fn total(&self) -> GroupAccount {
        self.groups.iter().fold(GroupAccount::default(), |sum, group| GroupAccount {
            group: String::new(),
            entitled: sum.entitled + group.entitled,
            present: sum.present + group.present,
            issued: sum.issued + group.issued,
            returned: sum.returned + group.returned,
            valid: sum.valid + group.valid,
            invalid: sum.invalid + group.invalid,
        })
    }
}
