//! Percentages that are shown together and add up to 100.0.
//! Counts in, strings out.

use super::exact::{divided, hundredths, printed, short_text, whole};
use super::opened::Opened;

/// Tenths of a percent in a whole.
const WHOLE: u64 = 1_000;

/// The share of each count with one decimal, adding up to exactly 100.0 by the largest remainder (rule c13); where remainders are
/// equal, the earlier count gets the tenth. All `0.0` where there is nothing to share.
#[must_use]
pub fn percentages(counts: &[u32]) -> Vec<String> {
    let total: u64 = counts.iter().copied().map(u64::from).sum();
    let parts = |count: u32| u64::from(count) * WHOLE;
    let share = |count: &u32| parts(*count).checked_div(total).unwrap_or(0);
    let rest = |at: &usize| parts(counts[*at]).checked_rem(total).unwrap_or(0);
    let mut tenths: Vec<u64> = counts.iter().map(share).collect();
    let left = if total == 0 { 0 } else { WHOLE - tenths.iter().sum::<u64>() };
    let mut order: Vec<usize> = (0..counts.len()).collect();
    // The sort is stable, so that equal remainders stay in the order of the scale.
    order.sort_by_key(|at| std::cmp::Reverse(rest(at)));
    for (at, _) in order.into_iter().zip(0..left) {
        tenths[at] += 1;
    }
    // At most 1,000 tenths, so the conversion cannot fail.
    tenths.into_iter().map(|share| printed(&hundredths(i64::try_from(share * 10).unwrap_or(i64::MAX)), 1)).collect()
}

/// `17×100 ÷ 33`: the share of one count as it is before shares are made to add up (rule c16); nothing of nothing.
#[must_use]
pub fn share_opened(count: u32, total: u64) -> Option<Opened> {
    let share = divided(&(whole(count.into()) * whole(100)), &whole(total))?;
    Some(Opened::new(format!("{count}×100 ÷ {total}"), &share, 1))
}

/// A weight or share in basis points as percent, without needless zeros: `40`, `33.33`.
#[must_use]
pub fn percent_text(share_bp: u32) -> String {
    short_text(&hundredths(share_bp.into()))
}
