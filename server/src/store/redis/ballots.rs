//! Ballots at Redis and in this server's own box. It never sees a seat, and logs nothing of a cast.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use rand::TryRng;
use rand::rngs::SysRng;

use super::RedisStore;
use super::known::Known;
use super::looker::{look, name_of, say_that_it_lives, sign_off};
use super::point::Point;
use super::step::{Arguments, FREEZE, PILE, RELEASE, SETTLE};
use crate::ballot::Item;
use crate::store::local::half::Fact;
use crate::store::{BoxStore, Cast, Freeze, MissingServer, Released, Result, StoreError};

/// Bytes of a member before the item: contest and key, by which a second ballot of a token is found.
const TOKEN_BYTES: usize = 34;
/// Ballots that are read in one step.
const PILE_MAX: u32 = 1_000;
/// Random bytes for each ballot of a contest that stays unseen.
const RANDOM_BYTES: usize = 6;

fn member(item: &Item) -> Vec<u8> {
    let ((contest, key), encoded) = (item.key(), item.encode());
    [&contest.to_be_bytes()[..], &key, &encoded].concat()
}

/// Adds items to the arguments of a step: each as member, group and answer.
pub(super) fn push(arguments: &mut Arguments, items: &[Item]) {
    for item in items {
        arguments.push(member(item));
        arguments.push(item.group());
        arguments.push(item.answer());
    }
}

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

    async fn pile(&self, known: &Arc<Known>, round: u32) -> Result<Vec<Item>> {
        let (mut items, mut last) = (Vec::new(), Vec::new());
        loop {
            let arguments = Arguments::new().and(round).and(last.as_slice()).and(PILE_MAX);
            let (_, mut answer) = self.write(known, &PILE, &arguments).await?;
            let some = answer.list()?;
            for member in &some {
                let item = member.get(TOKEN_BYTES..).and_then(Item::decode);
                let item = item.ok_or_else(|| StoreError::Broken("redis: a ballot cannot be read".to_owned()))?;
                items.push((item.leaf(), item));
            }
            match some.last() {
                Some(member) if some.len() == PILE_MAX as usize => last.clone_from(member),
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
        let Some((known, _)) = point.loaded(meeting).await? else {
            return Ok(vec![Cast::RoundIsClosed; items.len()]);
        };
        let has_box = point.takes_ballots(&known, round).await?;
        let _under_way = known.casting.read().await;
        let mut arguments = Arguments::new().and(round);
        push(&mut arguments, items);
        let (word, mut answer) = point.cast(&known, &arguments).await?;
        if word != "cast" {
            return Ok(vec![Cast::RoundIsClosed; items.len()]);
        }
        let answers = answer.text()?.chars().map(verdict).collect::<Result<Vec<Cast>>>()?;
        // Whatever is acknowledged here is in this server's box first, whoever took it. A round that was counted needs it no more.
        let acknowledged: Vec<Item> = items
            .iter()
            .zip(&answers)
            .filter(|(_, answer)| matches!(answer, Cast::IsIn | Cast::WasIn))
            .map(|(item, _)| item.clone())
            .collect();
        if has_box && !acknowledged.is_empty() {
            point.half.put(meeting, round, &acknowledged).await?;
        }
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
        let contests = stored.meeting.round(round).map_or(0, |round| round.subjects.len());
        let stay = pool_k.max(1);
        let mut random = vec![0; contests * stay as usize * RANDOM_BYTES];
        SysRng.try_fill_bytes(&mut random).map_err(|error| StoreError::Broken(error.to_string()))?;
        let arguments = Arguments::new().and(round).and(stay).and(contests).and(random);
        let (word, mut answer) = self.point.write(&known, &RELEASE, &arguments).await?;
        let released = match word.as_str() {
            "frozen" => everything(&self.point.pile(&known, round).await?),
            "released" => read_released(answer.numbers()?),
            // What was shown stays shown, and nothing is added.
            "stopped" => {
                let there = read_released(answer.numbers()?);
                known.state().released.get(&round).cloned().unwrap_or(there)
            }
            _ => Released::default(),
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
        let (known, stored) = point.loaded(meeting).await?.ok_or_else(never)?;
        let mut waiting = point.close_box(&known, round).await?;
        if waiting.iter().any(|(server, _)| server == point.half.server()) {
            waiting = sign_off(point, &known, round).await?;
        }
        waiting.retain(|(server, _)| !without.contains(server));
        if waiting.is_empty() {
            let contests = stored.meeting.round(round).map_or(0, |round| round.subjects.len());
            point.write(&known, &SETTLE, &Arguments::new().and(round).and(contests)).await?;
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

pub(super) fn read_released(counts: Vec<(String, u32)>) -> Released {
    let mut released = Released::default();
    for (name, count) in counts {
        let Some((contest, answer)) = name.split_once(':') else { continue };
        if let Ok(contest) = contest.parse() {
            released.contests.entry(contest).or_default().insert(answer.to_owned(), count);
        }
    }
    released
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
