//! Ballots at Redis and in this server's own box. It never sees a seat, and logs nothing of a cast.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;

use super::RedisStore;
use super::client::RedisClient;
use super::client::meeting_cache::MeetingCache;
use super::client::step::{Arguments, steps};
use super::live::{self, TickOutcome};
use super::progress::waits_for_count;
use super::sealing::BatchShape;
use super::sign_off::sign_off;
use super::{batch, directory, documents, progress};
use crate::store::disk::has_box;
use crate::store::disk::journal::Fact;
use crate::store::entry::BoxEntry;
use crate::store::{BoxStore, CastVerdict, Freeze, MissingServer, Released, Result, StoreError};
use pingyi_rules::ballot::BoxItem;
use pingyi_rules::ballot::manifest::SHEET;
use pingyi_rules::meeting::accounting::GroupAccount;
use pingyi_rules::meeting::{Meeting, Round};

/// Entries that are read in one step.
const ENTRIES_A_STEP: u32 = 1_000;

steps! {
    ANNOUNCE: "box/announce";
    CAST: "parts/put_entries", "box/cast";
    FREEZE: "parts/unsigned_servers", "box/freeze";
    READ_BOX: "box/read_box";
    SETTLE: "box/settle";
}

/// A verdict is one letter there, so that every answer has one length (rule s141).
fn verdict(letter: char) -> Result<CastVerdict> {
    match letter {
        'I' => Ok(CastVerdict::In),
        'W' => Ok(CastVerdict::Same),
        'C' => Ok(CastVerdict::Conflict),
        'X' => Ok(CastVerdict::Closed),
        'B' => Ok(CastVerdict::BatchConflict),
        _ => Err(StoreError::Broken("redis: a cast has an unknown answer".to_owned())),
    }
}

/// As soon as a round is armed, and at the latest before its first ballot: that this server takes some is in its copy, so that they
/// are brought back after any restart, and the others know it, so that the count waits for it where Redis loses everything.
pub(super) async fn announce(client: &RedisClient, cache: &Arc<MeetingCache>, round: u32) -> Result<()> {
    if cache.state().casting_rounds.contains(&round) {
        return Ok(());
    }
    client.note(cache, Fact::Casting { round }).await?;
    client.write(cache, &ANNOUNCE, &Arguments::new().and(round)).await?;
    cache.state().casting_rounds.insert(round);
    client.changed(cache);
    Ok(())
}

/// Whether the round takes ballots. If so this server is announced for it.
async fn takes_ballots(client: &RedisClient, cache: &Arc<MeetingCache>, round: u32) -> Result<bool> {
    if cache.state().casting_rounds.contains(&round) {
        return Ok(true);
    }
    let stored = documents::load(client, cache).await?;
    let takes = stored.and_then(|stored| Some(has_box(stored.meeting.round(round)?.state))).unwrap_or(false);
    if takes {
        announce(client, cache, round).await?;
    }
    Ok(takes)
}

/// A frozen box, before anybody is told what is in it.
async fn read_frozen(client: &RedisClient, cache: &Arc<MeetingCache>, number: u32) -> Result<Vec<BoxItem>> {
    let entries = read_box(client, cache, number).await?;
    let stored = cache.state().stored.clone();
    if let Some(stored) = stored
        && let Some(round) = stored.meeting.round(number)
    {
        must_be_what_was_counted(round, &entries)?;
        keep_frozen(client, cache, &stored.meeting, round, &entries).await?;
    }
    Ok(items_of(entries))
}

/// After lost history the box of a round that was counted may be there in part.
fn must_be_what_was_counted(round: &Round, entries: &[BoxEntry]) -> Result<()> {
    let (Some(_), Some(accounts)) = (&round.tally, &round.accounting) else { return Ok(()) };
    let on_phones = |group: &GroupAccount| group.returned.saturating_sub(group.paper_returned);
    let counted: u32 = accounts.groups.iter().map(on_phones).sum();
    if entries.iter().filter(|entry| entry.key().0 == SHEET).count() == counted as usize {
        return Ok(());
    }
    let away = "ballots that were counted are with a server that is away since redis lost history: start it";
    Err(StoreError::Broken(away.to_owned()))
}

