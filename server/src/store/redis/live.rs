//! The live tally at Redis. What was cast since the last tick waits there sealed, contest and answer of each row and nothing of
//! which ballot it was; at a tick one server takes it, puts it into the pool, lets out what the pool rule allows, and gives the
//! pool back, unless another server was first. So of no ballot anything says whether it was released (rule s142).

use std::sync::Arc;

use super::client::RedisClient;
use super::client::meeting_cache::MeetingCache;
use super::client::step::{Arguments, steps};
use super::sealing::Kind;
use crate::store::pool::{Pool, TableSize};
use crate::store::{Released, Result, StoreError};
use pingyi_rules::meeting::Meeting;

steps! {
    TAKE_FRESH: "box/take_fresh";
    GIVE_BACK_POOL: "box/give_back_pool";
}

/// What is taken in one step: other callers wait no longer than a few milliseconds.
const FRESH_A_STEP: usize = 1_000;
/// How often a server that was not the first one tries again in one tick; the next tick does it as well.
const TRIES_MAX: u32 = 3;

/// The outcome of a tick of a round's live tally.
pub(super) enum TickOutcome {
    /// This was released so far.
    Released(Released),
    /// History was lost: this is there, and nothing is added.
    Stopped(Released),
    /// The round is frozen.
    Frozen,
    /// There is no such round.
    Unknown,
}

/// What was taken of the round, and the pool that it came into.
enum TakenPool {
    Pool {
        version: u32,
        pool: Pool,
        is_changed: bool,
    },
    Ended(TickOutcome),
    /// Somebody else gave the pool back meanwhile.
    Again,
}

/// The size of a pool's tables.
fn table(meeting: &Meeting, round: u32) -> TableSize {
    let rows = meeting.round(round).map_or(0, |round| round.subjects.len());
    TableSize::of(&meeting.plan, u32::try_from(rows + 1).unwrap_or(u32::MAX))
}

fn opened(client: &RedisClient, meeting: &str, round: u32, sealed: &[u8]) -> Result<Pool> {
    let unreadable = || StoreError::Broken("redis: a pool cannot be read".to_owned());
    if sealed.is_empty() {
        return Ok(Pool::default());
    }
    let content = client.sealing.open(Kind::Pool, meeting, round, sealed)?;
    // Both tables are as large as they were when it was written, whatever the plan says now.
    let (head, tables) = content.split_first_chunk::<8>().ok_or_else(unreadable)?;
    let number = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let table = TableSize { contests: number(0), answers: number(4) };
    let (pending, released) = tables.split_at_checked(table.bytes()).ok_or_else(unreadable)?;
    let (pending, released) = (table.read(pending), table.read(released));
    Ok(Pool { pending: pending.ok_or_else(unreadable)?, released: released.ok_or_else(unreadable)? })
}

fn sealed(client: &RedisClient, meeting: &Meeting, round: u32, pool: &Pool) -> Result<Vec<u8>> {
    let table = table(meeting, round);
    let too_many = || StoreError::Broken("a live tally has too many answers".to_owned());
    let (pending, released) = (table.write(&pool.pending), table.write(&pool.released));
    let head = [table.contests.to_be_bytes(), table.answers.to_be_bytes()].concat();
    let content = [head, pending.ok_or_else(too_many)?, released.ok_or_else(too_many)?].concat();
    client.sealing.seal(Kind::Pool, &meeting.id, round, &content)
}

/// One tick.
pub(super) async fn tick(
    client: &RedisClient,
    cache: &Arc<MeetingCache>,
    meeting: &Meeting,
    round: u32,
    pool_k: u32,
) -> Result<TickOutcome> {
    let mut there = Released::default();
    for _try in 0..TRIES_MAX {
        let (version, mut pool, is_changed) = match take(client, cache, round).await? {
            TakenPool::Pool { version, pool, is_changed } => (version, pool, is_changed),
            TakenPool::Ended(ticked) => return Ok(ticked),
            TakenPool::Again => continue,
        };
        there.clone_from(&pool.released);
        if !pool.let_out(pool_k) && !is_changed {
            return Ok(TickOutcome::Released(there));
        }
        let arguments = Arguments::new().and(round).and(version).and(sealed(client, meeting, round, &pool)?);
        let (word, mut answer) = client.write(cache, &GIVE_BACK_POOL, &arguments).await?;
        if word == "given" {
            let version = answer.number()?;
            cache.state().pools.insert(round, version);
            return Ok(TickOutcome::Released(pool.released));
        }
    }
    Ok(TickOutcome::Released(there))
}

async fn take(client: &RedisClient, cache: &Arc<MeetingCache>, round: u32) -> Result<TakenPool> {
    let (mut last, mut begun, mut is_changed) = (Vec::new(), None, false);
    loop {
        let arguments = Arguments::new().and(round).and(last.as_slice()).and(FRESH_A_STEP);
        let (word, mut answer) = client.write(cache, &TAKE_FRESH, &arguments).await?;
        match word.as_str() {
            "frozen" => return Ok(TakenPool::Ended(TickOutcome::Frozen)),
            "stopped" => {
                let pool = opened(client, &cache.id, round, &answer.bytes()?)?;
                return Ok(TakenPool::Ended(TickOutcome::Stopped(pool.released)));
            }
            "taken" => {}
            _ => return Ok(TakenPool::Ended(TickOutcome::Unknown)),
        }
        let (version, sealed, some) = (answer.number()?, answer.bytes()?, answer.list()?);
        let (begun_at, mut pool) = match begun.take() {
            None => (version, opened(client, &cache.id, round, &sealed)?),
            Some(begun) => begun,
        };
        if begun_at != version {
            return Ok(TakenPool::Again);
        }
        for fresh in &some {
            is_changed = true;
            if let Some((contest, answer)) = client.sealing.opened_fresh(&cache.id, round, fresh)? {
                pool.add(contest, &answer);
            }
        }
        match some.into_iter().nth(FRESH_A_STEP - 1) {
            Some(next) => (last, begun) = (next, Some((version, pool))),
            None => return Ok(TakenPool::Pool { version, pool, is_changed }),
        }
    }
}

/// Notes what a look told of a round's pool: nothing, or its version and the pool. Whether more was released than was known.
pub(super) fn note(client: &RedisClient, cache: &MeetingCache, round: u32, told: &[Vec<u8>]) -> Result<bool> {
    let [version, sealed] = told else { return Ok(false) };
    let released = opened(client, &cache.id, round, sealed)?.released;
    if let Some(version) = std::str::from_utf8(version).ok().and_then(|version| version.parse().ok()) {
        cache.state().pools.insert(round, version);
    }
    Ok(cache.note_released(round, released))
}
