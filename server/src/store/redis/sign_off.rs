//! A server's own box on its way into the one at Redis: brought back after lost history, and looked through before the server
//! says that all it acknowledged is there.

use std::sync::Arc;

use super::batch::push_sheets;
use super::client::meeting_cache::MeetingCache;
use super::client::step::{Arguments, steps};
use super::client::{RedisClient, not_now};
use super::sealing::BatchShape;
use crate::store::entry::BoxEntry;
use crate::store::{Result, StoreError};
use pingyi_rules::ballot::manifest::SHEET;

/// Entries of a box in one step: other callers wait no longer than a few milliseconds.
const ENTRIES_A_STEP: usize = 250;

steps! {
    MERGE_BOX: "parts/put_entries", "box/merge_box";
    SIGN_OFF: "parts/unsigned_servers", "box/sign_off";
}

/// Brings a round's own box into the one at Redis: all that was cast as it was sent, fillers too, in lots of one size across all
/// sheets, in the order of tags.
pub(super) async fn merge_box(client: &RedisClient, cache: &MeetingCache, epoch: &str, round: u32) -> Result<()> {
    let entries = client.journal.entries(&cache.id, round).await?;
    let stored = cache.state().stored.clone();
    let found = stored.as_ref().and_then(|stored| Some(BatchShape::of(&stored.meeting, stored.meeting.round(round)?)));
    let seal = |entry: &BoxEntry| {
        let shape =
            found.ok_or_else(|| StoreError::Broken("this server has a box of no round that it knows".to_owned()));
        client.sealing.entry(&cache.id, round, entry, shape?)
    };
    let mut sealed = entries.iter().map(seal).collect::<Result<Vec<_>>>()?;
    // Their order in the own box is chance; sorted, a listener of this step learns not even that.
    sealed.sort_unstable();
    let of_lot = |entries: &[BoxEntry], sealed: &[Vec<u8>]| {
        let mut arguments = Arguments::new().and(round);
        push_sheets(&mut arguments, &client.sealing, &cache.id, round, entries);
        sealed.iter().for_each(|entry| arguments.push(entry.as_slice()));
        arguments
    };
    // The sheets are counted first, by themselves: no lot tells which of its entries is one. An empty box is brought too, because
    // this server is one that took ballots, or may have.
    let sheets: Vec<BoxEntry> = entries.into_iter().filter(|entry| entry.key().0 == SHEET).collect();
    let lots = sheets.chunks(ENTRIES_A_STEP).map(|some| of_lot(some, &[]));
    let lots = lots.chain(sealed.chunks(ENTRIES_A_STEP).map(|some| of_lot(&[], some)));
    let lots = lots.chain(sealed.is_empty().then(|| of_lot(&[], &[])));
    for arguments in lots {
        let mut answer = client.ask(&cache.id, epoch, &MERGE_BOX, &arguments).await?;
        if answer.is_empty() || !["merged", "left_out"].contains(&answer.text()?.as_str()) {
            return Err(not_now());
        }
    }
    Ok(())
}

/// Says that everything this server took in a round is in the box at Redis: after what is under way, and after looking whether
/// each ballot of the own box is there. Answers who has not said so, with the sheets each took.
pub(super) async fn sign_off(
    client: &RedisClient,
    cache: &Arc<MeetingCache>,
    round: u32,
) -> Result<Vec<(String, u32)>> {
    let _nothing_under_way = cache.casting.write().await;
    let epoch = cache.epoch();
    merge_box(client, cache, &epoch, round).await?;
    let (_, mut answer) = client.write(cache, &SIGN_OFF, &Arguments::new().and(round)).await?;
    answer.numbers()
}
