//! Lost history: a new epoch is begun, every server brings back what it has, and then it goes on. One task for each meeting
//! that needs it. Until it is done nothing is acknowledged in that meeting.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::earlier;
use crate::ballot::manifest::SHEET;
use crate::store::disk::journal::Fact;
use crate::store::entry::Entry;
use crate::store::redis::client::meeting_cache::Known;
use crate::store::redis::client::step::{
    Answer, Arguments, BEGIN_EPOCH, CREATE_DIRECTORY, END_RECOVERY, MERGE_BOX, MERGE_DOCUMENT, MERGE_FACTS,
    NAME_MEETINGS, NOTE_MERGED, READ_STANDING, Standing,
};
use crate::store::redis::client::{LOOK_UPS, Point, Whole, not_now, word_of};
use crate::store::redis::recovery::watchdog::caster_facts;
use crate::store::redis::sealing::document;
use crate::store::redis::sealing::{Kind, Shape};
use crate::store::{Result, StoreError};

/// A server whose clock did not change for this long is not waited for.
const ALIVE: Duration = Duration::from_secs(5);
/// How long everybody who lives has to notice: each looks once a second, and says at its look that it has something to bring.
const NOTICE: Duration = Duration::from_millis(1_500);
/// How long a server that lives is waited for.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// How often it is asked who is back.
const ASK_INTERVAL: Duration = Duration::from_millis(100);
/// How long after a failure it is tried again.
const RETRY_INTERVAL: Duration = Duration::from_millis(300);
/// Facts, and entries of a box, in one step: other callers wait no longer than a few milliseconds.
const FACTS_A_STEP: usize = 500;
const ENTRIES_A_STEP: usize = 250;

/// Starts to bring history back, unless a task does already. `behind`: Redis answered an earlier version than one that was seen.
pub(in crate::store::redis) fn start(point: &Point, known: &Arc<Known>, behind: bool) {
    if known.recovers.swap(true, Ordering::AcqRel) {
        return;
    }
    let known = Arc::clone(known);
    point.beside(move |point| async move {
        let mut told = false;
        while let Err(error) = recover(&point, &known, behind).await {
            if !told {
                tracing::warn!(meeting = known.id, %error, "redis lost history; it is brought back as soon as it can be");
                told = true;
            }
            tokio::time::sleep(RETRY_INTERVAL).await;
        }
        known.recovers.store(false, Ordering::Release);
        point.heard(&known);
    });
}

/// Brings back what this server has, and waits until it goes on.
///
/// # Errors
/// Where Redis cannot be asked; it may be repeated.
pub(in crate::store::redis) async fn recover(point: &Point, known: &Known, behind: bool) -> Result<()> {
    let began = Instant::now();
    let mut behind = behind;
    let mut merged_into = String::new();
    loop {
        let (epoch, version) = {
            let state = known.state();
            (state.epoch.clone(), state.version)
        };
        let stands = point.ask(&known.id, "", &READ_STANDING, &Arguments::new()).await?;
        behind &= stands.epoch == epoch && stands.version < version;
        match stands.standing {
            Standing::Newer | Standing::Stranger => return Err(not_now()),
            Standing::Earlier => {
                earlier::bring_over(point, known).await?;
                continue;
            }
            Standing::Unknown => {
                if !make_again(point, known).await? {
                    return Ok(());
                }
                continue;
            }
            Standing::Lost => {
                begin(point, known, &stands.epoch, false).await?;
                continue;
            }
            Standing::Fine | Standing::Recovering | Standing::Other if behind => {
                begin(point, known, &stands.epoch, true).await?;
                behind = false;
                continue;
            }
            Standing::Fine | Standing::Recovering | Standing::Other => {}
        }
        if stands.epoch != epoch || (stands.standing == Standing::Recovering && merged_into != stands.epoch) {
            if !epoch.is_empty() {
                tracing::info!(meeting = known.id, "redis has another history: bringing this server's back");
            }
            bring_back(point, known, &stands.epoch).await?;
            merged_into.clone_from(&stands.epoch);
            take_epoch(point, known, &stands).await?;
        }
        if stands.standing == Standing::Fine {
            return Ok(());
        }
        go_on(point, known, &stands.epoch, began).await?;
        tokio::time::sleep(ASK_INTERVAL).await;
    }
}

async fn begin(point: &Point, known: &Known, epoch: &str, behind: bool) -> Result<()> {
    let new = uuid::Uuid::new_v4().to_string();
    let arguments = Arguments::new().and(new).and(u8::from(behind));
    point.ask(&known.id, epoch, &BEGIN_EPOCH, &arguments).await.map(drop)
}

