//! Ballots at Redis and in this server's own box. It never sees a seat, and logs nothing of a cast.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;

use super::RedisStore;
use super::known::Known;
use super::live::{self, Ticked};
use super::looker::{look, name_of, say_that_it_lives, sign_off};
use super::point::Point;
use super::sealing::{Shape, TAG_BYTES};
use super::step::{Arguments, FREEZE, PILE, SETTLE};
use crate::ballot::Item;
use crate::ballot::manifest::SHEET;
use crate::form::Live;
use crate::meeting::Meeting;
use crate::store::entry::Entry;
use crate::store::local::half::Fact;
use crate::store::{BoxStore, Cast, Freeze, MissingServer, Released, Result, StoreError};

/// Entries that are read in one step.
const PILE_MAX: u32 = 1_000;

fn verdict(letter: char) -> Result<Cast> {
    match letter {
        'I' => Ok(Cast::IsIn),
        'W' => Ok(Cast::WasIn),
        'C' => Ok(Cast::Conflicts),
        'B' => Ok(Cast::BatchConflicts),
        'X' => Ok(Cast::RoundIsClosed),
        _ => Err(StoreError::Broken("redis: a cast has an unknown answer".to_owned())),
    }
}

/// A phone's batch in the one shape of its round: filled up, and in the order of tags, which nothing in the cast decides.
struct Filled {
    entries: Vec<Entry>,
    /// Places of the entries, in the order in which they are sent.
    order: Vec<usize>,
    /// As they are sent.
    sealed: Vec<Vec<u8>>,
}

impl Point {
    /// Before the first ballot of a round: that this server takes some is in its copy, so that they are brought back after any
    /// restart; and its box is there. False where the round takes none.
    async fn takes_ballots(&self, known: &Arc<Known>, round: u32) -> Result<bool> {
        if known.state().casting_rounds.contains(&round) {
            return Ok(true);
        }
        let stored = self.load(known).await?;
        let has_box = |found: &crate::meeting::Round| {
            found.number == round && (found.state.issues_papers() || found.state.takes_casts())
        };
        if stored.is_some_and(|stored| stored.meeting.rounds.iter().any(has_box)) {
            self.note(known, Fact::Casting { round }).await?;
            known.state().casting_rounds.insert(round);
            return Ok(true);
        }
        Ok(false)
    }

    /// The batch as it is sent. One without a sheet is no phone's, and is not filled up.
    fn filled(&self, meeting: &str, round: u32, items: &[Item], shape: Shape) -> Result<Filled> {
        let mut entries: Vec<Entry> = items.iter().cloned().map(Entry::Item).collect();
        let sheet = sheets(&entries).next().map(|(_, key)| key);
        if let Some(sheet) = sheet {
            let missing = shape.entries.saturating_sub(entries.len());
            entries.extend(self.sealing.fillers(meeting, round, &sheet, missing));
        }
        let seal = |entry: &Entry| self.sealing.entry(meeting, round, entry, shape);
        let sealed = entries.iter().map(seal).collect::<Result<Vec<_>>>()?;
        let mut placed: Vec<(usize, Vec<u8>)> = sealed.into_iter().enumerate().collect();
        // Two with one tag stay as they came: the first of them is the one that counts.
        placed.sort_by(|(_, one), (_, other)| one[..TAG_BYTES].cmp(&other[..TAG_BYTES]));
        let (order, sealed) = placed.into_iter().unzip();
        Ok(Filled { entries, order, sealed })
    }

    fn cast_arguments(&self, meeting: &Meeting, round: u32, filled: &Filled) -> Result<Arguments> {
        let shown_live = meeting.plan.live == Live::Tally;
        let mut arguments = Arguments::new().and(round);
        self.push_sheets(&mut arguments, &meeting.id, round, &filled.entries);
        for (place, sealed) in filled.order.iter().zip(&filled.sealed) {
            arguments.push(sealed.as_slice());
            let fresh = shown_live.then(|| self.sealing.fresh(&meeting.id, round, &filled.entries[*place]));
            arguments.push(fresh.transpose()?.unwrap_or_default());
        }
        Ok(arguments)
    }

