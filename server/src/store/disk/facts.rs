//! The statements of a server's own copy of meetings that are held elsewhere: what it wrote and read, kept so that what
//! is lost there can be filled again from it. The tables are the local store's, so that erasing is the same too. What is there
//! stays, but for a meeting's document, of which the highest version stays.

use rusqlite::{Connection, OptionalExtension, params};

use super::meetings::{self, of_word, word};
use super::slips;
use crate::role::Role;
use crate::store::{Digest, NewMeeting, NewSeat, Result, SlipSeries, StoreError, Stored};
use pingyi_rules::meeting::plan::EntitledSeat;

/// Something that a server wrote, beside documents, seats, links and ballots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) enum Fact {
    /// A seat was taken.
    Claim { seat: u32, credential: Digest, leads_subject: Option<u16> },
    /// A seat has papers.
    Paper { round: u32, seat: u32, digest: Digest },
    /// A session was opened.
    Session { session: Digest, role: Role, link: String },
    /// A link was added.
    Link { link: Digest, role: Role },
    /// A round has a manifest.
    Manifest { round: u32, manifest: Vec<u8> },
    /// The keys of a round were erased.
    Erased { round: u32 },
    /// This server took ballots of the round, or may have.
    Casting { round: u32 },
    /// The slips of a group were replaced, and these are the codes of all its seats.
    Slips { series: SlipSeries, codes: Vec<(u32, Digest)> },
    /// Another server may have taken ballots of the round, and took so many sheets.
    Caster { round: u32, server: String, sheets: u32 },
}

pub(in crate::store) fn adopt(
    db: &Connection,
    stored: &Stored,
    seats: &[NewSeat],
    links: &[(Role, Digest)],
) -> Result<()> {
    let new = NewMeeting { meeting: stored.meeting.clone(), seats: seats.to_vec(), links: links.to_vec() };
    // Made or there already: in both cases it is brought to this version.
    meetings::create(db, &new, &stored.epoch)?;
    follow(db, stored)
}

pub(in crate::store) fn follow(db: &Connection, stored: &Stored) -> Result<()> {
    if epoch_of(db, &stored.meeting.id)?.is_none() {
        set_epoch(db, &stored.meeting.id, &stored.epoch)?;
    }
    let there: Option<u32> = db
        .prepare_cached("SELECT version FROM meetings WHERE id = ?1")?
        .query_row([&stored.meeting.id], |row| row.get(0))
        .optional()?;
    if there.is_none_or(|there| there >= stored.version) {
        return Ok(());
    }
    db.prepare_cached(
        "UPDATE meetings SET version = ?2, title = ?3, host = ?4, phase = ?5, document = ?6 WHERE id = ?1",
    )?
    .execute(params![
        stored.meeting.id,
        stored.version,
        stored.meeting.plan.title,
        stored.meeting.plan.host,
        word(&stored.meeting.phase)?,
        meetings::document(&stored.meeting)?
    ])?;
    meetings::prepare_papers(db, &stored.meeting)
}

pub(in crate::store) fn stored(db: &Connection, meeting: &str) -> Result<Option<Stored>> {
    let epoch = epoch_of(db, meeting)?;
    // A meeting without an epoch belongs to this directory alone, from when it was a local store.
    match epoch {
        Some(epoch) => meetings::load(db, meeting, &epoch),
        None => Ok(None),
    }
}

/// The epoch that a meeting was last brought to; none where it is not held elsewhere.
pub(in crate::store) fn epoch_of(db: &Connection, meeting: &str) -> Result<Option<String>> {
    get(db, &format!("epoch {meeting}"))
}

pub(in crate::store) fn set_epoch(db: &Connection, meeting: &str, epoch: &str) -> Result<()> {
    set(db, &format!("epoch {meeting}"), epoch)
}

pub(in crate::store) fn meetings(db: &Connection) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM meetings WHERE phase <> 'archived'
         AND EXISTS (SELECT 1 FROM store WHERE name = 'epoch ' || meetings.id) ORDER BY number",
    )?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

pub(in crate::store) fn archived(db: &Connection) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM meetings WHERE phase = 'archived'
         AND EXISTS (SELECT 1 FROM store WHERE name = 'epoch ' || meetings.id) ORDER BY number",
    )?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The seats of a meeting with their codes, and its links.
pub(in crate::store) type SeatsAndLinks = (Vec<NewSeat>, Vec<(Role, Digest)>);

