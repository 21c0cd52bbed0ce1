//! What a server brings back after lost history, from its own copy: what is there already stays, but for documents and slips, of
//! which the latest stay. It does not know when it is asked to.

use crate::store::Result;
use crate::store::disk::journal::Fact;
use crate::store::redis::client::meeting_cache::MeetingCache;
use crate::store::redis::client::step::{Arguments, StepAnswer, steps};
use crate::store::redis::client::{DIRECTORY, RedisClient, not_now};
use crate::store::redis::copy::word_of;
use crate::store::redis::directory::NAME_MEETINGS;
use crate::store::redis::progress::caster_facts;
use crate::store::redis::sealing::{Kind, document};
use crate::store::redis::sign_off::merge_box;

/// Facts in one step: other callers wait no longer than a few milliseconds.
const FACTS_A_STEP: usize = 500;

steps! {
    MERGE_DOCUMENT: "recovery/merge_document";
    MERGE_FACTS: "parts/seat_groups", "parts/take_seat", "parts/limited_lists", "parts/erase_round_keys", "parts/slip_codes", "recovery/merge_facts";
}

/// Brings back all that this server has of a meeting, or names all its meetings again.
pub(in crate::store::redis) async fn bring_back(client: &RedisClient, cache: &MeetingCache, epoch: &str) -> Result<()> {
    if cache.id == DIRECTORY {
        for meeting in client.journal.meetings().await? {
            name_again(client, &meeting, epoch).await?;
        }
        return Ok(());
    }
    let Some(stored) = client.journal.stored(&cache.id).await? else { return Ok(()) };
    let mut document = Arguments::new().and(stored.version);
    document.extend(document::written(&client.sealing, &stored.meeting)?);
    merged(client.ask(&cache.id, epoch, &MERGE_DOCUMENT, &document).await?)?;
    // In memory the sheets of other servers are as of the last look; the copy is a second behind.
    let mut facts = caster_facts(client, &cache.state().casters);
    facts.extend(client.journal.facts(&cache.id).await?);
    for some in facts.chunks(FACTS_A_STEP) {
        let mut arguments = Arguments::new();
        some.iter().try_for_each(|fact| push_fact(&mut arguments, client, &cache.id, fact))?;
        merged(client.ask(&cache.id, epoch, &MERGE_FACTS, &arguments).await?)?;
    }
    // Keys that are of no round stand under the number 0.
    for round in stored.meeting.rounds.iter().map(|round| round.number).chain([0]) {
        let Some(keys) = client.journal.keys(&cache.id, round).await? else { continue };
        let erased = facts.contains(&Fact::Erased { round });
        let keys = client.sealing.keys(&cache.id, round, &keys)?;
        let arguments = Arguments::new().and("keys").and(format!("{round}:{}", u8::from(erased))).and(keys);
        merged(client.ask(&cache.id, epoch, &MERGE_FACTS, &arguments).await?)?;
    }
    for fact in &facts {
        if let Fact::Casting { round } = fact {
            merge_box(client, cache, epoch, *round).await?;
        }
    }
    Ok(())
}

fn merged(mut answer: StepAnswer) -> Result<()> {
    if answer.is_empty() {
        return Err(not_now());
    }
    match answer.text()?.as_str() {
        "merged" | "named" | "left_out" => Ok(()),
        _ => Err(not_now()),
    }
}

fn push_fact(arguments: &mut Arguments, client: &RedisClient, meeting: &str, fact: &Fact) -> Result<()> {
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
            arguments.push(client.sealing.seal(Kind::Manifest, meeting, *round, manifest)?);
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
async fn name_again(client: &RedisClient, meeting: &str, epoch: &str) -> Result<()> {
    let Some(stored) = client.journal.stored(meeting).await? else { return Ok(()) };
    let (seats, links) = client.journal.seats_and_links(meeting).await?;
    let mut names: Vec<(&str, Vec<u8>)> = seats.iter().map(|seat| ("code", seat.code.to_vec())).collect();
    names.extend(links.iter().map(|(_, link)| ("link", link.to_vec())));
    for fact in client.journal.facts(meeting).await? {
        match fact {
            Fact::Claim { credential, .. } => names.push(("credential", credential.to_vec())),
            Fact::Session { session, .. } => names.push(("session", session.to_vec())),
            _ => {}
        }
    }
    let summary = Arguments::new().and("summary").and(meeting).and(document::summary(&stored.meeting, stored.version)?);
    merged(client.ask(DIRECTORY, epoch, &NAME_MEETINGS, &summary).await?)?;
    for some in names.chunks(FACTS_A_STEP) {
        let mut arguments = Arguments::new();
        for (kind, name) in some {
            arguments = arguments.and(*kind).and(name.as_slice()).and(meeting);
        }
        merged(client.ask(DIRECTORY, epoch, &NAME_MEETINGS, &arguments).await?)?;
    }
    Ok(())
}
