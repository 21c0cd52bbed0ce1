//! Heads of a round by group, on phones and on paper: who is present, who votes together, and which group is too small to stay
//! secret. It reads no seat: whoever counts them says how many.

use std::collections::BTreeMap;

use super::accounting::{Accounting, GroupAccount};
use super::paper::Paper;
use super::plan::{Group, Plan};
use crate::form::OwnBranch;

/// Groups that vote as one, each list by group id.
pub type Merged = [Vec<String>];

/// Heads on phones of one group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// Seats taken.
    pub present: u32,
    /// Seats taken whose voter leads a subject.
    pub leaders_present: u32,
    /// Seats with tokens of the round.
    pub issued: u32,
}

/// Heads on phones by the group of the seats, before any groups are merged.
pub type HeadsByGroup = BTreeMap<String, Heads>;

/// The heads on phones of a group and of all that vote with it.
#[must_use]
pub fn heads(seats: &HeadsByGroup, group: &str, merged: &Merged) -> Heads {
    let alone = [group.to_owned()];
    let together = merged.iter().find(|merged| merged.iter().any(|id| id == group)).map_or(&alone[..], Vec::as_slice);
    together.iter().filter_map(|id| seats.get(id)).fold(Heads::default(), |sum, seats| Heads {
        present: sum.present + seats.present,
        leaders_present: sum.leaders_present + seats.leaders_present,
        issued: sum.issued + seats.issued,
    })
}

/// Sheets of paper of a group and of all that vote with it.
#[must_use]
pub fn on_paper(group: &Group, merged: &Merged, paper: &Paper) -> u32 {
    match merged.iter().find(|alike| alike.contains(&group.id)) {
        Some(alike) => paper.issued_to(alike),
        None => paper.issued_to(std::slice::from_ref(&group.id)),
    }
}

/// The account of a group in a round in which these groups vote as one: whoever has a sheet of paper is present and has no
/// tokens on a phone (rule a4).
#[must_use]
pub fn account(group: &Group, seats: &HeadsByGroup, merged: &Merged, paper: &Paper) -> GroupAccount {
    let on_phones = heads(seats, &group.id, merged);
    let on_paper = on_paper(group, merged, paper);
    GroupAccount {
        group: group.id.clone(),
        entitled: group.entitled,
        present: (on_phones.present + on_paper).min(group.entitled),
        issued: on_phones.issued + on_paper,
        paper_issued: on_paper,
        ..GroupAccount::default()
    }
}

/// The accounts of a round in which these groups vote as one.
#[must_use]
pub fn accounting(plan: &Plan, seats: &HeadsByGroup, merged: &Merged, paper: &Paper) -> Accounting {
    let groups = plan.with_merged(merged).groups;
    Accounting { groups: groups.iter().map(|group| account(group, seats, merged, paper)).collect() }
}

/// Groups that have fewer voters present than the secret needs, once those are away who get no token for a row (rule s12).
/// Phones must be enough by themselves, because those who count the paper can take it away; a group without any needs as
/// many sheets.
#[must_use]
pub fn small(plan: &Plan, seats: &HeadsByGroup, merged: &Merged, paper: &Paper) -> Vec<String> {
    let is_small = |group: &&Group| {
        let count = heads(seats, &group.id, merged);
        let recused = u32::from(plan.own_branch == OwnBranch::Recused && count.leaders_present > 0);
        let on_paper = if count.present == 0 { on_paper(group, merged, paper) } else { 0 };
        [count.present, count.present - recused, on_paper].iter().any(|voters| (1..plan.k_min).contains(voters))
    };
    plan.groups.iter().filter(is_small).map(|group| group.id.clone()).collect()
}

/// The groups that would vote as one, where that leaves none too small (rule s54); else nothing.
#[must_use]
pub fn merging(plan: &Plan, seats: &HeadsByGroup, paper: &Paper) -> Vec<Vec<String>> {
    let merged = plan.merge(&small(plan, seats, &[], paper));
    if small(plan, seats, &merged, paper).is_empty() { merged } else { Vec::new() }
}