/// What is in a frozen box goes into this server's own, whoever took it, so that it is brought back whole. Fillers too: what is
/// brought back must not show which ones they are.
async fn keep_frozen(
    client: &RedisClient,
    cache: &MeetingCache,
    meeting: &Meeting,
    round: &Round,
    entries: &[BoxEntry],
) -> Result<()> {
    if cache.state().whole_rounds.contains(&round.number) {
        return Ok(());
    }
    client.journal.prepare_box(meeting, round).await?;
    client.journal.put(&meeting.id, round.number, entries).await?;
    cache.state().whole_rounds.insert(round.number);
    Ok(())
}

/// Everything in the box of a round, fillers too.
async fn read_box(client: &RedisClient, cache: &Arc<MeetingCache>, round: u32) -> Result<Vec<BoxEntry>> {
    let (mut entries, mut last) = (Vec::new(), Vec::new());
    loop {
        let arguments = Arguments::new().and(round).and(last.as_slice()).and(ENTRIES_A_STEP);
        let (_, mut answer) = client.write(cache, &READ_BOX, &arguments).await?;
        let some = answer.list()?;
        for sealed in &some {
            entries.push(client.sealing.opened_entry(&cache.id, round, sealed)?);
        }
        match some.last() {
            Some(sealed) if some.len() == ENTRIES_A_STEP as usize => last.clone_from(sealed),
            _ => return Ok(entries),
        }
    }
}

/// What is no filler, in the order of leaves.
fn items_of(entries: Vec<BoxEntry>) -> Vec<BoxItem> {
    let with_leaf = |entry: BoxEntry| entry.item().map(|item| (item.leaf(), item));
    let mut items: Vec<_> = entries.into_iter().filter_map(with_leaf).collect();
    items.sort_by_key(|(leaf, _)| *leaf);
    items.into_iter().map(|(_, item)| item).collect()
}

/// Closes the round for casts and answers who has not signed off, with the sheets each took.
async fn close_box(client: &RedisClient, cache: &Arc<MeetingCache>, round: u32) -> Result<Vec<(String, u32)>> {
    let (word, mut answer) = client.write(cache, &FREEZE, &Arguments::new().and(round)).await?;
    if word != "frozen" {
        return Err(StoreError::Broken("this round was never armed: it has no box to freeze".to_owned()));
    }
    answer.numbers()
}

#[async_trait]
impl BoxStore for RedisStore {
    async fn cast(&self, meeting: &str, round: u32, items: &[BoxItem]) -> Result<Vec<CastVerdict>> {
        let client = &self.client;
        let Some((cache, stored)) = documents::loaded(client, meeting).await? else {
            return Ok(vec![CastVerdict::Closed; items.len()]);
        };
        let has_box = takes_ballots(client, &cache, round).await?;
        let stored = cache.state().stored.clone().unwrap_or(stored);
        let Some(shape) = stored.meeting.round(round).map(|round| BatchShape::of(&stored.meeting, round)) else {
            return Ok(vec![CastVerdict::Closed; items.len()]);
        };
        let filled = batch::SealedBatch::new(&client.sealing, meeting, round, items, shape)?;
        let arguments = filled.arguments(&client.sealing, &stored.meeting, round)?;
        let _under_way = cache.casting.read().await;
        let (word, mut answer) = client.write_replicated(&cache, &CAST, &arguments).await?;
        if word != "cast" {
            return Ok(vec![CastVerdict::Closed; items.len()]);
        }
        let verdicts = answer.text()?.chars().map(verdict).collect::<Result<Vec<CastVerdict>>>()?;
        let mut answers = vec![CastVerdict::Closed; filled.entries.len()];
        for (place, verdict) in filled.order.iter().zip(verdicts) {
            answers[*place] = verdict;
        }
        // Whatever is acknowledged here is in this server's box first, whoever took it, in the order in which it was sent. A round
        // that was counted needs it no more.
        let is_acknowledged = |place: &&usize| matches!(answers[**place], CastVerdict::In | CastVerdict::Same);
        let acknowledged: Vec<BoxEntry> =
            filled.order.iter().filter(is_acknowledged).map(|place| filled.entries[*place].clone()).collect();
        if has_box && !acknowledged.is_empty() {
            client.journal.put(meeting, round, &acknowledged).await?;
        }
        answers.truncate(items.len());
        if answers.contains(&CastVerdict::In) {
            client.changed(&cache);
        }
        Ok(answers)
    }

