//! The statements for seats and papers. A seat belongs to the first credential, and to nothing else that is stored here.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::cache::Counts;
use super::database::Effect;
use crate::store::{Claim, ClaimBy, Claimed, Digest, Issued, Result, Seat, SeatCount, StoreError};
use pingyi_rules::meeting::plan::{Admission, EntitledSeat};
use pingyi_rules::meeting::{Meeting, Phase};

const SEAT: &str = "SELECT meeting, seat, grp, leads, named, taken, credential FROM seats";

struct SeatRow {
    seat: Seat,
    named: Option<u16>,
    taken: bool,
    credential: Digest,
}

fn seat_row(row: &Row<'_>) -> rusqlite::Result<SeatRow> {
    let seat = Seat { meeting: row.get(0)?, seat: row.get(1)?, group: row.get(2)?, leads_subject: row.get(3)? };
    Ok(SeatRow { seat, named: row.get(4)?, taken: row.get(5)?, credential: row.get(6)? })
}

pub(in crate::store) fn seat(db: &Connection, credential: &Digest) -> Result<Option<Seat>> {
    let sql = format!("{SEAT} WHERE taken = 1 AND credential = ?1");
    Ok(db.prepare_cached(&sql)?.query_row([credential], seat_row).optional()?.map(|row| row.seat))
}

/// The meeting that a claim is for: the one of its code, or the open one that it names.
pub(in crate::store) fn meeting_of(db: &Connection, by: &ClaimBy) -> Result<Option<String>> {
    match by {
        ClaimBy::Code(code) => Ok(by_code(db, code)?.map(|row| row.seat.meeting)),
        ClaimBy::Open { meeting, .. } => Ok(Some(meeting.clone())),
    }
}

fn by_code(db: &Connection, code: &Digest) -> Result<Option<SeatRow>> {
    Ok(db.prepare_cached(&format!("{SEAT} WHERE code = ?1"))?.query_row([code], seat_row).optional()?)
}

/// Takes a seat (rules l4 to l8). `meeting` is the one that [`meeting_of`] named, where there is one.
pub(in crate::store) fn claim(db: &Connection, claim: &Claim, meeting: Option<&Meeting>) -> Result<(Claimed, Effect)> {
    let answer = |claimed| Ok((claimed, Effect::None));
    let Some(meeting) = meeting else { return answer(Claimed::Unknown) };
    let wanted = match &claim.by {
        ClaimBy::Code(code) => match by_code(db, code)? {
            None => return answer(Claimed::Unknown),
            Some(row) if row.taken && row.credential != claim.credential => return answer(Claimed::Taken),
            Some(row) => Some(row),
        },
        ClaimBy::Open { group, .. } => {
            if meeting.plan.admission != Admission::Open || meeting.plan.group(group).is_none() {
                return answer(Claimed::Unknown);
            }
            None
        }
    };
    // One credential, one seat: a phone that asks with a second code keeps the seat that it has, and the code stays free.
    if let Some(seat) = seat(db, &claim.credential)? {
        return answer(Claimed::Seated(seat));
    }
    match meeting.phase {
        Phase::Draft => return answer(Claimed::NotYetOpen),
        Phase::Checkin | Phase::InSession => {}
        Phase::Closed | Phase::Archived => return answer(Claimed::MeetingIsOver),
    }
    let free = match (wanted, &claim.by) {
        (Some(row), _) => Some(row),
        (None, ClaimBy::Open { group, .. }) => next_free(db, &meeting.id, group)?,
        (None, ClaimBy::Code(_)) => None,
    };
    let Some(free) = free else { return answer(Claimed::Full) };
    let leads = match led_subject(db, claim, meeting, &free)? {
        Ok(leads) => leads,
        Err(claimed) => return answer(claimed),
    };
    db.prepare_cached("UPDATE seats SET taken = 1, credential = ?3, leads = ?4 WHERE meeting = ?1 AND seat = ?2")?
        .execute(params![meeting.id, free.seat.seat, claim.credential, leads])?;
    let seat = Seat { leads_subject: leads, ..free.seat };
    Ok((Claimed::Seated(seat), Effect::Seats(meeting.id.clone())))
}

fn next_free(db: &Connection, meeting: &str, group: &str) -> Result<Option<SeatRow>> {
    // The index is named because the planner would rather read every seat that is taken, which ten thousand claims feel.
    let sql = format!(
        "{SEAT} INDEXED BY seats_that_are_free WHERE meeting = ?1 AND grp = ?2 AND taken = 0 ORDER BY seat LIMIT 1"
    );
    Ok(db.prepare_cached(&sql)?.query_row([meeting, group], seat_row).optional()?)
}

