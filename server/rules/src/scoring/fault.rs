//! What can be wrong with a set of rules, before anything is counted by it.
//! It checks the rules against themselves and the groups' ids; it words nothing.

use super::exact::DECIMALS_MAX;
use super::rules::{Band, Combination, QuotaLimit, Rules, TieBreak};

/// Most decimals a meeting may ask for.
const RULES_DECIMALS_MAX: u32 = 4;
const _: () = assert!(RULES_DECIMALS_MAX <= DECIMALS_MAX, "the printing routine cuts at its own limit");
/// Most items of a sheet, components and gates of a combination, bands and tie-breaks: each is a column or a line on A4.
const LIST_MAX: usize = 16;
/// All of a weight, in basis points.
const WHOLE_BP: u64 = 10_000;

/// A rule that cannot be counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RulesFault {
    /// More than 4 decimals.
    TooManyDecimals,
    /// More than 16 items, bands, tie-breaks, components or gates.
    TooManyEntries,
    /// The items' weights do not add up to 10,000 basis points.
    ItemWeightsAreNotWhole,
    /// Trimming could leave a group without a row.
    TrimLeavesNoRow,
    /// A tie-break names a group that there is not.
    TieBreakOfUnknownGroup,
    /// The bands do not go down strictly, or the last does not begin at 0, or an id comes twice.
    BandsAreNotDescendingToZero,
    /// A quota without two bands has nothing to cap.
    QuotaNeedsTwoBands,
    /// A quota above 100 %.
    QuotaIsOverWhole,
    /// The shares of the combination do not add up to 10,000 basis points.
    SharesAreNotWhole,
    /// A gate names a component or a band that there is not.
    GateOfUnknownComponentOrBand,
}

impl Rules {
    /// Every fault of the rules for a meeting with groups of these ids; empty where they can be counted by.
    #[must_use]
    pub fn faults(&self, groups: &[&str]) -> Vec<RulesFault> {
        let mut faults = Vec::new();
        let mut hold = |holds: bool, fault| {
            if !holds {
                faults.push(fault);
            }
        };
        hold(self.decimals <= RULES_DECIMALS_MAX, RulesFault::TooManyDecimals);
        let lengths = [self.item_weights_bp.len(), self.bands.len(), self.tie_breaks.len()];
        let parts = self.combination.iter().flat_map(|it| [it.components.len(), it.gates.len()]);
        hold(lengths.into_iter().chain(parts).all(|length| length <= LIST_MAX), RulesFault::TooManyEntries);
        hold(
            self.item_weights_bp.is_empty() || total(&self.item_weights_bp) == WHOLE_BP,
            RulesFault::ItemWeightsAreNotWhole,
        );
        hold(self.trim.is_none_or(|trim| trim.more_than_rows >= 2), RulesFault::TrimLeavesNoRow);
        hold(
            self.tie_breaks.iter().all(|by| match by {
                TieBreak::GroupMean(group) => groups.contains(&group.as_str()),
                TieBreak::TopRate => true,
            }),
            RulesFault::TieBreakOfUnknownGroup,
        );
        hold(descend_to_zero(&self.bands), RulesFault::BandsAreNotDescendingToZero);
        if let Some(quota) = self.quota {
            let (QuotaLimit::MinBelowTopBp(share) | QuotaLimit::MaxTopBp(share)) = quota.limit;
            hold(self.bands.len() >= 2, RulesFault::QuotaNeedsTwoBands);
            hold(u64::from(share) <= WHOLE_BP, RulesFault::QuotaIsOverWhole);
        }
        if let Some(combination) = &self.combination {
            hold(shares(combination) == WHOLE_BP, RulesFault::SharesAreNotWhole);
            hold(gates_exist(combination, self.bands.len()), RulesFault::GateOfUnknownComponentOrBand);
        }
        faults
    }
}

fn total(weights: &[u32]) -> u64 {
    weights.iter().copied().map(u64::from).sum()
}

fn shares(combination: &Combination) -> u64 {
    let others: u64 = combination.components.iter().map(|component| u64::from(component.share_bp)).sum();
    u64::from(combination.evaluation_share_bp) + others
}

fn gates_exist(combination: &Combination, bands: usize) -> bool {
    combination.gates.iter().all(|gate| {
        let component = usize::try_from(gate.component).unwrap_or(usize::MAX);
        let band = usize::try_from(gate.best_band).unwrap_or(usize::MAX);
        component <= combination.components.len() && band < bands
    })
}

fn descend_to_zero(bands: &[Band]) -> bool {
    let descending = bands.windows(2).all(|pair| pair[0].from_hundredths > pair[1].from_hundredths);
    let unique = bands.iter().enumerate().all(|(at, band)| bands[..at].iter().all(|other| other.id != band.id));
    descending && unique && bands.last().is_none_or(|last| last.from_hundredths == 0)
}