    async fn returned(&self, meeting: &str, round: u32) -> Result<BTreeMap<String, u32>> {
        let cache = self.client.cache_of(meeting).await?;
        if let Some(looked) = cache.fresh_progress(round) {
            return Ok(looked.returned);
        }
        progress::read(&self.client, &cache, Some(round)).await?;
        Ok(cache.last_progress(round).map(|looked| looked.returned).unwrap_or_default())
    }

    async fn release(&self, meeting: &str, round: u32, pool_k: u32) -> Result<Released> {
        let Some((cache, stored)) = documents::loaded(&self.client, meeting).await? else {
            return Ok(Released::default());
        };
        let released = match live::tick(&self.client, &cache, &stored.meeting, round, pool_k).await? {
            TickOutcome::Frozen => everything(&items_of(read_box(&self.client, &cache, round).await?)),
            TickOutcome::Released(released) => released,
            // What was shown stays shown, and nothing is added.
            TickOutcome::Stopped(there) => cache.state().released.get(&round).cloned().unwrap_or(there),
            TickOutcome::Unknown => Released::default(),
        };
        let before = cache.state().released.insert(round, released.clone());
        if before.as_ref() != Some(&released) {
            // Screens at the other servers show it too, without waiting for a tick of their own.
            self.client.changed(&cache);
        }
        Ok(released)
    }

    async fn released_elsewhere(&self, meeting: &str, round: u32) -> Result<Option<Released>> {
        let cache = self.client.cache_of(meeting).await?;
        if cache.fresh_progress(round).is_none() {
            progress::read(&self.client, &cache, Some(round)).await?;
        }
        Ok(cache.state().released.get(&round).cloned())
    }

    async fn freeze(&self, meeting: &str, round: u32, without: &[String]) -> Result<Freeze> {
        let client = &self.client;
        let never = || StoreError::Broken("this round was never armed: it has no box to freeze".to_owned());
        let (cache, _) = documents::loaded(client, meeting).await?.ok_or_else(never)?;
        let mut waiting = close_box(client, &cache, round).await?;
        if waiting.iter().any(|(server, _)| server == client.journal.server()) {
            waiting = sign_off(client, &cache, round).await?;
        }
        waiting.retain(|(server, _)| !without.contains(server));
        if waiting.is_empty() {
            client.write(&cache, &SETTLE, &Arguments::new().and(round)).await?;
            return read_frozen(client, &cache, round).await.map(Freeze::Frozen);
        }
        // Hears what they are called, where they came since the last look.
        directory::beat(client).await?;
        // They are told at once; each looks by its clock as well.
        client.changed(&cache);
        let missing = |(server, sheets): (String, u32)| MissingServer {
            name: client.heartbeats.name_of(&server),
            server,
            sheets,
        };
        Ok(Freeze::Waiting(waiting.into_iter().map(missing).collect()))
    }

    async fn sign_off(&self) -> Result<()> {
        for cache in self.client.all_cached() {
            // Also those in which this server took ballots before it was last started. Whoever counted one waited for it.
            let rounds: BTreeSet<u32> = {
                let state = cache.state();
                let own = state.casters.keys().filter(|(_, server)| server == self.client.journal.server());
                let waits = |round: &u32| state.stored.as_ref().is_none_or(|stored| waits_for_count(stored, *round));
                own.map(|(round, _)| *round).chain(state.casting_rounds.iter().copied()).filter(waits).collect()
            };
            for round in rounds {
                sign_off(&self.client, &cache, round).await?;
            }
        }
        Ok(())
    }
}

fn everything(items: &[BoxItem]) -> Released {
    let mut released = Released::default();
    for item in items {
        if let BoxItem::Ballot(ballot) = item
            && ballot.contest > 0
        {
            *released.contests.entry(ballot.contest).or_default().entry(ballot.answer.clone()).or_default() += 1;
        }
    }
    released
}
