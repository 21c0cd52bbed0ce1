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
    /// Papers issued anew (补发) to voters who lost theirs, beside [`issued`](Self::issued).
    #[serde(default)]
    pub reissued: u32,
    /// Of [`issued`](Self::issued) the sheets on paper; all others are on phones, the shared ones included.
    #[serde(default)]
    pub paper_issued: u32,
    /// Of [`returned`](Self::returned) the sheets on paper.
    #[serde(default)]
    pub paper_returned: u32,
    /// Of [`invalid`](Self::invalid) the sheets on paper: all of them.
    #[serde(default)]
    pub paper_invalid: u32,
    /// Of [`issued`](Self::issued) those at shared tablets; what came back from them nobody can know.
    #[serde(default)]
    pub kiosk_issued: u32,
}

impl GroupAccount {
    /// Whether the account closes, over all channels and on each (rules a1, a3).
    #[must_use]
    pub fn closes(&self) -> bool {
        let on_phones = |all: u32, on_paper: u32| u64::from(all.saturating_sub(on_paper));
        let phones_close = on_phones(self.issued, self.paper_issued) + u64::from(self.reissued)
            >= on_phones(self.returned, self.paper_returned);
        let paper_closes = self.paper_issued >= self.paper_returned && self.paper_returned >= self.paper_invalid;
        phones_close
            && paper_closes
            && self.invalid == self.paper_invalid
            && self.entitled >= self.present
            && self.present >= self.issued
            && u64::from(self.issued) + u64::from(self.reissued) >= u64::from(self.returned)
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
            reissued: sum.reissued + group.reissued,
            paper_issued: sum.paper_issued + group.paper_issued,
            paper_returned: sum.paper_returned + group.paper_returned,
            paper_invalid: sum.paper_invalid + group.paper_invalid,
            kiosk_issued: sum.kiosk_issued + group.kiosk_issued,
        })
    }
}
