//! Lost history: a new epoch is begun, every server brings back what it has, and then it goes on. One task for each meeting
//! that needs it. Until it is done nothing is acknowledged in that meeting.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::{earlier, merge};
use crate::store::Result;
use crate::store::redis::client::meeting_cache::MeetingCache;
use crate::store::redis::client::step::{Arguments, Standing, StepAnswer, steps};
use crate::store::redis::client::{DIRECTORY, READ_STANDING, RedisClient, not_now};
use crate::store::redis::copy::{self, MeetingCopy};
use crate::store::redis::directory::CREATE_DIRECTORY;

steps! {
    BEGIN_EPOCH: "parts/stop_live_releases", "recovery/begin_epoch";
    NOTE_MERGED: "recovery/note_merged";
    END_RECOVERY: "recovery/end_recovery";
}

/// How long everybody who lives has to notice: each looks once a second, and says at its look that it has something to bring.
const NOTICE: Duration = Duration::from_millis(1_500);
/// How long a server that lives is waited for.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// How often it is asked who is back.
const ASK_INTERVAL: Duration = Duration::from_millis(100);
/// How long after a failure it is tried again.
const RETRY_INTERVAL: Duration = Duration::from_millis(300);

/// Starts to bring history back, unless a task does already. `behind`: Redis answered an earlier version than one that was seen.
pub(in crate::store::redis) fn start(client: &RedisClient, cache: &Arc<MeetingCache>, behind: bool) {
    if cache.recovers.swap(true, Ordering::AcqRel) {
        return;
    }
    let cache = Arc::clone(cache);
    client.beside(move |client| async move {
        let mut told = false;
        while let Err(error) = recover(&client, &cache, behind).await {
            if !told {
                tracing::warn!(meeting = cache.id, %error, "redis lost history; it is brought back as soon as it can be");
                told = true;
            }
            tokio::time::sleep(RETRY_INTERVAL).await;
        }
        cache.recovers.store(false, Ordering::Release);
        client.heard(&cache);
    });
}

/// Brings back what this server has, and waits until it goes on.
///
/// # Errors
/// Where Redis cannot be asked; it may be repeated.
pub(in crate::store::redis) async fn recover(client: &RedisClient, cache: &MeetingCache, behind: bool) -> Result<()> {
    let began = Instant::now();
    let mut behind = behind;
    let mut merged_into = String::new();
    loop {
        let (epoch, version) = {
            let state = cache.state();
            (state.epoch.clone(), state.version)
        };
        let found = client.ask(&cache.id, "", &READ_STANDING, &Arguments::new()).await?;
        behind &= found.epoch == epoch && found.version < version;
        match found.standing {
            Standing::Newer | Standing::Stranger => return Err(not_now()),
            Standing::Earlier => {
                earlier::bring_over(client, cache).await?;
                continue;
            }
            Standing::Unknown => {
                if !make_again(client, cache).await? {
                    return Ok(());
                }
                continue;
            }
            Standing::Lost => {
                begin(client, cache, &found.epoch, false).await?;
                continue;
            }
            Standing::Fine | Standing::Recovering | Standing::Other if behind => {
                begin(client, cache, &found.epoch, true).await?;
                behind = false;
                continue;
            }
            Standing::Fine | Standing::Recovering | Standing::Other => {}
        }
        if found.epoch != epoch || (found.standing == Standing::Recovering && merged_into != found.epoch) {
            if !epoch.is_empty() {
                tracing::info!(meeting = cache.id, "redis has another history: bringing this server's back");
            }
            merge::bring_back(client, cache, &found.epoch).await?;
            merged_into.clone_from(&found.epoch);
            take_epoch(client, cache, &found).await?;
        }
        if found.standing == Standing::Fine {
            return Ok(());
        }
        go_on(client, cache, &found.epoch, began).await?;
        tokio::time::sleep(ASK_INTERVAL).await;
    }
}

async fn begin(client: &RedisClient, cache: &MeetingCache, epoch: &str, behind: bool) -> Result<()> {
    let new = uuid::Uuid::new_v4().to_string();
    let arguments = Arguments::new().and(new).and(u8::from(behind));
    client.ask(&cache.id, epoch, &BEGIN_EPOCH, &arguments).await.map(drop)
}

/// A meeting that Redis does not have is made again from the copy; false where there is none.
async fn make_again(client: &RedisClient, cache: &MeetingCache) -> Result<bool> {
    let epoch = uuid::Uuid::new_v4().to_string();
    if cache.id == DIRECTORY {
        let is_back = !client.journal.meetings().await?.is_empty();
        let arguments = Arguments::new().and(epoch).and(u8::from(is_back));
        client.ask(&cache.id, "", &CREATE_DIRECTORY, &arguments).await?;
        return Ok(true);
    }
    let Some(stored) = client.journal.stored(&cache.id).await? else {
        let mut state = cache.state();
        state.epoch.clear();
        state.version = 0;
        return Ok(false);
    };
    let (seats, links) = client.journal.seats_and_links(&cache.id).await?;
    copy::make(client, &epoch, &MeetingCopy { stored, seats, links }, true).await?;
    Ok(true)
}

/// From now on this server's history is that of the epoch.
async fn take_epoch(client: &RedisClient, cache: &MeetingCache, found: &StepAnswer) -> Result<()> {
    client.journal.set_epoch(&cache.id, &found.epoch).await?;
    let mut state = cache.state();
    state.epoch.clone_from(&found.epoch);
    state.version = 0;
    // Of two series with one number the one that came back first is everybody's: they are looked at again.
    state.slip_series.clear();
    state.pools.clear();
    state.generation += 1;
    Ok(())
}

/// Ends the recovery once every server that lives is back, or was waited for long enough.
async fn go_on(client: &RedisClient, cache: &MeetingCache, epoch: &str, began: Instant) -> Result<()> {
    let mut answer = client.ask(&cache.id, epoch, &NOTE_MERGED, &Arguments::new()).await?;
    if answer.is_empty() || answer.text()? != "merged" {
        return Ok(());
    }
    let (members, merged) = (answer.texts()?, answer.texts()?);
    let mut expected: BTreeSet<String> = members.into_iter().collect();
    expected.extend(cache.state().members.iter().cloned());
    if cache.id == DIRECTORY {
        expected.extend(client.heartbeats.living());
    }
    expected.retain(|server| !merged.contains(server));
    let is_waited_for = |server: &&String| client.heartbeats.lives(server, began) && began.elapsed() < WAIT_MAX;
    if began.elapsed() < NOTICE || expected.iter().any(|server| is_waited_for(&server)) {
        return Ok(());
    }
    if !expected.is_empty() {
        tracing::warn!(meeting = cache.id, missing = expected.len(), "going on without servers that did not come back");
    }
    let arguments = Arguments::new().and(u8::from(!expected.is_empty())).and((client.clock)());
    client.ask(&cache.id, epoch, &END_RECOVERY, &arguments).await.map(drop)
}