pub(in crate::store) fn seats_and_links(db: &Connection, meeting: &str) -> Result<SeatsAndLinks> {
    let mut statement = db.prepare_cached("SELECT entitled, code FROM seats WHERE meeting = ?1 ORDER BY seat")?;
    let rows = statement.query_map([meeting], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let seat = |row: rusqlite::Result<(String, Digest)>| {
        let (entitled, code) = row?;
        let entitled: EntitledSeat = serde_json::from_str(&entitled)
            .map_err(|_| StoreError::Broken("a stored seat cannot be read".to_owned()))?;
        Ok(NewSeat { entitled, code })
    };
    let seats = rows.map(seat).collect::<Result<_>>()?;
    Ok((seats, meetings::links(db, meeting)?))
}

pub(in crate::store) fn note(db: &Connection, meeting: &str, fact: &Fact) -> Result<()> {
    match fact {
        Fact::Claim { seat, credential, leads_subject } => {
            db.prepare_cached(
                "UPDATE seats SET taken = 1, credential = ?3, leads = ?4 WHERE meeting = ?1 AND seat = ?2 AND taken = 0
                 AND NOT EXISTS (SELECT 1 FROM seats WHERE taken = 1 AND credential = ?3)",
            )?
            .execute(params![meeting, seat, credential, leads_subject])?;
        }
        Fact::Paper { round, seat, digest } => note_paper(db, meeting, *round, *seat, digest)?,
        Fact::Session { session, role, link } => {
            let role = word(role)?;
            db.prepare_cached(
                "INSERT OR IGNORE INTO sessions (session, meeting, role, link)
                 SELECT ?1, id, ?3, ?4 FROM meetings WHERE id = ?2",
            )?
            .execute(params![session, meeting, role, link])?;
            meetings::make_room(db, meeting, &role)?;
        }
        Fact::Link { link, role } => {
            meetings::add_link(db, meeting, *role, link)?;
        }
        Fact::Manifest { round, manifest } => {
            meetings::keep_manifest(db, meeting, *round, manifest)?;
        }
        Fact::Erased { round } => note_erased(db, meeting, *round)?,
        // Taken over with all seats of the meeting, see `slips::follow`.
        Fact::Slips { .. } => {}
        Fact::Casting { round } => set(db, &format!("casting {meeting} {round}"), "")?,
        Fact::Caster { round, server, sheets } => {
            set(db, &format!("caster {meeting} {round}:{server}"), &sheets.to_string())?;
        }
    }
    Ok(())
}

/// In place: the row is there in full length since the round was armed, so that erasing the digest erases the only copy.
fn note_paper(db: &Connection, meeting: &str, round: u32, seat: u32, digest: &Digest) -> Result<()> {
    let note = || -> Result<usize> {
        Ok(db
            .prepare_cached(
                "UPDATE papers SET issued = 1, digest = ?4 WHERE meeting = ?1 AND round = ?2 AND seat = ?3",
            )?
            .execute(params![meeting, round, seat, digest])?)
    };
    if note()? == 0 {
        meetings::make_papers(db, meeting, round)?;
        note()?;
    }
    Ok(())
}

pub(in crate::store) fn note_erased(db: &Connection, meeting: &str, round: u32) -> Result<()> {
    meetings::erase_digests(db, meeting, round)?;
    set(db, &format!("erased {meeting} {round}"), "")
}

pub(in crate::store) fn has_erased(db: &Connection, meeting: &str, round: u32) -> Result<bool> {
    Ok(get(db, &format!("erased {meeting} {round}"))?.is_some())
}

pub(in crate::store) fn facts(db: &Connection, meeting: &str) -> Result<Vec<Fact>> {
    let mut facts = Vec::new();
    let mut statement =
        db.prepare_cached("SELECT seat, credential, leads FROM seats WHERE meeting = ?1 AND taken = 1")?;
    let rows = statement.query_map([meeting], |row| {
        Ok(Fact::Claim { seat: row.get(0)?, credential: row.get(1)?, leads_subject: row.get(2)? })
    })?;
    facts.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    let mut statement =
        db.prepare_cached("SELECT round, seat, digest FROM papers WHERE meeting = ?1 AND issued = 1")?;
    let rows = statement
        .query_map([meeting], |row| Ok(Fact::Paper { round: row.get(0)?, seat: row.get(1)?, digest: row.get(2)? }))?;
    facts.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    let mut statement =
        db.prepare_cached("SELECT session, role, link FROM sessions WHERE meeting = ?1 ORDER BY number")?;
    let rows = statement.query_map([meeting], |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?)))?;
    for row in rows {
        let (session, role, link) = row?;
        facts.push(Fact::Session { session, role: of_word(role)?, link });
    }
    let mut statement = db.prepare_cached("SELECT round, manifest FROM manifests WHERE meeting = ?1")?;
    let rows =
        statement.query_map([meeting], |row| Ok(Fact::Manifest { round: row.get(0)?, manifest: row.get(1)? }))?;
    facts.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    for series in slips::all_series(db, meeting)? {
        facts.push(Fact::Slips { codes: slips::codes(db, meeting, &series.group)?, series });
    }
    for round in named(db, "erased", meeting)?.iter().filter_map(|round| round.parse().ok()) {
        facts.push(Fact::Erased { round });
    }
    for round in named(db, "casting", meeting)?.iter().filter_map(|round| round.parse().ok()) {
        facts.push(Fact::Casting { round });
    }
    for name in named(db, "caster", meeting)? {
        let sheets = get(db, &format!("caster {meeting} {name}"))?.and_then(|sheets| sheets.parse().ok());
        let Some((round, server)) = name.split_once(':') else { continue };
        if let (Ok(round), Some(sheets)) = (round.parse(), sheets) {
            facts.push(Fact::Caster { round, server: server.to_owned(), sheets });
        }
    }
    Ok(facts)
}

/// Forgets which other servers may have taken ballots.
pub(in crate::store) fn forget_casters(db: &Connection, meeting: &str) -> Result<()> {
    db.prepare_cached("DELETE FROM store WHERE substr(name, 1, length(?1)) = ?1")?
        .execute([format!("caster {meeting} ")])?;
    Ok(())
}

fn set(db: &Connection, name: &str, value: &str) -> Result<()> {
    db.prepare_cached("INSERT INTO store VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")?
        .execute([name, value])?;
    Ok(())
}

fn get(db: &Connection, name: &str) -> Result<Option<String>> {
    Ok(db.prepare_cached("SELECT value FROM store WHERE name = ?1")?.query_row([name], |row| row.get(0)).optional()?)
}

/// What follows the meeting in names such as `casting abcd2345 1`.
fn named(db: &Connection, what: &str, meeting: &str) -> Result<Vec<String>> {
    let head = format!("{what} {meeting} ");
    let mut statement = db.prepare_cached("SELECT name FROM store WHERE substr(name, 1, length(?1)) = ?1")?;
    let rows = statement.query_map([&head], |row| row.get::<_, String>(0))?;
    let names = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(names.into_iter().map(|name| name[head.len()..].to_owned()).collect())
}
