//! An archive read back: strictly, within limits, and without trusting a length that the file itself names.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use super::archive::{FORMAT, HISTORY_FILE, MEETING_FILE, MeetingFile, RECORDS_BYTES_MAX, record_file};
use crate::view::chain::{self, ChainLine};
use pingyi_rules::ballot::Manifest;
use pingyi_rules::meeting::plan::{GROUPS_MAX, MARKS_MAX, SEATS_MAX, STEPS_MAX, SUBJECTS_MAX};
use pingyi_rules::meeting::round::ROUNDS_MAX;
use pingyi_rules::meeting::{HISTORY_MAX, Phase};

/// An archive as a file: a meeting of 20,000 seats and its records, with room.
pub const ARCHIVE_BYTES_MAX: usize = 128 * 1024 * 1024;
/// One unpacked part of it.
const PART_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// A manifest with 3,216 keys.
const MANIFEST_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// What is restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The meeting with its seats.
    pub meeting: MeetingFile,
    /// The canonical manifests, by round.
    pub manifests: Vec<(u32, Vec<u8>)>,
}

/// Why an archive cannot be restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no archive of a meeting, or it is cut off.
    NotAnArchive,
    /// It was made by a newer server, or by something else.
    OtherFormat,
    /// It is larger than an archive can be.
    TooLarge,
    /// What it says contradicts itself; in English, for whoever made it.
    Broken(String),
}

/// Reads an archive.
///
/// # Errors
/// [`Unreadable`].
pub fn restore(file: &[u8]) -> Result<Restored, Unreadable> {
    if file.len() > ARCHIVE_BYTES_MAX {
        return Err(Unreadable::TooLarge);
    }
    let mut zip = ZipArchive::new(Cursor::new(file)).map_err(|_| Unreadable::NotAnArchive)?;
    let json = part(&mut zip, MEETING_FILE, PART_BYTES_MAX)?.ok_or(Unreadable::NotAnArchive)?;
    let format = serde_json::from_slice::<serde_json::Value>(&json).map_err(|_| Unreadable::NotAnArchive)?;
    if format.get("format").and_then(|format| format.as_str()) != Some(FORMAT) {
        return Err(Unreadable::OtherFormat);
    }
    let meeting: MeetingFile = serde_json::from_value(format).map_err(|error| Unreadable::Broken(error.to_string()))?;
    check(&meeting)?;
    let mut manifests = Vec::new();
    for round in &meeting.meeting.rounds {
        let Some(hash) = &round.manifest_hash else { continue };
        let name = format!("manifests/round-{}.json", round.number);
        let Some(bytes) = part(&mut zip, &name, MANIFEST_BYTES_MAX)? else { continue };
        let is_its = Manifest::parse(&bytes).is_ok_and(|frozen| data_encoding::HEXLOWER.encode(frozen.hash()) == *hash);
        if !is_its {
            return Err(Unreadable::Broken(format!("{name} is not the manifest of this round")));
        }
        manifests.push((round.number, bytes));
    }
    for round in &meeting.meeting.rounds {
        let Some(published) = &round.record else { continue };
        let name = record_file(round.number);
        let Some(bytes) = part(&mut zip, &name, RECORDS_BYTES_MAX as u64)? else { continue };
        if data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)) != published.digest {
            return Err(Unreadable::Broken(format!("{name} is not the record of this round")));
        }
    }
    if let Some(bytes) = part(&mut zip, HISTORY_FILE, PART_BYTES_MAX)? {
        let told: Vec<ChainLine> = serde_json::from_slice(&bytes).map_err(|_| broken_history())?;
        if told != chain::lines(&meeting.meeting.history) {
            return Err(broken_history());
        }
    }
    Ok(Restored { meeting, manifests })
}

fn broken_history() -> Unreadable {
    Unreadable::Broken(format!("{HISTORY_FILE} is not the history of this meeting"))
}

fn check(file: &MeetingFile) -> Result<(), Unreadable> {
    let broken = |what: &str| Err(Unreadable::Broken(what.to_owned()));
    let is_id = |id: &str| id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !is_id(&file.meeting.id) {
        return broken("the meeting's id is no id");
    }
    if !matches!(file.meeting.phase, Phase::Closed | Phase::Archived) {
        return broken("the meeting is not closed");
    }
    let MeetingFile { meeting, seats, .. } = file;
    let plan = &meeting.plan;
    let within = plan.groups.len() <= GROUPS_MAX
        && plan.subjects.len() <= SUBJECTS_MAX
        && plan.scale.len() <= MARKS_MAX
        && plan.agenda.len() <= STEPS_MAX
        && meeting.rounds.len() <= ROUNDS_MAX
        && meeting.history.len() <= HISTORY_MAX
        && seats.len() <= SEATS_MAX;
    if !within {
        return Err(Unreadable::TooLarge);
    }
    let numbers: BTreeSet<u32> = seats.iter().map(|seat| seat.seat).collect();
    if numbers.len() != seats.len() || seats.iter().any(|seat| plan.group(&seat.group).is_none()) {
        return broken("the seats do not fit the plan");
    }
    if meeting.people_erased && !seats.is_empty() {
        return broken("its people are erased, and yet it has seats");
    }
    Ok(())
}

/// A part of the archive, at most so long; nothing where there is none.
fn part(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &str, most: u64) -> Result<Option<Vec<u8>>, Unreadable> {
    let Ok(file) = zip.by_name(name) else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|_| Unreadable::NotAnArchive)?;
    if bytes.len() as u64 > most { Err(Unreadable::TooLarge) } else { Ok(Some(bytes)) }
}
