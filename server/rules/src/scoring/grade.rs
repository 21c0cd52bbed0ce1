//! Suggested grades: bands, caps and the quota. Never a final grade; a committee decides.
//! It sees printed values and ranks only, so that everybody who holds the print can follow it.

use super::exact::{Exact, hundredths, short_text};
use super::rows::{Worth, row_value};
use super::rules::{Band, Quota, QuotaLimit, QuotaRounding, Rules};
use super::table::Flag;

/// All subjects, in basis points.
const WHOLE_BP: u64 = 10_000;

/// A subject with a printed value, as the bands see it.
pub(crate) struct Candidate {
    /// The printed value as a number.
    pub(crate) value: Exact,
    /// The printed value.
    pub(crate) printed: String,
    /// Its rank by that value.
    pub(crate) rank: u32,
    /// The best band still possible for it: 0 is the best of all.
    pub(crate) best_band: usize,
}

/// A suggested grade with its reason; no band where there is no suggestion.
#[derive(Clone, Default)]
pub(crate) struct Suggestion {
    pub(crate) band: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) flags: Vec<Flag>,
}

impl Quota {
    /// How many of so many subjects may have the best grade, 0 to all of them (rule c11).
    #[must_use]
    pub fn max_top(self, subjects: u32) -> u32 {
        let subjects = u64::from(subjects);
        let rounded = |share_bp: u32| {
            let parts = subjects * u64::from(share_bp);
            match self.rounding {
                QuotaRounding::Floor => parts / WHOLE_BP,
                QuotaRounding::HalfUp => (parts * 2 + WHOLE_BP) / (WHOLE_BP * 2),
                QuotaRounding::Ceil => parts.div_ceil(WHOLE_BP),
            }
        };
        let top = match self.limit {
            QuotaLimit::MinBelowTopBp(share_bp) => subjects.saturating_sub(rounded(share_bp)),
            QuotaLimit::MaxTopBp(share_bp) => rounded(share_bp).min(subjects),
        };
        // Never more than `subjects`, which fits.
        u32::try_from(top).unwrap_or(u32::MAX)
    }
}

/// The suggested grade of each candidate (rules c10 and c11): its band, not better than its cap, then the quota over all that
/// have a value. A candidate without a value gets none.
pub(crate) fn suggestions(rules: &Rules, candidates: &[Option<Candidate>]) -> Vec<Suggestion> {
    let bands: Vec<Option<usize>> =
        candidates.iter().map(|candidate| band_of(&rules.bands, candidate.as_ref()?)).collect();
    let tops: Vec<u32> = candidates
        .iter()
        .zip(&bands)
        .filter_map(|(candidate, band)| (*band == Some(0)).then_some(candidate.as_ref()?.rank))
        .collect();
    let valued = u32::try_from(candidates.iter().flatten().count()).unwrap_or(u32::MAX);
    let line = rules.quota.map(|quota| quota.max_top(valued));
    candidates
        .iter()
        .zip(bands)
        .map(|(candidate, band)| match (candidate, band) {
            (Some(candidate), Some(band)) => suggest(&rules.bands, candidate, band, line, &tops),
            _ => Suggestion::default(),
        })
        .collect()
}

fn suggest(bands: &[Band], candidate: &Candidate, band: usize, line: Option<u32>, tops: &[u32]) -> Suggestion {
    let mut flags = Vec::new();
    if by_value(bands, &candidate.value).is_some_and(|by_value| by_value < band) {
        flags.push(Flag::Capped);
    }
    let mut band = Some(band);
    if let Some(line) = line.filter(|_| band == Some(0)) {
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        let ahead = tops.iter().filter(|rank| **rank < candidate.rank).count();
        let up_to_here = tops.iter().filter(|rank| **rank <= candidate.rank).count();
        if ahead >= line {
            flags.push(Flag::MovedByQuota);
            band = Some(1);
        } else if up_to_here > line {
            flags.push(Flag::TieAcrossQuota);
            band = None;
        }
    }
    let band = band.and_then(|band| bands.get(band));
    let by_value = by_value(bands, &candidate.value).and_then(|band| bands.get(band));
    Suggestion {
        band: band.map(|band| band.id.clone()),
        reason: by_value
            .map(|band| format!("{} ≥ {}", candidate.printed, short_text(&hundredths(band.from_hundredths.into())))),
        flags,
    }
}

fn band_of(bands: &[Band], candidate: &Candidate) -> Option<usize> {
    let worst = bands.len().checked_sub(1)?;
    Some(by_value(bands, &candidate.value).unwrap_or(worst).max(candidate.best_band).min(worst))
}

/// The band in which the printed value of a row of several items lies, as [`ItemRows`](super::ItemRows) writes it (rule t23);
/// nothing where the row has no value.
#[must_use]
pub fn band_of_row<'a>(rules: &'a Rules, scale: &[Worth], row: &str) -> Option<&'a Band> {
    let value = row_value(rules, scale, row)?;
    rules.bands.get(by_value(&rules.bands, &Candidate::new(&value, rules.decimals, 0).value)?)
}

fn by_value(bands: &[Band], value: &Exact) -> Option<usize> {
    bands.iter().position(|band| *value >= hundredths(band.from_hundredths.into()))
}