/// Which subject the voter of a free seat leads, or what to answer instead.
fn led_subject(
    db: &Connection,
    claim: &Claim,
    meeting: &Meeting,
    free: &SeatRow,
) -> Result<std::result::Result<Option<u16>, Claimed>> {
    if let Some(named) = free.named {
        return Ok(Ok(Some(named)));
    }
    let group = &free.seat.group;
    let (leaders, entitled) = meeting.plan.group(group).map_or((0, 0), |group| (group.leaders, group.entitled));
    let named: u32 = db
        .prepare_cached(
            "SELECT count(*) FROM seats INDEXED BY seats_that_are_named
             WHERE meeting = ?1 AND named IS NOT NULL AND grp = ?2",
        )?
        .query_row([&meeting.id, group], |row| row.get(0))?;
    // Where the roster names every leader of the group, this seat is none.
    if leaders <= named {
        return Ok(Ok(None));
    }
    let led = led_subjects(db, &meeting.id)?;
    let none_allowed = entitled > leaders;
    match claim.leads_subject {
        Some(0) if none_allowed => Ok(Ok(None)),
        Some(subject) if led.contains(&subject) => Ok(Err(Claimed::BranchIsTaken)),
        Some(subject) if meeting.plan.subject(subject).is_some() => Ok(Ok(Some(subject))),
        _ => {
            let mut subjects: Vec<u16> = meeting.plan.subjects.iter().map(|subject| subject.id).collect();
            subjects.retain(|subject| !led.contains(subject));
            subjects.sort_unstable();
            let (meeting, group) = (meeting.id.clone(), group.clone());
            Ok(Err(Claimed::WhichBranch { meeting, group, subjects, none_allowed }))
        }
    }
}

/// Subjects that a seat leads by claim, or will by the roster.
fn led_subjects(db: &Connection, meeting: &str) -> Result<BTreeSet<u16>> {
    let mut statement = db.prepare_cached(
        "SELECT leads FROM seats WHERE meeting = ?1 AND leads IS NOT NULL
         UNION SELECT named FROM seats WHERE meeting = ?1 AND named IS NOT NULL",
    )?;
    Ok(statement.query_map([meeting], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

pub(in crate::store) fn roster(db: &Connection, meeting: &str) -> Result<Vec<EntitledSeat>> {
    let mut statement = db.prepare_cached("SELECT entitled FROM seats WHERE meeting = ?1 ORDER BY seat")?;
    let rows = statement.query_map([meeting], |row| row.get::<_, String>(0))?;
    rows.map(|row| {
        serde_json::from_str(&row?).map_err(|_| StoreError::Broken("a stored seat cannot be read".to_owned()))
    })
    .collect()
}

/// Notes a paper. The caller has made sure that the round issues papers.
pub(in crate::store) fn issue(
    db: &Connection,
    meeting: &str,
    round: u32,
    seat: u32,
    digest: &Digest,
) -> Result<(Issued, Effect)> {
    let noted: Option<(bool, Digest)> = db
        .prepare_cached("SELECT issued, digest FROM papers WHERE meeting = ?1 AND round = ?2 AND seat = ?3")?
        .query_row(params![meeting, round, seat], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match noted {
        None => Ok((Issued::NotNow, Effect::None)),
        Some((true, noted)) if noted == *digest => Ok((Issued::Sign, Effect::None)),
        Some((true, _)) => Ok((Issued::OtherPapers, Effect::None)),
        Some((false, _)) => {
            db.prepare_cached(
                "UPDATE papers SET issued = 1, digest = ?4 WHERE meeting = ?1 AND round = ?2 AND seat = ?3",
            )?
            .execute(params![meeting, round, seat, digest])?;
            Ok((Issued::Sign, Effect::Seats(meeting.to_owned())))
        }
    }
}

pub(in crate::store) fn counts(db: &Connection, meeting: &str, round: u32) -> Result<Counts> {
    let mut counts = Counts::new();
    let mut statement = db.prepare_cached(
        "SELECT s.grp, sum(s.taken), count(s.leads), sum(coalesce(p.issued, 0)),
                coalesce(max(n.series), 0), coalesce(max(n.void), 0) FROM seats s
         LEFT JOIN papers p ON p.meeting = s.meeting AND p.round = ?2 AND p.seat = s.seat
         LEFT JOIN slips n ON n.meeting = s.meeting AND n.grp = s.grp
         WHERE s.meeting = ?1 GROUP BY s.grp",
    )?;
    let mut rows = statement.query(params![meeting, round])?;
    while let Some(row) = rows.next()? {
        let (present, leaders_present, issued) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let (slip_series, slips_void) = (row.get(4)?, row.get(5)?);
        let count = SeatCount { present, leaders_present, issued, slip_series, slips_void };
        counts.insert(row.get(0)?, count);
    }
    Ok(counts)
}
