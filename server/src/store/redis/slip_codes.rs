//! Every server's own copy of the codes of slips that were replaced. Names of new codes are given and those of old ones forgotten
//! by whoever learns that they are replaced, before the codes are in the copy.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::client::RedisClient;
use super::client::meeting_cache::MeetingCache;
use super::directory::NAMES_A_STEP;
use super::{copy, directory};
use crate::store::{Digest, NewSeat, Result, SlipSeries};
use pingyi_rules::meeting::Meeting;

/// The own copy has the codes of every series that a document names.
pub(super) async fn follow_document(client: &RedisClient, cache: &Arc<MeetingCache>, meeting: &Meeting) -> Result<()> {
    let of = |(group, series): (&String, &u32)| SlipSeries { group: group.clone(), series: *series, void: 0 };
    let series: Vec<SlipSeries> = meeting.slip_series.iter().map(of).collect();
    follow(client, cache, &series).await
}

/// Takes over the codes of series that the own copy does not have: names of new ones are given, those of old ones forgotten,
/// and only then is it in the copy, so that whoever is cut off does it again.
pub(super) async fn follow(client: &RedisClient, cache: &Arc<MeetingCache>, series: &[SlipSeries]) -> Result<()> {
    if !is_behind(cache, series) {
        return Ok(());
    }
    let _following = cache.following.lock().await;
    if !is_behind(cache, series) {
        return Ok(());
    }
    let (seats, _, found) = copy::read_copy(client, cache).await?;
    let own: BTreeMap<String, u32> =
        client.journal.slip_series(&cache.id).await?.into_iter().map(|own| (own.group, own.series)).collect();
    // What this server brings back in a moment is not behind.
    let found: Vec<SlipSeries> =
        found.into_iter().filter(|of| own.get(&of.group).is_none_or(|own| *own <= of.series)).collect();
    let is_followed = |seat: &&NewSeat| found.iter().any(|of| of.group == seat.entitled.group);
    let (old, _) = client.journal.seats_and_links(&cache.id).await?;
    let old: HashSet<Digest> = old.iter().filter(is_followed).map(|seat| seat.code).collect();
    let new: HashSet<Digest> = seats.iter().filter(is_followed).map(|seat| seat.code).collect();
    directory::name_codes(client, &cache.id, &new.difference(&old).collect::<Vec<_>>()).await?;
    let gone: Vec<Vec<u8>> = old.difference(&new).map(|code| code.to_vec()).collect();
    for some in gone.chunks(NAMES_A_STEP) {
        directory::forget(client, &cache.id, "code", some).await?;
    }
    client.journal.follow_slips(&cache.id, seats, found.clone()).await?;
    let mut state = cache.state();
    for of in found.iter().chain(series) {
        let followed = state.slip_series.entry(of.group.clone()).or_default();
        *followed = of.series.max(*followed);
    }
    Ok(())
}

fn is_behind(cache: &MeetingCache, series: &[SlipSeries]) -> bool {
    let state = cache.state();
    series.iter().any(|of| state.slip_series.get(&of.group).is_none_or(|followed| *followed < of.series))
}
