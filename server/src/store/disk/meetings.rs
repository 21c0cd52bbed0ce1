//! The statements for meetings, links, sessions and manifests.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::database::Effect;
use crate::role::Role;
use crate::secret::link_id;
use crate::store::{Created, Digest, MeetingSummary, NewMeeting, Replaced, Result, RoleSession, StoreError, Stored};
use pingyi_rules::meeting::Meeting;

/// Links that a role of a meeting may have.
const CAPABILITIES_MAX: u32 = 20;
/// Sessions that a role of a meeting may have.
const SESSIONS_MAX: u32 = 20;

/// An enum's word, as it is on the wire.
pub(in crate::store) fn word(value: &impl Serialize) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Broken("a value has no word".to_owned())),
    }
}

pub(in crate::store) fn of_word<T: DeserializeOwned>(word: String) -> Result<T> {
    serde_json::from_value(word.into()).map_err(|_| StoreError::Broken("a stored word is not known".to_owned()))
}

pub(in crate::store) fn document(meeting: &Meeting) -> Result<String> {
    serde_json::to_string(meeting).map_err(|_| StoreError::Broken("a meeting cannot be written".to_owned()))
}

pub(in crate::store) fn create(db: &Connection, new: &NewMeeting, epoch: &str) -> Result<(Created, Effect)> {
    let meeting = &new.meeting;
    let made = db
        .prepare_cached(
            "INSERT INTO meetings (id, version, title, host, phase, document) VALUES (?1, 1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            meeting.id,
            meeting.plan.title,
            meeting.plan.host,
            word(&meeting.phase)?,
            document(meeting)?
        ])?;
    if made == 0 {
        return Ok((Created::Exists, Effect::None));
    }
    let mut seat = db.prepare_cached(
        "INSERT INTO seats (meeting, seat, grp, entitled, named, code, taken, credential)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, zeroblob(32))",
    )?;
    for new in &new.seats {
        let entitled = serde_json::to_string(&new.entitled);
        let entitled = entitled.map_err(|_| StoreError::Broken("a seat cannot be written".to_owned()))?;
        let (number, group) = (new.entitled.seat, &new.entitled.group);
        seat.execute(params![meeting.id, number, group, entitled, new.entitled.leads_subject, new.code])?;
    }
    let mut link = db.prepare_cached("INSERT INTO capabilities (capability, meeting, role) VALUES (?1, ?2, ?3)")?;
    for (role, digest) in &new.links {
        link.execute(params![digest, meeting.id, word(role)?])?;
    }
    prepare_papers(db, meeting)?;
    let stored = Stored { meeting: meeting.clone(), epoch: epoch.to_owned(), version: 1 };
    Ok((Created::Made, Effect::Meeting(Arc::new(stored))))
}

pub(in crate::store) fn list(db: &Connection, limit: u32) -> Result<Vec<MeetingSummary>> {
    let mut statement = db.prepare_cached(
        "SELECT id, title, host, phase FROM meetings WHERE phase <> 'archived' ORDER BY number DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    rows.map(|row| {
        let (id, title, host, phase) = row?;
        Ok(MeetingSummary { id, title, host, phase: of_word(phase)? })
    })
    .collect()
}

pub(in crate::store) fn is_there(db: &Connection, meeting: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM meetings WHERE id = ?1)";
    Ok(db.prepare_cached(sql)?.query_row([meeting], |row| row.get(0))?)
}

pub(in crate::store) fn load(db: &Connection, meeting: &str, epoch: &str) -> Result<Option<Stored>> {
    let row = db
        .prepare_cached("SELECT version, document FROM meetings WHERE id = ?1")?
        .query_row([meeting], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
        .optional()?;
    let Some((version, document)) = row else { return Ok(None) };
    let meeting = serde_json::from_str(&document).map_err(|error| {
        StoreError::Broken(format!("a stored meeting cannot be read, at column {}", error.column()))
    })?;
    Ok(Some(Stored { meeting, epoch: epoch.to_owned(), version }))
}

pub(in crate::store) fn replace(
    db: &Connection,
    seen: u32,
    meeting: &Meeting,
    epoch: &str,
) -> Result<(Replaced, Effect)> {
    let version: Option<u32> = db
        .prepare_cached("SELECT version FROM meetings WHERE id = ?1")?
        .query_row([&meeting.id], |row| row.get(0))
        .optional()?;
    match version {
        None => return Ok((Replaced::Unknown, Effect::None)),
        Some(version) if version != seen => return Ok((Replaced::Stale, Effect::None)),
        Some(_) => {}
    }
    let version = seen + 1;
    db.prepare_cached(
        "UPDATE meetings SET version = ?2, title = ?3, host = ?4, phase = ?5, document = ?6 WHERE id = ?1",
    )?
    .execute(params![
        meeting.id,
        version,
        meeting.plan.title,
        meeting.plan.host,
        word(&meeting.phase)?,
        document(meeting)?
    ])?;
    prepare_papers(db, meeting)?;
    let stored = Stored { meeting: meeting.clone(), epoch: epoch.to_owned(), version };
    Ok((Replaced::Now(version), Effect::Meeting(Arc::new(stored))))
}

/// Every seat's row for a round that issues papers, in full length: noting a paper then changes bytes in place.
pub(in crate::store) fn prepare_papers(db: &Connection, meeting: &Meeting) -> Result<()> {
    for round in meeting.rounds.iter().filter(|round| round.state.issues_papers()) {
        let there = db
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM papers WHERE meeting = ?1 AND round = ?2)")?
            .query_row(params![meeting.id, round.number], |row| row.get::<_, bool>(0))?;
        if !there {
            make_papers(db, &meeting.id, round.number)?;
        }
    }
    Ok(())
}

