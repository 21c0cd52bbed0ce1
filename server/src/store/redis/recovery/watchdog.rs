//! What a server does by the clock: it says once a second that it lives, and looks at each meeting that it knows, because a poke
//! may be lost. It also hears pokes. It ends with the store.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::mpsc;

use super::epoch::recover;
use crate::store::Result;
use crate::store::redis::client::meeting_cache::MeetingCache;
use crate::store::redis::client::step::{Arguments, Standing};
use crate::store::redis::client::{DIRECTORY, READ_STANDING, RedisClient, channel};
use crate::store::redis::{directory, documents, progress};
use pingyi_rules::meeting::Phase;

/// How often it looks.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// Archived meetings are looked at only at every so many looks: nothing of them changes but that their people are destroyed.
const ARCHIVED_EVERY: u32 = 10;
/// Meetings that are looked at at the same time.
const AT_ONCE: usize = 64;

/// Says that this server lives until the store is gone; apart from looking, which may take longer than others wait.
pub(in crate::store::redis) async fn live_by_the_clock(client: Arc<RedisClient>) {
    let mut clock = tokio::time::interval(LOOK_INTERVAL);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut was_told = false;
    loop {
        clock.tick().await;
        match directory::beat(&client).await {
            Ok(()) => was_told = false,
            Err(error) if !was_told => {
                tracing::error!(%error, "redis cannot be used now; nothing is acknowledged until it can");
                was_told = true;
            }
            Err(_) => {}
        }
    }
}

/// Looks until the store is gone.
pub(in crate::store::redis) async fn look_by_the_clock(client: Arc<RedisClient>) {
    let mut clock = tokio::time::interval(LOOK_INTERVAL);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let connected = client.transport.connected();
    let mut looks_of_archived = 0;
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            // On a new connection at once: nobody heard the pokes while there was none.
            () = connected.notified() => {}
        }
        let meetings = client.all_cached().into_iter().filter(|cache| cache.id != DIRECTORY);
        looks_of_archived = (looks_of_archived + 1) % ARCHIVED_EVERY;
        let now_archived = looks_of_archived == 0;
        let looks = meetings.map(|cache| {
            let client = Arc::clone(&client);
            async move {
                if is_archived(&cache) {
                    // Others may have destroyed its people: then this server's copy of them goes too.
                    if now_archived && !cache.state().is_destroyed {
                        drop(documents::load(&client, &cache).await);
                    }
                } else {
                    // That Redis cannot be used is logged once, by the one who says that this server lives.
                    drop(look_again(&client, &cache).await);
                }
            }
        });
        futures_util::stream::iter(looks).buffer_unordered(AT_ONCE).collect::<()>().await;
    }
}

/// Archived meetings are looked at by nobody: those of an earlier version are brought over once, so that nothing of them stays
/// open at Redis.
pub(in crate::store::redis) async fn bring_archived_over(client: Arc<RedisClient>) {
    // What cannot be done now is done at the next start, or when somebody asks for the meeting.
    for id in client.journal.archived().await.unwrap_or_default() {
        let answer = client.ask(&id, "", &READ_STANDING, &Arguments::new()).await;
        if answer.is_ok_and(|answer| answer.standing == Standing::Earlier)
            && let Ok(cache) = client.cache_of(&id).await
        {
            drop(recover(&client, &cache, false).await);
        }
    }
}

fn is_archived(cache: &MeetingCache) -> bool {
    cache.state().stored.as_ref().is_some_and(|stored| stored.meeting.phase == Phase::Archived)
}

/// Hears pokes until the store is gone.
pub(in crate::store::redis) async fn hear_pokes(client: Arc<RedisClient>, mut pokes: mpsc::Receiver<String>) {
    while let Some(channel) = pokes.recv().await {
        let id = channel.strip_prefix("pingyi:{").and_then(|rest| rest.strip_suffix("}:poke"));
        let Some(cache) = id.and_then(|id| client.cached(id)) else { continue };
        client.heard(&cache);
        if is_archived(&cache) {
            // Its people may have been destroyed a moment ago.
            client.beside(move |client| async move { drop(documents::load(&client, &cache).await) });
        } else if !cache.state().casting_rounds.is_empty() {
            // A round may be waiting for this server to sign off.
            client.beside(move |client| async move { drop(progress::read(&client, &cache, None).await) });
        }
    }
}

async fn look_again(client: &Arc<RedisClient>, cache: &Arc<MeetingCache>) -> Result<()> {
    client.transport.hear(&channel(&cache.id)).await?;
    // A later version is told by whichever answer shows it first.
    if progress::read(client, cache, None).await? {
        client.heard(cache);
    }
    Ok(())
}
