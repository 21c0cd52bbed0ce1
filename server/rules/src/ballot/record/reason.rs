//! Why a record has leaves in place of ballots. Each reason is a rule; whoever reads the file can check it in the manifest or in the
//! tally, but for one that only the whole record shows.

use serde::{Deserialize, Serialize};

use super::{Counted, TallyPart};
use crate::ballot::Frozen;
use crate::ballot::manifest::{Manifest, Record};

/// A rule that asks for leaves in place of ballots, in the order in which a record names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The meeting decided so: the manifest's `record` is `sealed`.
    Record,
    /// Rows have several items, and many marks in one row could be a sign that a buyer of votes knows again (rule r16).
    Items,
    /// The tally hides a group or the counts of a row, which ballots would tell (rule r7).
    Hidden,
    /// In some row a group has few ballots on paper, or few on phones (rule r14). Named alone: beside another reason it would tell
    /// of counts what nobody needs to know, and by itself it follows from the record being sealed.
    Channel,
    /// The result was not released to the hall.
    Withheld,
}

/// The reasons that a file shows by itself: those of its manifest and of its tally, or of having none. What was counted, and is not
/// released, is no reason that may be told.
pub(super) fn visible(manifest: &Manifest, tally: Option<&TallyPart>) -> Vec<Reason> {
    let each = [
        (Reason::Record, manifest.record == Record::Sealed),
        (Reason::Items, !manifest.items.is_empty()),
        (Reason::Hidden, tally.is_some_and(TallyPart::hides)),
        (Reason::Withheld, tally.is_none()),
    ];
    each.into_iter().filter_map(|(reason, holds)| holds.then_some(reason)).collect()
}

/// Why the public record of a released result is sealed; none where it is whole.
pub(in crate::ballot) fn of(frozen: &Frozen, counted: &Counted) -> Vec<Reason> {
    let reasons = visible(frozen.manifest(), Some(&counted.tally(frozen)));
    match reasons.is_empty() && counted.has_small_channel(frozen) {
        true => vec![Reason::Channel],
        false => reasons,
    }
}

/// Whether a sealed record names its reasons as they are: all that the file shows, and where it shows none, the one that it cannot.
pub(in crate::ballot) fn fit(manifest: &Manifest, tally: Option<&TallyPart>, named: &[Reason]) -> bool {
    let visible = visible(manifest, tally);
    if visible.is_empty() { named == [Reason::Channel] } else { named == visible }
}
