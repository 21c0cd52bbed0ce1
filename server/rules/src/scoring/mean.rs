//! The mean of a group's counted rows, plain or trimmed.
//! It knows values and how often they occur, not where they come from.

use super::exact::{Exact, divided, whole};
use super::rows::CountedRows;
use super::rules::Trim;

/// A mean, with what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mean {
    /// The mean itself.
    pub value: Exact,
    /// All counted rows, dropped ones included.
    pub rows: CountedRows,
    /// The highest and the lowest value, each dropped once, where the group was trimmed.
    pub dropped: Option<(Exact, Exact)>,
}

/// The mean of the counted rows (rule c5): one highest and one lowest are dropped only where there are more rows than the rule
/// says. Nothing where no row is counted.
#[must_use]
pub fn group_mean(rows: CountedRows, trim: Option<Trim>) -> Option<Mean> {
    let count = rows.rows();
    // Fewer than three rows are never trimmed, whatever the rule says: no row would be left.
    let trims = trim.is_some_and(|trim| count > u64::from(trim.more_than_rows.max(2)));
    let dropped = match (rows.0.first(), rows.0.last()) {
        (Some((highest, _)), Some((lowest, _))) if trims => Some((highest.clone(), lowest.clone())),
        _ => None,
    };
    let value = match &dropped {
        Some((highest, lowest)) => divided(&(rows.sum() - highest - lowest), &whole(count - 2)),
        None => divided(&rows.sum(), &whole(count)),
    }?;
    Some(Mean { value, rows, dropped })
}
