//! Which figures of a counted round may be published: one rule for screens, prints, exports and the record alike.
//! It decides about groups that are too small (rule c14), and knows neither audience nor file.

use super::exact::Exact;
use super::rows::Worth;
use super::rules::Rules;
use super::table::{GroupWeight, ScoreTable, SmallGroupPolicy, SubjectCount, scored};
use num_traits::Zero;

/// A counted round as it may be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The finished figures.
    pub table: ScoreTable,
    /// Whether the sheets of each group may be told.
    pub shows_sheets: bool,
    /// For each subject in the order of the counts, whether the figures of its groups may be told.
    pub shows_groups: Vec<bool>,
    /// For each subject, whether its counts over all groups may be told.
    pub shows_totals: Vec<bool>,
}

/// What of one subject may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedFigures {
    /// The figures of its groups.
    pub groups: bool,
    /// Its counts over all groups, and what follows from them alone.
    pub totals: bool,
    /// The weighted score, and what follows from it.
    pub score: bool,
}

impl Published {
    /// Whether anything is held back because a group is too small, or because the meeting shows totals only.
    #[must_use]
    pub fn hides(&self) -> bool {
        !self.shows_sheets || self.shows_groups.iter().chain(&self.shows_totals).any(|shows| !shows)
    }
}

impl SmallGroupPolicy {
    /// Whether so many ballots, of one group in one contest, would give those who cast them away.
    #[must_use]
    pub fn is_small(&self, ballots: u64) -> bool {
        (1..u64::from(self.k_min)).contains(&ballots)
    }

    /// Whether a group is small in this contest. Then no group's figures of it are told: from the totals one could be subtracted out.
    #[must_use]
    pub fn has_small_group(&self, count: &SubjectCount) -> bool {
        count.groups.iter().any(|group| self.is_small(group.ballots()))
    }

    /// What of a subject may be told, so that no sum or difference of the figures is about too few ballots (rules c14, c19).
    /// `pulls` says for each group how far a point more in one of its counted rows moves the score: weight by rows.
    ///
    /// From a score and the counts over all groups everything can be taken away that pulls as strongly as one of the groups
    /// does, in its ballots: where those that are left are too few, the counts are not told. A score by itself is about the
    /// groups that pull at all: where those are too few, there is none.
    #[must_use]
    pub fn tells(&self, count: &SubjectCount, pulls: &[Exact]) -> PublishedFigures {
        let ballots: Vec<u64> = count.groups.iter().map(super::rows::GroupCount::ballots).collect();
        let there = || ballots.iter().zip(pulls).filter(|(ballots, _)| **ballots > 0);
        let left = |taken: &Exact| there().filter(|(_, pull)| *pull != taken).map(|(ballots, _)| ballots).sum::<u64>();
        let too_few = self.is_small(ballots.iter().sum());
        let score = !too_few && !self.is_small(left(&Exact::zero()));
        let leaves_few = score && there().any(|(_, pull)| self.is_small(left(pull)));
        let totals = !(too_few || leaves_few);
        PublishedFigures { groups: totals && !self.totals_only && !self.has_small_group(count), totals, score }
    }
}

/// The table of a round and what of it may be told. `returned` are the sheets by group, in the order of the weights.
#[must_use]
pub fn publish(
    rules: &Rules,
    groups: &[GroupWeight],
    scale: &[Worth],
    counts: &[SubjectCount],
    returned: &[u32],
    policy: SmallGroupPolicy,
) -> Published {
    let shows_sheets = !policy.totals_only && !returned.iter().any(|sheets| policy.is_small(u64::from(*sheets)));
    let (table, told) = scored(rules, groups, scale, counts, policy);
    let shows_groups = told.iter().map(|told| shows_sheets && told.groups).collect();
    Published { table, shows_sheets, shows_groups, shows_totals: told.iter().map(|told| told.totals).collect() }
}