    /// Adds how many sheets there are among the entries, and each with its group and the tag that it is counted by.
    pub(super) fn push_sheets(&self, arguments: &mut Arguments, meeting: &str, round: u32, entries: &[Entry]) {
        let mut tags: Vec<(Vec<u8>, &str)> =
            sheets(entries).map(|(group, key)| (self.sealing.sheet(meeting, round, &key), group)).collect();
        tags.sort_unstable();
        arguments.push(tags.len());
        for (tag, group) in tags {
            arguments.push(group);
            arguments.push(tag);
        }
    }

    async fn pile(&self, known: &Arc<Known>, round: u32) -> Result<Vec<Item>> {
        let (mut items, mut last) = (Vec::new(), Vec::new());
        loop {
            let arguments = Arguments::new().and(round).and(last.as_slice()).and(PILE_MAX);
            let (_, mut answer) = self.write(known, &PILE, &arguments).await?;
            let some = answer.list()?;
            for sealed in &some {
                let item = self.sealing.opened_entry(&known.id, round, sealed)?.item();
                items.extend(item.map(|item| (item.leaf(), item)));
            }
            match some.last() {
                Some(sealed) if some.len() == PILE_MAX as usize => last.clone_from(sealed),
                _ => break,
            }
        }
        items.sort_by_key(|(leaf, _)| *leaf);
        Ok(items.into_iter().map(|(_, item)| item).collect())
    }

    /// Closes the round for casts and answers who has not signed off, with the sheets each took.
    async fn close_box(&self, known: &Arc<Known>, round: u32) -> Result<Vec<(String, u32)>> {
        let (word, mut answer) = self.write(known, &FREEZE, &Arguments::new().and(round)).await?;
        if word != "frozen" {
            return Err(StoreError::Broken("this round was never armed: it has no box to freeze".to_owned()));
        }
        answer.numbers()
    }
}

#[async_trait]
impl BoxStore for RedisStore {
    async fn cast(&self, meeting: &str, round: u32, items: &[Item]) -> Result<Vec<Cast>> {
        let point = &self.point;
        let Some((known, stored)) = point.loaded(meeting).await? else {
            return Ok(vec![Cast::RoundIsClosed; items.len()]);
        };
        let has_box = point.takes_ballots(&known, round).await?;
        let stored = known.state().stored.clone().unwrap_or(stored);
        let Some(shape) = stored.meeting.round(round).map(|round| Shape::of(&stored.meeting, round)) else {
            return Ok(vec![Cast::RoundIsClosed; items.len()]);
        };
        let filled = point.filled(meeting, round, items, shape)?;
        let arguments = point.cast_arguments(&stored.meeting, round, &filled)?;
        let _under_way = known.casting.read().await;
        let (word, mut answer) = point.cast(&known, &arguments).await?;
        if word != "cast" {
            return Ok(vec![Cast::RoundIsClosed; items.len()]);
        }
        let verdicts = answer.text()?.chars().map(verdict).collect::<Result<Vec<Cast>>>()?;
        let mut answers = vec![Cast::RoundIsClosed; filled.entries.len()];
        for (place, verdict) in filled.order.iter().zip(verdicts) {
            answers[*place] = verdict;
        }
        // Whatever is acknowledged here is in this server's box first, whoever took it, in the order in which it was sent. A round
        // that was counted needs it no more.
        let is_acknowledged = |place: &&usize| matches!(answers[**place], Cast::IsIn | Cast::WasIn);
        let acknowledged: Vec<Entry> =
            filled.order.iter().filter(is_acknowledged).map(|place| filled.entries[*place].clone()).collect();
        if has_box && !acknowledged.is_empty() {
            point.half.put(meeting, round, &acknowledged).await?;
        }
        answers.truncate(items.len());
        if answers.contains(&Cast::IsIn) {
            point.changed(&known);
        }
        Ok(answers)
    }

