//! Meetings of version 1 of the steps, in which documents, names, keys and ballots lay open at Redis: what is there goes into this
//! server's own copy, whoever wrote it, and the meeting is made again in one step that takes the open one away. What other
//! servers have besides, they bring back as after lost history.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::store::disk::journal::Fact;
use crate::store::entry::BoxEntry;
use crate::store::redis::client::meeting_cache::MeetingCache;
use crate::store::redis::client::step::{Arguments, StepAnswer, steps};
use crate::store::redis::client::{DIRECTORY, RedisClient, not_now};
use crate::store::redis::copy::{self, MeetingCopy, role_of, series_in};
use crate::store::redis::directory::CREATE_DIRECTORY;
use crate::store::redis::sealing::document;
use crate::store::{Digest, NewSeat, Result, StoreError, Stored};
use pingyi_rules::ballot::BoxItem;
use pingyi_rules::meeting::Meeting;
use pingyi_rules::meeting::plan::EntitledSeat;

steps! {
    READ_EARLIER: "recovery/read_earlier";
    READ_EARLIER_BOX: "recovery/read_earlier_box";
}

/// Bytes of a ballot's contest and key, which stood before it.
const TOKEN_BYTES: usize = 34;
/// Ballots that are read in one step.
const PILE_MAX: usize = 1_000;

fn unreadable() -> StoreError {
    StoreError::Broken("redis: a meeting of an earlier version cannot be read".to_owned())
}

fn digest(bytes: &[u8]) -> Result<Digest> {
    bytes.try_into().map_err(|_| unreadable())
}

fn number<T: std::str::FromStr>(bytes: &[u8]) -> Result<T> {
    std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()).ok_or_else(unreadable)
}

/// Brings a meeting over, or what names none. Cut short anywhere, it is done again.
pub(in crate::store::redis) async fn bring_over(client: &RedisClient, cache: &MeetingCache) -> Result<()> {
    if cache.id == DIRECTORY {
        let arguments = Arguments::new().and(cache.epoch()).and(0);
        return client.ask(&cache.id, "", &CREATE_DIRECTORY, &arguments).await.map(drop);
    }
    tracing::info!(
        meeting = cache.id,
        "redis has this meeting as an earlier version of this program kept it: bringing it over"
    );
    let mut answer = client.ask(&cache.id, "", &READ_EARLIER, &Arguments::new()).await?;
    if answer.is_empty() || answer.text()? != "earlier" {
        // Another server was first.
        return Ok(());
    }
    let meeting = take_over(client, cache, &mut answer).await?;
    for round in &meeting.rounds {
        take_ballots(client, cache, &meeting, round).await?;
    }
    let stored = client.journal.stored(&cache.id).await?.ok_or_else(not_now)?;
    cache.state().stored.get_or_insert_with(|| Arc::new(stored.clone()));
    let (seats, links) = client.journal.seats_and_links(&cache.id).await?;
    let epoch = uuid::Uuid::new_v4().to_string();
    copy::make(client, &epoch, &MeetingCopy { stored, seats, links }, true).await.map(drop)
}