/// A meeting that Redis does not have is made again from the copy; false where there is none.
async fn make_again(point: &Point, known: &Known) -> Result<bool> {
    let epoch = uuid::Uuid::new_v4().to_string();
    if known.id == LOOK_UPS {
        let is_back = !point.half.meetings().await?.is_empty();
        let arguments = Arguments::new().and(epoch).and(u8::from(is_back));
        point.ask(&known.id, "", &CREATE_DIRECTORY, &arguments).await?;
        return Ok(true);
    }
    let Some(stored) = point.half.stored(&known.id).await? else {
        let mut state = known.state();
        state.epoch.clear();
        state.version = 0;
        return Ok(false);
    };
    let (seats, links) = point.half.seats_and_links(&known.id).await?;
    point.make(&epoch, &Whole { stored, seats, links }, true).await?;
    Ok(true)
}

/// From now on this server's history is that of the epoch.
async fn take_epoch(point: &Point, known: &Known, stands: &Answer) -> Result<()> {
    point.half.set_epoch(&known.id, &stands.epoch).await?;
    let mut state = known.state();
    state.epoch.clone_from(&stands.epoch);
    state.version = 0;
    // Of two series with one number the one that came back first is everybody's: they are looked at again.
    state.slip_series.clear();
    state.pools.clear();
    state.generation += 1;
    Ok(())
}

/// Ends the recovery once every server that lives is back, or was waited for long enough.
async fn go_on(point: &Point, known: &Known, epoch: &str, began: Instant) -> Result<()> {
    let mut answer = point.ask(&known.id, epoch, &NOTE_MERGED, &Arguments::new()).await?;
    if answer.is_empty() || answer.text()? != "merged" {
        return Ok(());
    }
    let (members, merged) = (answer.texts()?, answer.texts()?);
    let mut expected: BTreeSet<String> = members.into_iter().collect();
    expected.extend(known.state().members.iter().cloned());
    if known.id == LOOK_UPS {
        expected.extend(point.living());
    }
    expected.retain(|server| !merged.contains(server));
    let is_waited_for = |server: &&String| point.lives(server, began) && began.elapsed() < WAIT_MAX;
    if began.elapsed() < NOTICE || expected.iter().any(|server| is_waited_for(&server)) {
        return Ok(());
    }
    if !expected.is_empty() {
        tracing::warn!(meeting = known.id, missing = expected.len(), "going on without servers that did not come back");
    }
    let partial = Arguments::new().and(u8::from(!expected.is_empty()));
    point.ask(&known.id, epoch, &END_RECOVERY, &partial).await.map(drop)
}

impl Point {
    /// Whether a server said something new lately, as far as this one can know; `began` is since when it listens.
    fn lives(&self, server: &str, began: Instant) -> bool {
        let beats = self.beats.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match beats.get(server) {
            Some((_, at)) => at.elapsed() < ALIVE,
            None => server != self.half.server() && began.elapsed() < ALIVE,
        }
    }

    fn living(&self) -> Vec<String> {
        let beats = self.beats.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        beats.iter().filter(|(_, (_, at))| at.elapsed() < ALIVE).map(|(server, _)| server.clone()).collect()
    }
}

async fn bring_back(point: &Point, known: &Known, epoch: &str) -> Result<()> {
    if known.id == LOOK_UPS {
        for meeting in point.half.meetings().await? {
            name_again(point, &meeting, epoch).await?;
        }
        return Ok(());
    }
    let Some(stored) = point.half.stored(&known.id).await? else { return Ok(()) };
    let mut document = Arguments::new().and(stored.version);
    document::push(&mut document, &point.sealing, &stored.meeting)?;
    merged(point.ask(&known.id, epoch, &MERGE_DOCUMENT, &document).await?)?;
    // In memory the sheets of other servers are as of the last look; the copy only knows who they are.
    let mut facts = caster_facts(point, &known.state().casters);
    facts.extend(point.half.facts(&known.id).await?);
    for some in facts.chunks(FACTS_A_STEP) {
        let mut arguments = Arguments::new();
        some.iter().try_for_each(|fact| push_fact(&mut arguments, point, &known.id, fact))?;
        merged(point.ask(&known.id, epoch, &MERGE_FACTS, &arguments).await?)?;
    }
    // Keys that are of no round stand under the number 0.
    for round in stored.meeting.rounds.iter().map(|round| round.number).chain([0]) {
        let Some(keys) = point.half.keys(&known.id, round).await? else { continue };
        let erased = facts.contains(&Fact::Erased { round });
        let keys = point.sealing.keys(&known.id, round, &keys)?;
        let arguments = Arguments::new().and("keys").and(format!("{round}:{}", u8::from(erased))).and(keys);
        merged(point.ask(&known.id, epoch, &MERGE_FACTS, &arguments).await?)?;
    }
    for fact in &facts {
        if let Fact::Casting { round } = fact {
            merge_box(point, known, epoch, *round).await?;
        }
    }
    Ok(())
}

