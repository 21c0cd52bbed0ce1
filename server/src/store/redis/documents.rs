//! A meeting's document as this server has it: read where it is not known to be the latest, and taken into the own copy, with all
//! that follows from it, before anybody sees it. It decides nothing about a meeting.

use std::sync::Arc;

use super::client::RedisClient;
use super::client::meeting_cache::MeetingCache;
use super::client::step::{Arguments, Standing, steps};
use super::sealing::document;
use super::{ballots, copy, people, slip_codes};
use crate::store::disk::has_box;
use crate::store::{Result, Stored};

steps! {
    READ_DOCUMENT: "meeting/read_document";
}

/// The latest document; none where there is no such meeting. A later one than the copy's goes into the copy, and boxes of
/// rounds that were armed meanwhile are made.
pub(super) async fn load(client: &RedisClient, cache: &Arc<MeetingCache>) -> Result<Option<Arc<Stored>>> {
    if let Some(fresh) = cache.fresh() {
        return Ok(Some(fresh));
    }
    let (generation, there) = {
        let state = cache.state();
        (state.generation, state.stored.clone().filter(|stored| stored.epoch == state.epoch))
    };
    let version = there.as_ref().map_or(0, |stored| stored.version);
    let mut answer = client.read(cache, &READ_DOCUMENT, &Arguments::new().and(version)).await?;
    if answer.standing == Standing::Unknown {
        return Ok(None);
    }
    let stored = match there {
        Some(there) if answer.is_empty() => there,
        _ => {
            let meeting = document::opened(&client.sealing, &cache.id, &answer.bytes()?)?;
            let stored = Stored { meeting, epoch: answer.epoch.clone(), version: answer.version };
            take_over(client, cache, stored).await?
        }
    };
    cache.checked(generation);
    Ok(Some(stored))
}

/// Notes a document that was read or stored: first in the copy, then in memory.
pub(super) async fn take_over(client: &RedisClient, cache: &Arc<MeetingCache>, stored: Stored) -> Result<Arc<Stored>> {
    adopt(client, cache, &stored).await?;
    // Whoever knows that slips were replaced knows their codes too: it may be the last one that does.
    slip_codes::follow_document(client, cache, &stored.meeting).await?;
    client.journal.follow(stored.clone()).await?;
    client.journal.prepare_boxes(&stored.meeting).await?;
    for round in stored.meeting.rounds.iter().filter(|round| has_box(round.state)) {
        // Where it cannot be now, it is before the first ballot.
        drop(ballots::announce(client, cache, round.number).await);
    }
    if stored.meeting.people_erased {
        people::destroy_copy(client, cache).await?;
    }
    let stored = Arc::new(stored);
    let mut state = cache.state();
    let is_later =
        state.stored.as_ref().is_none_or(|there| there.epoch != stored.epoch || there.version < stored.version);
    if is_later {
        state.stored = Some(Arc::clone(&stored));
    }
    Ok(stored)
}

/// Takes seats and links into the copy, once.
async fn adopt(client: &RedisClient, cache: &Arc<MeetingCache>, stored: &Stored) -> Result<()> {
    let _adopting = cache.adopting.lock().await;
    if cache.state().is_adopted {
        return Ok(());
    }
    let (seats, links, _) = copy::read_copy(client, cache).await?;
    // Its series of slips are followed like those of every copy.
    client.journal.adopt(stored.clone(), seats, links).await?;
    cache.state().is_adopted = true;
    Ok(())
}

/// A meeting that must be in the copy before anything of it is noted there.
pub(super) async fn loaded(client: &RedisClient, id: &str) -> Result<Option<(Arc<MeetingCache>, Arc<Stored>)>> {
    let cache = client.cache_of(id).await?;
    let there = cache.state().stored.clone();
    // For what only needs the copy, any version of the document will do.
    if let Some(stored) = there.filter(|_| cache.state().is_adopted) {
        return Ok(Some((cache, stored)));
    }
    Ok(load(client, &cache).await?.map(|stored| (cache, stored)))
}