/// Takes everything but ballots into the own copy. What is there already stays, but for a later document.
async fn take_over(client: &RedisClient, cache: &MeetingCache, answer: &mut StepAnswer) -> Result<Meeting> {
    let meeting = document::read(&answer.bytes()?)?;
    let stored = Stored { meeting: meeting.clone(), epoch: answer.epoch.clone(), version: answer.version };
    let (found, roles, heads) = (answer.list()?, answer.list()?, answer.numbers()?);
    let seat = |seat: &[Vec<u8>]| {
        let entitled: EntitledSeat = serde_json::from_slice(&seat[1]).map_err(|_| unreadable())?;
        Ok(NewSeat { entitled, code: digest(&seat[2])? })
    };
    let mut seats = found.chunks_exact(3).map(seat).collect::<Result<Vec<NewSeat>>>()?;
    seats.sort_by_key(|seat| seat.entitled.seat);
    let link = |link: &[Vec<u8>]| Ok((role_of(&link[1])?, digest(&link[0])?));
    let links = roles.chunks_exact(2).map(link).collect::<Result<Vec<_>>>()?;
    client.journal.adopt(stored, seats.clone(), links.clone()).await?;
    cache.state().is_adopted = true;
    client.journal.follow_slips(&cache.id, seats, series_in(&heads)).await?;
    let (mut facts, erased) = facts(answer)?;
    facts.extend(links.into_iter().map(|(role, link)| Fact::Link { link, role }));
    client.journal.note(&cache.id, facts).await?;
    for round in erased {
        if !client.journal.has_erased(&cache.id, round).await? {
            client.journal.erase_keys(&cache.id, round).await?;
        }
    }
    let keys = answer.list()?;
    for kept in keys.chunks_exact(2) {
        client.journal.keep_keys(&cache.id, number(&kept[0])?, &kept[1]).await?;
    }
    // A digest that was erased is zeros there too.
    let papers = answer.list()?;
    let paper = |paper: &[Vec<u8>]| {
        Ok(Fact::Paper { round: number(&paper[0])?, seat: number(&paper[1])?, digest: digest(&paper[2])? })
    };
    client.journal.note(&cache.id, papers.chunks_exact(3).map(paper).collect::<Result<_>>()?).await?;
    // What they take until the meeting is made again is in their own boxes only: the count waits for them.
    let casters = answer.texts()?;
    let others = casters.chunks_exact(3).filter(|caster| caster[1] != client.journal.server());
    let caster = |caster: &[String]| {
        let (round, sheets) = (number(caster[0].as_bytes())?, number(caster[2].as_bytes())?);
        Ok(Fact::Caster { round, server: caster[1].clone(), sheets })
    };
    client.journal.note(&cache.id, others.map(caster).collect::<Result<_>>()?).await?;
    Ok(meeting)
}

/// Claims and manifests; and the rounds whose keys are erased. Sessions did not know their links: pages open them again.
fn facts(answer: &mut StepAnswer) -> Result<(Vec<Fact>, Vec<u32>)> {
    let (taken, leads) = (answer.list()?, answer.list()?);
    let leads = leads.chunks_exact(2).map(|lead| Ok((number(&lead[0])?, number(&lead[1])?)));
    let leads: BTreeMap<u32, u16> = leads.collect::<Result<_>>()?;
    let mut facts = Vec::new();
    for claim in taken.chunks_exact(2) {
        let seat = number(&claim[0])?;
        let leads_subject = leads.get(&seat).copied();
        facts.push(Fact::Claim { seat, credential: digest(&claim[1])?, leads_subject });
    }
    for manifest in answer.list()?.chunks_exact(2) {
        facts.push(Fact::Manifest { round: number(&manifest[0])?, manifest: manifest[1].clone() });
    }
    let erased = answer.list()?.iter().map(|round| number(round)).collect::<Result<_>>()?;
    Ok((facts, erased))
}

/// Takes the ballots of a round into the own box. From then on this server is one that took them.
async fn take_ballots(
    client: &RedisClient,
    cache: &MeetingCache,
    meeting: &Meeting,
    round: &pingyi_rules::meeting::Round,
) -> Result<()> {
    let mut last = Vec::new();
    loop {
        let arguments = Arguments::new().and(round.number).and(last.as_slice()).and(PILE_MAX);
        let mut answer = client.ask(&cache.id, "", &READ_EARLIER_BOX, &arguments).await?;
        if answer.is_empty() || answer.text()? != "pile" {
            return Err(not_now());
        }
        let some = answer.list()?;
        let entry = |member: &Vec<u8>| {
            let item = member.get(TOKEN_BYTES..).and_then(BoxItem::decode).ok_or_else(unreadable)?;
            Ok(BoxEntry::Item(item))
        };
        let entries = some.iter().map(entry).collect::<Result<Vec<_>>>()?;
        if !entries.is_empty() {
            if last.is_empty() {
                client.journal.prepare_box(meeting, round).await?;
                client.note(cache, Fact::Casting { round: round.number }).await?;
            }
            client.journal.put(&cache.id, round.number, &entries).await?;
        }
        match some.into_iter().nth(PILE_MAX - 1) {
            Some(next) => last = next,
            None => return Ok(()),
        }
    }
}
