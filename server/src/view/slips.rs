//! How far the slips of each group are, as those see it who hand them out.

use std::collections::BTreeMap;

use crate::protocol::SlipsView;
use crate::store::SeatCount;
use pingyi_rules::meeting::Meeting;

/// One line a group while slips can be replaced; nothing in a meeting that does not admit by slips, or is over.
#[must_use]
pub fn of(meeting: &Meeting, seats: &BTreeMap<String, SeatCount>) -> Vec<SlipsView> {
    if !meeting.takes_new_slips() {
        return Vec::new();
    }
    let line = |group: &pingyi_rules::meeting::plan::Group| {
        let count = seats.get(&group.id).cloned().unwrap_or_default();
        SlipsView {
            group: group.id.clone(),
            left: group.entitled.saturating_sub(count.present),
            replaced: count.slips_void,
            next_series: count.slip_series + 1,
        }
    };
    meeting.plan.groups.iter().map(line).collect()
}