/// Brings a round's own box into the one at Redis: all that was cast as it was sent, fillers too, in lots of one size across all
/// sheets, in the order of tags.
pub(in crate::store::redis) async fn merge_box(point: &Point, known: &Known, epoch: &str, round: u32) -> Result<()> {
    let entries = point.half.entries(&known.id, round).await?;
    let stored = known.state().stored.clone();
    let found = stored.as_ref().and_then(|stored| Some(Shape::of(&stored.meeting, stored.meeting.round(round)?)));
    let seal = |entry: &Entry| {
        let shape =
            found.ok_or_else(|| StoreError::Broken("this server has a box of no round that it knows".to_owned()));
        point.sealing.entry(&known.id, round, entry, shape?)
    };
    let mut sealed = entries.iter().map(seal).collect::<Result<Vec<_>>>()?;
    // Their order in the own box is chance; sorted, a listener of this step learns not even that.
    sealed.sort_unstable();
    let of_lot = |entries: &[Entry], sealed: &[Vec<u8>]| {
        let mut arguments = Arguments::new().and(round);
        point.push_sheets(&mut arguments, &known.id, round, entries);
        sealed.iter().for_each(|entry| arguments.push(entry.as_slice()));
        arguments
    };
    // The sheets are counted first, by themselves: no lot tells which of its entries is one. An empty box is brought too, because
    // this server is one that took ballots, or may have.
    let sheets: Vec<Entry> = entries.into_iter().filter(|entry| entry.key().0 == SHEET).collect();
    let lots = sheets.chunks(ENTRIES_A_STEP).map(|some| of_lot(some, &[]));
    let lots = lots.chain(sealed.chunks(ENTRIES_A_STEP).map(|some| of_lot(&[], some)));
    let lots = lots.chain(sealed.is_empty().then(|| of_lot(&[], &[])));
    for arguments in lots {
        merged(point.ask(&known.id, epoch, &MERGE_BOX, &arguments).await?)?;
    }
    Ok(())
}

fn merged(mut answer: Answer) -> Result<()> {
    if answer.is_empty() {
        return Err(not_now());
    }
    match answer.text()?.as_str() {
        "merged" | "named" | "left_out" => Ok(()),
        _ => Err(not_now()),
    }
}

fn push_fact(arguments: &mut Arguments, point: &Point, meeting: &str, fact: &Fact) -> Result<()> {
    match fact {
        Fact::Claim { seat, credential, leads_subject } => {
            let leads = leads_subject.map(|subject| subject.to_string()).unwrap_or_default();
            arguments.push("claim");
            arguments.push(*seat);
            arguments.push([credential.as_slice(), leads.as_bytes()].concat());
        }
        Fact::Paper { round, seat, digest } => {
            arguments.push("paper");
            arguments.push(format!("{round}:{seat}"));
            arguments.push(digest.as_slice());
        }
        Fact::Session { session, role, link } => {
            arguments.push("session");
            arguments.push(session.as_slice());
            arguments.push(format!("{} {link}", word_of(*role)?));
        }
        Fact::Link { link, role } => {
            arguments.push("link");
            arguments.push(link.as_slice());
            arguments.push(word_of(*role)?);
        }
        Fact::Manifest { round, manifest } => {
            arguments.push("manifest");
            arguments.push(*round);
            arguments.push(point.sealing.seal(Kind::Manifest, meeting, *round, manifest)?);
        }
        Fact::Erased { round } => {
            arguments.push("erased");
            arguments.push(*round);
            arguments.push("");
        }
        Fact::Caster { round, server, sheets } => {
            arguments.push("caster");
            arguments.push(format!("{round}:{server}"));
            arguments.push(*sheets);
        }
        Fact::Slips { series, codes } => {
            arguments.push("slips");
            arguments.push(&series.group);
            let mut packed = format!("{}:{}:", series.series, series.void).into_bytes();
            for (seat, code) in codes {
                packed.extend(seat.to_be_bytes());
                packed.extend(code);
            }
            arguments.push(packed);
        }
        Fact::Casting { .. } => {}
    }
    Ok(())
}

/// Names a meeting of the copy again.
async fn name_again(point: &Point, meeting: &str, epoch: &str) -> Result<()> {
    let Some(stored) = point.half.stored(meeting).await? else { return Ok(()) };
    let (seats, links) = point.half.seats_and_links(meeting).await?;
    let mut names: Vec<(&str, Vec<u8>)> = seats.iter().map(|seat| ("code", seat.code.to_vec())).collect();
    names.extend(links.iter().map(|(_, link)| ("link", link.to_vec())));
    for fact in point.half.facts(meeting).await? {
        match fact {
            Fact::Claim { credential, .. } => names.push(("credential", credential.to_vec())),
            Fact::Session { session, .. } => names.push(("session", session.to_vec())),
            _ => {}
        }
    }
    let summary = Arguments::new().and("summary").and(meeting).and(document::summary(&stored.meeting, stored.version)?);
    merged(point.ask(LOOK_UPS, epoch, &NAME_MEETINGS, &summary).await?)?;
    for some in names.chunks(FACTS_A_STEP) {
        let mut arguments = Arguments::new();
        for (kind, name) in some {
            arguments = arguments.and(*kind).and(name.as_slice()).and(meeting);
        }
        merged(point.ask(LOOK_UPS, epoch, &NAME_MEETINGS, &arguments).await?)?;
    }
    Ok(())
}
