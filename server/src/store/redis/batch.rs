//! A batch of ballots on its way to Redis: filled up to the one shape of its round, sealed, and put in the order of its tags
//! (rule s141). It asks nothing.

use super::client::step::Arguments;
use super::sealing::{BatchShape, Sealing, TAG_BYTES};
use crate::store::Result;
use crate::store::entry::BoxEntry;
use pingyi_rules::ballot::BoxItem;
use pingyi_rules::ballot::manifest::SHEET;
use pingyi_rules::form::Live;
use pingyi_rules::meeting::Meeting;

/// A phone's batch in the one shape of its round: filled up, and in the order of tags, which nothing in the cast decides.
pub(super) struct SealedBatch {
    pub(super) entries: Vec<BoxEntry>,
    /// Places of the entries, in the order in which they are sent.
    pub(super) order: Vec<usize>,
    /// As they are sent.
    sealed: Vec<Vec<u8>>,
}

impl SealedBatch {
    /// The batch as it is sent. One without a sheet is no phone's, and is not filled up.
    pub(super) fn new(
        sealing: &Sealing,
        meeting: &str,
        round: u32,
        items: &[BoxItem],
        shape: BatchShape,
    ) -> Result<Self> {
        let mut entries: Vec<BoxEntry> = items.iter().cloned().map(BoxEntry::Item).collect();
        let sheet = sheets(&entries).next().map(|(_, key)| key);
        if let Some(sheet) = sheet {
            let missing = shape.entries.saturating_sub(entries.len());
            entries.extend(sealing.fillers(meeting, round, &sheet, missing));
        }
        let seal = |entry: &BoxEntry| sealing.entry(meeting, round, entry, shape);
        let sealed = entries.iter().map(seal).collect::<Result<Vec<_>>>()?;
        let mut placed: Vec<(usize, Vec<u8>)> = sealed.into_iter().enumerate().collect();
        // Two with one tag stay as they came: the first of them is the one that counts.
        placed.sort_by(|(_, one), (_, other)| one[..TAG_BYTES].cmp(&other[..TAG_BYTES]));
        let (order, sealed) = placed.into_iter().unzip();
        Ok(Self { entries, order, sealed })
    }

    /// What the step of a cast is given.
    pub(super) fn arguments(&self, sealing: &Sealing, meeting: &Meeting, round: u32) -> Result<Arguments> {
        let shown_live = meeting.plan.live == Live::Tally;
        let mut arguments = Arguments::new().and(round);
        push_sheets(&mut arguments, sealing, &meeting.id, round, &self.entries);
        for (place, sealed) in self.order.iter().zip(&self.sealed) {
            arguments.push(sealed.as_slice());
            let fresh = shown_live.then(|| sealing.fresh(&meeting.id, round, &self.entries[*place]));
            arguments.push(fresh.transpose()?.unwrap_or_default());
        }
        Ok(arguments)
    }
}

/// Adds how many sheets there are among the entries, and each with its group and the tag that it is counted by.
pub(super) fn push_sheets(
    arguments: &mut Arguments,
    sealing: &Sealing,
    meeting: &str,
    round: u32,
    entries: &[BoxEntry],
) {
    let mut tags: Vec<(Vec<u8>, &str)> =
        sheets(entries).map(|(group, key)| (sealing.sheet(meeting, round, &key), group)).collect();
    tags.sort_unstable();
    arguments.push(tags.len());
    for (tag, group) in tags {
        arguments.push(group);
        arguments.push(tag);
    }
}

/// The group and the ballot key of each sheet.
fn sheets(entries: &[BoxEntry]) -> impl Iterator<Item = (&str, [u8; 32])> {
    entries.iter().filter_map(|entry| match entry {
        BoxEntry::Item(BoxItem::Ballot(ballot)) if ballot.contest == SHEET => Some((ballot.group.as_str(), ballot.pk)),
        _ => None,
    })
}
