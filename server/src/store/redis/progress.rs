//! What changes while a round is open, asked of Redis at once: head counts, sheets, what the live tally shows, who may have taken
//! ballots and whose keys are erased. What is asked of this server there it does on the spot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::client::RedisClient;
use super::client::meeting_cache::{MeetingCache, RoundProgress};
use super::client::step::{Arguments, Standing, steps};
use super::copy::series_in;
use super::sign_off::sign_off;
use super::{live, slip_codes};
use crate::store::disk::has_box;
use crate::store::disk::journal::Fact;
use crate::store::{Result, SeatCount, Stored};

/// How often it is noted how many sheets each server took; who they are is noted at once.
const SHEETS_NOTED_INTERVAL: Duration = Duration::from_secs(1);

steps! {
    READ_PROGRESS: "meeting/read_progress";
}

/// Looks at a meeting: counts of a round (the one of now where none is named), rounds that wait for this server, erased keys.
/// Answers whether the counts differ from the last ones.
pub(super) async fn read(client: &RedisClient, cache: &Arc<MeetingCache>, round: Option<u32>) -> Result<bool> {
    let (generation, round, pool) = {
        let mut state = cache.state();
        if let Some(round) = round {
            state.round_of_now = round;
        }
        let round = state.round_of_now;
        (state.generation, round, state.pools.get(&round).copied().unwrap_or(0))
    };
    let mut answer = client.read(cache, &READ_PROGRESS, &Arguments::new().and(round).and(pool)).await?;
    if answer.standing == Standing::Unknown {
        return Ok(false);
    }
    let (heads, counts) = (answer.numbers()?, answer.numbers()?);
    let (members, unsigned, erased) = (answer.texts()?, answer.texts()?, answer.texts()?);
    note_casters(client, cache, &answer.texts()?).await?;
    let is_more = live::note(client, cache, round, &answer.list()?)?;
    let slips = series_in(&heads);
    let (seats, returned) = counted(&heads, &counts);
    let differs =
        is_more | cache.note_progress(RoundProgress { at: Instant::now(), generation, round, seats, returned });
    let has_latest = {
        let mut state = cache.state();
        // Never fewer: who wrote before history was lost is still waited for.
        state.members.extend(members);
        state.stored.as_ref().is_some_and(|stored| stored.version == answer.version)
    };
    if has_latest {
        cache.checked(generation);
    }
    for round in numbers(&unsigned) {
        sign_off(client, cache, round).await?;
    }
    let erased: BTreeSet<u32> = numbers(&erased).collect();
    let here = cache.state().erased_rounds.clone();
    for round in erased.difference(&here) {
        if !client.journal.has_erased(&cache.id, *round).await? {
            client.journal.erase_keys(&cache.id, *round).await?;
        }
        cache.state().erased_rounds.insert(*round);
    }
    slip_codes::follow(client, cache, &slips).await?;
    Ok(differs)
}

/// Who may have taken ballots is remembered here as well, until they are counted: where Redis loses it, the count still waits for
/// them.
async fn note_casters(client: &RedisClient, cache: &MeetingCache, told: &[String]) -> Result<()> {
    let caster = |told: &[String]| Some(((told[0].parse().ok()?, told[1].clone()), told[2].parse().ok()?));
    let casters: BTreeMap<(u32, String), u32> = told.chunks_exact(3).filter_map(caster).collect();
    let (noted, facts) = {
        let mut state = cache.state();
        for (caster, sheets) in casters {
            let known = state.casters.entry(caster).or_default();
            *known = sheets.max(*known);
        }
        if let Some(stored) = state.stored.clone() {
            state.casters.retain(|(round, _), _| waits_for_count(&stored, *round));
        }
        let is_recent = state.casters_noted_at.is_some_and(|at| at.elapsed() < SHEETS_NOTED_INTERVAL);
        let are_the_same = state.casters.keys().eq(state.noted_casters.keys());
        if state.casters == state.noted_casters || is_recent && are_the_same {
            return Ok(());
        }
        (state.casters.clone(), caster_facts(client, &state.casters))
    };
    client.journal.note_casters(&cache.id, facts).await?;
    let mut state = cache.state();
    state.noted_casters = noted;
    state.casters_noted_at = Some(Instant::now());
    Ok(())
}

/// Whether a round is still to be counted, as far as this document tells.
pub(super) fn waits_for_count(stored: &Stored, round: u32) -> bool {
    stored.meeting.round(round).is_none_or(|round| has_box(round.state))
}

/// Servers but this one that may have taken ballots.
pub(super) fn caster_facts(client: &RedisClient, casters: &BTreeMap<(u32, String), u32>) -> Vec<Fact> {
    let others = casters.iter().filter(|((_, server), _)| server != client.journal.server());
    others
        .map(|((round, server), sheets)| Fact::Caster { round: *round, server: server.clone(), sheets: *sheets })
        .collect()
}

fn numbers(texts: &[String]) -> impl Iterator<Item = u32> {
    texts.iter().filter_map(|text| text.parse().ok())
}

fn counted(heads: &[(String, u32)], counts: &[(String, u32)]) -> (BTreeMap<String, SeatCount>, BTreeMap<String, u32>) {
    let (mut seats, mut returned) = (BTreeMap::<String, SeatCount>::new(), BTreeMap::new());
    for (name, count) in heads.iter().chain(counts) {
        let Some((what, group)) = name.split_once(':') else { continue };
        match what {
            "present" => seats.entry(group.to_owned()).or_default().present = *count,
            "leaders" => seats.entry(group.to_owned()).or_default().leaders_present = *count,
            "series" => seats.entry(group.to_owned()).or_default().slip_series = *count,
            "void" => seats.entry(group.to_owned()).or_default().slips_void = *count,
            "issued" => seats.entry(group.to_owned()).or_default().issued = *count,
            "returned" if *count > 0 => drop(returned.insert(group.to_owned(), *count)),
            _ => {}
        }
    }
    (seats, returned)
}