    async fn returned(&self, meeting: &str, round: u32) -> Result<BTreeMap<String, u32>> {
        let known = self.point.known(meeting).await?;
        if let Some(looked) = known.looked(round) {
            return Ok(looked.returned);
        }
        look(&self.point, &known, Some(round)).await?;
        Ok(known.last_look(round).map(|looked| looked.returned).unwrap_or_default())
    }

    async fn release(&self, meeting: &str, round: u32, pool_k: u32) -> Result<Released> {
        let Some((known, stored)) = self.point.loaded(meeting).await? else { return Ok(Released::default()) };
        let released = match live::tick(&self.point, &known, &stored.meeting, round, pool_k).await? {
            Ticked::Frozen => everything(&self.point.pile(&known, round).await?),
            Ticked::Released(released) => released,
            // What was shown stays shown, and nothing is added.
            Ticked::Stopped(there) => known.state().released.get(&round).cloned().unwrap_or(there),
            Ticked::Unknown => Released::default(),
        };
        let before = known.state().released.insert(round, released.clone());
        if before.as_ref() != Some(&released) {
            // Screens at the other servers show it too, without waiting for a tick of their own.
            self.point.changed(&known);
        }
        Ok(released)
    }

    async fn released_elsewhere(&self, meeting: &str, round: u32) -> Result<Option<Released>> {
        let known = self.point.known(meeting).await?;
        if known.looked(round).is_none() {
            look(&self.point, &known, Some(round)).await?;
        }
        Ok(known.state().released.get(&round).cloned())
    }

    async fn freeze(&self, meeting: &str, round: u32, without: &[String]) -> Result<Freeze> {
        let point = &self.point;
        let never = || StoreError::Broken("this round was never armed: it has no box to freeze".to_owned());
        let (known, _) = point.loaded(meeting).await?.ok_or_else(never)?;
        let mut waiting = point.close_box(&known, round).await?;
        if waiting.iter().any(|(server, _)| server == point.half.server()) {
            waiting = sign_off(point, &known, round).await?;
        }
        waiting.retain(|(server, _)| !without.contains(server));
        if waiting.is_empty() {
            point.write(&known, &SETTLE, &Arguments::new().and(round)).await?;
            return Ok(Freeze::Frozen(point.pile(&known, round).await?));
        }
        // Hears what they are called, where they came since the last look.
        say_that_it_lives(point).await?;
        // They are told at once; each looks by its clock as well.
        point.changed(&known);
        let missing = |(server, sheets): (String, u32)| MissingServer { name: name_of(point, &server), server, sheets };
        Ok(Freeze::Waiting(waiting.into_iter().map(missing).collect()))
    }

    async fn sign_off(&self) -> Result<()> {
        for known in self.point.all_known() {
            // Also those in which this server took ballots before it was last started.
            let rounds: BTreeSet<u32> = {
                let state = known.state();
                let own = state.casters.keys().filter(|(_, server)| server == self.point.half.server());
                own.map(|(round, _)| *round).chain(state.casting_rounds.iter().copied()).collect()
            };
            for round in rounds {
                sign_off(&self.point, &known, round).await?;
            }
        }
        Ok(())
    }
}

/// The group and the ballot key of each sheet.
fn sheets(entries: &[Entry]) -> impl Iterator<Item = (&str, [u8; 32])> {
    entries.iter().filter_map(|entry| match entry {
        Entry::Item(Item::Ballot(ballot)) if ballot.contest == SHEET => Some((ballot.group.as_str(), ballot.pk)),
        _ => None,
    })
}

fn everything(items: &[Item]) -> Released {
    let mut released = Released::default();
    for item in items {
        if let Item::Ballot(ballot) = item
            && ballot.contest > 0
        {
            *released.contests.entry(ballot.contest).or_default().entry(ballot.answer.clone()).or_default() += 1;
        }
    }
    released
}
