//! What a server does by the clock: it says once a second that it lives, and looks at each meeting that it knows, because a poke
//! may be lost. It also hears pokes, and signs off rounds that are being frozen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tokio::sync::mpsc;

use crate::meeting::Phase;
use crate::store::disk::journal::Fact;
use crate::store::redis::client::meeting_cache::{Known, Looked};
use crate::store::redis::client::step::{Arguments, HEARTBEAT, READ_PROGRESS, READ_STANDING, SIGN_OFF, Standing};
use crate::store::redis::client::{LOOK_UPS, Point, channel};
use crate::store::redis::live;
use crate::store::redis::recovery::epoch::{merge_box, recover};
use crate::store::redis::slips;
use crate::store::{Result, SeatCount};

/// How often it looks.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// Archived meetings are looked at only at every so many looks: nothing of them changes but that their people are destroyed.
const ARCHIVED_EVERY: u32 = 10;
/// Meetings that are looked at at the same time.
const AT_ONCE: usize = 64;

/// Says that this server lives until the store is gone; apart from looking, which may take longer than others wait.
pub(in crate::store::redis) async fn live_by_the_clock(point: Arc<Point>) {
    let mut clock = tokio::time::interval(LOOK_INTERVAL);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut was_told = false;
    loop {
        clock.tick().await;
        match say_that_it_lives(&point).await {
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
pub(in crate::store::redis) async fn look_by_the_clock(point: Arc<Point>) {
    let mut clock = tokio::time::interval(LOOK_INTERVAL);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let connected = Arc::clone(&point.link.connected);
    let mut looks_of_archived = 0;
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            // On a new connection at once: nobody heard the pokes while there was none.
            () = connected.notified() => {}
        }
        let meetings = point.all_known().into_iter().filter(|known| known.id != LOOK_UPS);
        looks_of_archived = (looks_of_archived + 1) % ARCHIVED_EVERY;
        let now_archived = looks_of_archived == 0;
        let looks = meetings.map(|known| {
            let point = Arc::clone(&point);
            async move {
                if is_archived(&known) {
                    // Others may have destroyed its people: then this server's copy of them goes too.
                    if now_archived && !known.state().is_destroyed {
                        drop(point.load(&known).await);
                    }
                } else {
                    // That Redis cannot be used is logged once, by the one who says that this server lives.
                    drop(look_again(&point, &known).await);
                }
            }
        });
        futures_util::stream::iter(looks).buffer_unordered(AT_ONCE).collect::<()>().await;
    }
}

/// Archived meetings are looked at by nobody: those of an earlier version are brought over once, so that nothing of them stays
/// open at Redis.
pub(in crate::store::redis) async fn bring_archived_over(point: Arc<Point>) {
    // What cannot be done now is done at the next start, or when somebody asks for the meeting.
    for id in point.half.archived().await.unwrap_or_default() {
        let stands = point.ask(&id, "", &READ_STANDING, &Arguments::new()).await;
        if stands.is_ok_and(|stands| stands.standing == Standing::Earlier)
            && let Ok(known) = point.known(&id).await
        {
            drop(recover(&point, &known, false).await);
        }
    }
}

fn is_archived(known: &Known) -> bool {
    known.state().stored.as_ref().is_some_and(|stored| stored.meeting.phase == Phase::Archived)
}

/// Says that this server lives, and hears what the others said last.
pub(in crate::store::redis) async fn say_that_it_lives(point: &Arc<Point>) -> Result<()> {
    let known = point.known(LOOK_UPS).await?;
    let said = format!("{} {}", point.beat.fetch_add(1, Ordering::Relaxed), point.name);
    let mut answer = point.read(&known, &HEARTBEAT, &Arguments::new().and(&said)).await?;
    let all = answer.texts()?;
    let mut beats = point.beats.lock().unwrap_or_else(PoisonError::into_inner);
    for server in all.chunks_exact(2) {
        let is_new = beats.get(&server[0]).is_none_or(|(before, _)| *before != server[1]);
        if is_new {
            beats.insert(server[0].clone(), (server[1].clone(), Instant::now()));
        }
    }
    Ok(())
}

/// What people call a server.
pub(in crate::store::redis) fn name_of(point: &Point, server: &str) -> String {
    let beats = point.beats.lock().unwrap_or_else(PoisonError::into_inner);
    let said = beats.get(server).and_then(|(said, _)| said.split_once(' ')).map(|(_, name)| name.to_owned());
    said.filter(|name| !name.is_empty()).unwrap_or_else(|| server.chars().take(8).collect())
}

/// Hears pokes until the store is gone.
pub(in crate::store::redis) async fn hear_pokes(point: Arc<Point>, mut pokes: mpsc::Receiver<String>) {
    while let Some(channel) = pokes.recv().await {
        let id = channel.strip_prefix("pingyi:{").and_then(|rest| rest.strip_suffix("}:poke"));
        let Some(known) = id.and_then(|id| point.is_known(id)) else { continue };
        point.heard(&known);
        if is_archived(&known) {
            // Its people may have been destroyed a moment ago.
            point.beside(move |point| async move { drop(point.load(&known).await) });
        } else if !known.state().casting_rounds.is_empty() {
            // A round may be waiting for this server to sign off.
            point.beside(move |point| async move { drop(look(&point, &known, None).await) });
        }
    }
}

async fn look_again(point: &Arc<Point>, known: &Arc<Known>) -> Result<()> {
    point.link.hear(&channel(&known.id)).await.map_err(|error| crate::store::redis::client::step::broken(&error))?;
    // A later version is told by whichever answer shows it first.
    if look(point, known, None).await? {
        point.heard(known);
    }
    Ok(())
}

/// Looks at a meeting: counts of a round (the one of now where none is named), rounds that wait for this server, erased keys.
/// Answers whether the counts differ from the last ones.
pub(in crate::store::redis) async fn look(point: &Arc<Point>, known: &Arc<Known>, round: Option<u32>) -> Result<bool> {
    let (generation, round, pool) = {
        let mut state = known.state();
        if let Some(round) = round {
            state.round_of_now = round;
        }
        let round = state.round_of_now;
        (state.generation, round, state.pools.get(&round).copied().unwrap_or(0))
    };
    let mut answer = point.read(known, &READ_PROGRESS, &Arguments::new().and(round).and(pool)).await?;
    if answer.standing == Standing::Unknown {
        return Ok(false);
    }
    let (heads, counts) = (answer.numbers()?, answer.numbers()?);
    let (members, unsigned, erased) = (answer.texts()?, answer.texts()?, answer.texts()?);
    note_casters(point, known, &answer.texts()?).await?;
    let is_more = live::note(point, known, round, &answer.list()?)?;
    let slips = slips::series_in(&heads);
    let (seats, returned) = counted(&heads, &counts);
    let differs = is_more | known.note_look(Looked { at: Instant::now(), generation, round, seats, returned });
    let has_latest = {
        let mut state = known.state();
        // Never fewer: who wrote before history was lost is still waited for.
        state.members.extend(members);
        state.stored.as_ref().is_some_and(|stored| stored.version == answer.version)
    };
    if has_latest {
        known.checked(generation);
    }
    for round in numbers(&unsigned) {
        sign_off(point, known, round).await?;
    }
    let erased: BTreeSet<u32> = numbers(&erased).collect();
    let here = known.state().erased_rounds.clone();
    for round in erased.difference(&here) {
        if !point.half.has_erased(&known.id, *round).await? {
            point.half.erase_keys(&known.id, *round).await?;
        }
        known.state().erased_rounds.insert(*round);
    }
    slips::follow(point, known, &slips).await?;
    Ok(differs)
}

/// Who took ballots and has not signed off is remembered here as well: where Redis loses it, the count still waits for them.
async fn note_casters(point: &Point, known: &Known, told: &[String]) -> Result<()> {
    let caster = |told: &[String]| Some(((told[0].parse().ok()?, told[1].clone()), told[2].parse().ok()?));
    let casters: BTreeMap<(u32, String), u32> = told.chunks_exact(3).filter_map(caster).collect();
    let (names, facts) = {
        let mut state = known.state();
        state.casters = casters;
        let names: BTreeSet<(u32, String)> = state.casters.keys().cloned().collect();
        if names == state.noted_casters {
            return Ok(());
        }
        (names, caster_facts(point, &state.casters))
    };
    point.half.note_casters(&known.id, facts).await?;
    known.state().noted_casters = names;
    Ok(())
}

/// Servers but this one that have not signed off.
pub(in crate::store::redis) fn caster_facts(point: &Point, casters: &BTreeMap<(u32, String), u32>) -> Vec<Fact> {
    let others = casters.iter().filter(|((_, server), _)| server != point.half.server());
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

/// Says that everything this server took in a round is in the box at Redis: after what is under way, and after looking whether
/// each ballot of the own box is there. Answers who has not said so, with the sheets each took.
pub(in crate::store::redis) async fn sign_off(
    point: &Arc<Point>,
    known: &Arc<Known>,
    round: u32,
) -> Result<Vec<(String, u32)>> {
    let _nothing_under_way = known.casting.write().await;
    let epoch = known.epoch();
    merge_box(point, known, &epoch, round).await?;
    let (_, mut answer) = point.write(known, &SIGN_OFF, &Arguments::new().and(round)).await?;
    answer.numbers()
}