pub(in crate::store) fn make_papers(db: &Connection, meeting: &str, round: u32) -> Result<()> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO papers SELECT meeting, ?2, seat, 0, zeroblob(32) FROM seats WHERE meeting = ?1 ORDER BY seat",
    )?
    .execute(params![meeting, round])?;
    Ok(())
}

pub(in crate::store) fn seat_rows(db: &Connection, meeting: &str) -> Result<u32> {
    Ok(db.query_row("SELECT count(*) FROM seats WHERE meeting = ?1", [meeting], |row| row.get(0))?)
}

pub(in crate::store) fn erase_digests(db: &Connection, meeting: &str, round: u32) -> Result<((), Effect)> {
    db.execute(
        "UPDATE papers SET digest = zeroblob(32) WHERE meeting = ?1 AND round = ?2 AND digest <> zeroblob(32)",
        params![meeting, round],
    )?;
    Ok(((), Effect::None))
}

pub(in crate::store) fn keep_manifest(
    db: &Connection,
    meeting: &str,
    round: u32,
    manifest: &[u8],
) -> Result<(Vec<u8>, Effect)> {
    db.execute("INSERT OR IGNORE INTO manifests VALUES (?1, ?2, ?3)", params![meeting, round, manifest])?;
    let kept = self::manifest(db, meeting, round)?;
    let kept = kept.ok_or_else(|| StoreError::Broken("no meeting to keep a manifest for".to_owned()))?;
    Ok((kept, Effect::None))
}

pub(in crate::store) fn manifest(db: &Connection, meeting: &str, round: u32) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT manifest FROM manifests WHERE meeting = ?1 AND round = ?2";
    Ok(db.prepare_cached(sql)?.query_row(params![meeting, round], |row| row.get(0)).optional()?)
}

pub(in crate::store) type OpenedLink = Option<(String, Role)>;

/// Gives a role one more link; the oldest make room. A link has no time, so that the oldest is the one that was stored first.
pub(in crate::store) fn add_link(db: &Connection, meeting: &str, role: Role, link: &Digest) -> Result<((), Effect)> {
    let role = word(&role)?;
    db.prepare_cached(
        "INSERT INTO capabilities (capability, meeting, role) SELECT ?1, id, ?3 FROM meetings WHERE id = ?2
         ON CONFLICT (capability) DO NOTHING",
    )?
    .execute(params![link, meeting, role])?;
    db.prepare_cached(
        "DELETE FROM capabilities WHERE meeting = ?1 AND role = ?2 AND number NOT IN
         (SELECT number FROM capabilities WHERE meeting = ?1 AND role = ?2 ORDER BY number DESC LIMIT ?3)",
    )?
    .execute(params![meeting, role, CAPABILITIES_MAX])?;
    Ok(((), Effect::None))
}

pub(in crate::store) fn remove_link(db: &Connection, meeting: &str, link: &Digest) -> Result<((), Effect)> {
    db.prepare_cached("DELETE FROM capabilities WHERE meeting = ?1 AND capability = ?2")?
        .execute(params![meeting, link])?;
    Ok(((), Effect::None))
}

pub(in crate::store) fn links(db: &Connection, meeting: &str) -> Result<Vec<(Role, Digest)>> {
    let mut statement =
        db.prepare_cached("SELECT role, capability FROM capabilities WHERE meeting = ?1 ORDER BY number")?;
    let rows = statement.query_map([meeting], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    rows.map(|row| row.map_err(StoreError::from).and_then(|(role, digest)| Ok((of_word(role)?, digest)))).collect()
}

pub(in crate::store) fn has_link(db: &Connection, link: &Digest) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM capabilities WHERE capability = ?1)";
    Ok(db.prepare_cached(sql)?.query_row([link], |row| row.get(0))?)
}

pub(in crate::store) fn open_session(db: &Connection, link: &Digest, session: &Digest) -> Result<(OpenedLink, Effect)> {
    let given = db
        .prepare_cached("SELECT meeting, role FROM capabilities WHERE capability = ?1")?
        .query_row([link], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
        .optional()?;
    let Some((meeting, role)) = given else { return Ok((None, Effect::None)) };
    db.prepare_cached(
        "INSERT INTO sessions (session, meeting, role, link) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (session) DO NOTHING",
    )?
    .execute(params![session, meeting, role, link_id(link)])?;
    make_room(db, &meeting, &role)?;
    Ok((Some((meeting, of_word(role)?)), Effect::None))
}

/// The oldest sessions of a role make room.
pub(in crate::store) fn make_room(db: &Connection, meeting: &str, role: &str) -> Result<()> {
    db.prepare_cached(
        "DELETE FROM sessions WHERE meeting = ?1 AND role = ?2 AND number NOT IN
         (SELECT number FROM sessions WHERE meeting = ?1 AND role = ?2 ORDER BY number DESC LIMIT ?3)",
    )?
    .execute(params![meeting, role, SESSIONS_MAX])?;
    Ok(())
}

pub(in crate::store) fn session(db: &Connection, session: &Digest) -> Result<Option<RoleSession>> {
    let found = db
        .prepare_cached("SELECT meeting, role, link FROM sessions WHERE session = ?1")?
        .query_row([session], |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?)))
        .optional()?;
    found.map(|(meeting, role, link)| Ok(RoleSession { meeting, role: of_word(role)?, link })).transpose()
}
