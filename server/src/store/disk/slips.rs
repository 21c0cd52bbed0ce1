//! The statements for slips that are replaced: the codes of free seats, and which series of them each group has.

use rusqlite::{Connection, OptionalExtension, params};

use super::database::Effect;
use super::meetings;
use crate::store::{Digest, NewSeat, NewSlips, Result, SlipSeries, SlipsReplaced};
use pingyi_rules::meeting::Meeting;

/// Gives the free seats of a group new codes, with the document that says so (rules l62 to l65).
pub(in crate::store) fn replace(
    db: &Connection,
    seen: u32,
    meeting: &Meeting,
    new: &NewSlips,
    epoch: &str,
) -> Result<(SlipsReplaced, Effect)> {
    let answer = |replaced| Ok((replaced, Effect::None));
    let stored: Option<u32> = db
        .prepare_cached("SELECT version FROM meetings WHERE id = ?1")?
        .query_row([&meeting.id], |row| row.get(0))
        .optional()?;
    let Some(version) = stored else { return answer(SlipsReplaced::Unknown) };
    let before = series_of(db, &meeting.id, &new.group)?;
    if before.series == new.series && all_are_there(db, meeting, new)? {
        return answer(SlipsReplaced::Before);
    }
    if version != seen {
        return answer(SlipsReplaced::Stale);
    }
    if !meeting.takes_new_slips() {
        return answer(SlipsReplaced::NotNow);
    }
    if new.series != before.series + 1 || !new.are_distinct() || one_is_there(db, new)? {
        return answer(SlipsReplaced::Another);
    }
    let free = free_seats(db, &meeting.id, &new.group)?;
    let count = u32::try_from(free.len()).unwrap_or(u32::MAX);
    if free.is_empty() || free.len() != new.codes.len() {
        return answer(SlipsReplaced::SeatsFree(count));
    }
    let mut update = db.prepare_cached("UPDATE seats SET code = ?3 WHERE meeting = ?1 AND seat = ?2")?;
    for (seat, code) in free.iter().zip(&new.codes) {
        update.execute(params![meeting.id, seat, code])?;
    }
    let now = SlipSeries { group: new.group.clone(), series: new.series, void: before.void + count };
    set_series(db, &meeting.id, &now)?;
    let (_, effect) = meetings::replace(db, seen, meeting, epoch)?;
    let effect = match effect {
        Effect::Meeting(stored) => Effect::MeetingAndSeats(stored),
        other => other,
    };
    Ok((SlipsReplaced::Now(seen + 1), effect))
}

fn all_are_there(db: &Connection, meeting: &Meeting, new: &NewSlips) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM seats WHERE code = ?1 AND meeting = ?2 AND grp = ?3)";
    let mut is_there = db.prepare_cached(sql)?;
    for code in &new.codes {
        if !is_there.query_row(params![code, meeting.id, new.group], |row| row.get::<_, bool>(0))? {
            return Ok(false);
        }
    }
    Ok(!new.codes.is_empty())
}

/// Whether one of the codes is a seat's already, in whatever meeting.
fn one_is_there(db: &Connection, new: &NewSlips) -> Result<bool> {
    let mut is_there = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM seats WHERE code = ?1)")?;
    for code in &new.codes {
        if is_there.query_row([code], |row| row.get::<_, bool>(0))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn free_seats(db: &Connection, meeting: &str, group: &str) -> Result<Vec<u32>> {
    let mut statement = db.prepare_cached(
        "SELECT seat FROM seats INDEXED BY seats_that_are_free WHERE meeting = ?1 AND grp = ?2 AND taken = 0 ORDER BY seat",
    )?;
    Ok(statement.query_map([meeting, group], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The series of a group; none was replaced where nothing is noted.
fn series_of(db: &Connection, meeting: &str, group: &str) -> Result<SlipSeries> {
    let noted = db
        .prepare_cached("SELECT series, void FROM slips WHERE meeting = ?1 AND grp = ?2")?
        .query_row([meeting, group], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (series, void) = noted.unwrap_or_default();
    Ok(SlipSeries { group: group.to_owned(), series, void })
}

/// The series of every group whose slips were replaced.
pub(in crate::store) fn all_series(db: &Connection, meeting: &str) -> Result<Vec<SlipSeries>> {
    let mut statement = db.prepare_cached("SELECT grp, series, void FROM slips WHERE meeting = ?1 ORDER BY grp")?;
    let rows = statement
        .query_map([meeting], |row| Ok(SlipSeries { group: row.get(0)?, series: row.get(1)?, void: row.get(2)? }))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn set_series(db: &Connection, meeting: &str, series: &SlipSeries) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO slips VALUES (?1, ?2, ?3, ?4) ON CONFLICT (meeting, grp) DO UPDATE SET series = ?3, void = ?4",
    )?
    .execute(params![meeting, series.group, series.series, series.void])?;
    Ok(())
}

/// Takes over the codes of a meeting's seats and the series that they are of, but for a group of which a later series is here.
pub(in crate::store) fn follow(db: &Connection, meeting: &str, seats: &[NewSeat], series: &[SlipSeries]) -> Result<()> {
    let mut update = db.prepare_cached("UPDATE seats SET code = ?3 WHERE meeting = ?1 AND seat = ?2 AND code <> ?3")?;
    for of_group in series {
        if series_of(db, meeting, &of_group.group)?.series > of_group.series {
            continue;
        }
        for seat in seats.iter().filter(|seat| seat.entitled.group == of_group.group) {
            update.execute(params![meeting, seat.entitled.seat, seat.code])?;
        }
        set_series(db, meeting, of_group)?;
    }
    Ok(())
}

/// The codes of a group, by seat.
pub(in crate::store) fn codes(db: &Connection, meeting: &str, group: &str) -> Result<Vec<(u32, Digest)>> {
    let mut statement =
        db.prepare_cached("SELECT seat, code FROM seats WHERE meeting = ?1 AND grp = ?2 ORDER BY seat")?;
    Ok(statement.query_map([meeting, group], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
}
