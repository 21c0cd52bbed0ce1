//! The end of a meeting's people in this directory: their rows, their keys, and every trace of both in files of ours.
//! What there was is counted and noted before anything of it goes, so that a repeat after a crash answers the same.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

use super::database::{Database, Effect};
use super::directory::{Directory, KEYS, slips_file};
use super::files::failure;
use super::keys::KeyFiles;
use super::{in_background, must_be_id};
use crate::inventory::{InventoryKind, InventoryLine, InventoryPlace};
use crate::store::{Result, StoreError};

/// What one directory has to destroy people with.
pub(in crate::store) struct PeopleEraser<'a> {
    pub(in crate::store) database: &'a Database,
    pub(in crate::store) keys: &'a Arc<KeyFiles>,
    pub(in crate::store) directory: &'a Arc<Directory>,
}

impl PeopleEraser<'_> {
    /// Destroys, or finishes what was begun; answers what there was.
    pub(in crate::store) async fn destroy(&self, meeting: &str) -> Result<Vec<InventoryLine>> {
        must_be_id(meeting)?;
        let id = meeting.to_owned();
        if let Some(noted) = self.database.read(move |db| noted(db, "destroyed", &id)).await? {
            return Ok(noted);
        }
        let things = self.noted_before(meeting).await?;
        let (files, id) = (Arc::clone(self.keys), meeting.to_owned());
        let rounds = rounds_with_keys(&self.directory.path, meeting)?;
        let slips = self.directory.path.join(slips_file(meeting));
        let erase = move || {
            rounds.iter().try_for_each(|round| files.erase(&id, *round))?;
            erase_file(&slips)
        };
        in_background(move || erase().map_err(|error| failure("keys or slips of a meeting", &error))).await?;
        let id = meeting.to_owned();
        self.database.write(move |db| Ok(((), delete(db, &id)?))).await?;
        self.database.rewrite().await?;
        let directory = Arc::clone(self.directory);
        in_background(move || directory.remove_backups().map_err(|error| failure("an old backup", &error))).await?;
        let (id, text) = (meeting.to_owned(), written(&things)?);
        self.database.write(move |db| Ok((note(db, "destroyed", &id, &text)?, Effect::None))).await?;
        Ok(things)
    }

    /// What there is, noted durably; what an earlier attempt noted stays.
    async fn noted_before(&self, meeting: &str) -> Result<Vec<InventoryLine>> {
        let key_files = u32::try_from(rounds_with_keys(&self.directory.path, meeting)?.len()).unwrap_or(u32::MAX);
        let slips = u32::from(self.directory.path.join(slips_file(meeting)).exists());
        let id = meeting.to_owned();
        let count = move |db: &Connection| {
            if let Some(things) = noted(db, "destroying", &id)? {
                return Ok((things, Effect::None));
            }
            let mut things = Vec::new();
            for (table, kind) in [
                ("seats", InventoryKind::Seats),
                ("papers", InventoryKind::Papers),
                ("sessions", InventoryKind::Sessions),
            ] {
                let count =
                    db.query_row(&format!("SELECT count(*) FROM {table} WHERE meeting = ?1"), [&id], |row| row.get(0))?;
                things.push(InventoryLine { place: InventoryPlace::Table, name: table.to_owned(), kind, count });
            }
            let name = format!("{KEYS}/{{meeting}}-{{round}}.keys");
            things.push(InventoryLine {
                place: InventoryPlace::File,
                name,
                kind: InventoryKind::Keys,
                count: key_files,
            });
            let name = slips_file("{meeting}");
            things.push(InventoryLine {
                place: InventoryPlace::File,
                name,
                kind: InventoryKind::PrintedSlips,
                count: slips,
            });
            note(db, "destroying", &id, &written(&things)?)?;
            Ok((things, Effect::None))
        };
        self.database.write(count).await
    }
}

/// Rounds whose keys are in a file, also in one that was not finished.
fn rounds_with_keys(directory: &Path, meeting: &str) -> Result<Vec<u32>> {
    let folder = directory.join(KEYS);
    let broken = |error: std::io::Error| failure("the keys of a meeting", &error);
    let mut rounds = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(broken)? {
        let name = entry.map_err(broken)?.file_name().to_string_lossy().into_owned();
        let round = name.strip_prefix(meeting).and_then(|rest| rest.strip_prefix('-'));
        let round = round.and_then(|rest| rest.split_once('.')).and_then(|(round, _)| round.parse().ok());
        rounds.extend(round.filter(|round| !rounds.contains(round)));
    }
    rounds.sort_unstable();
    Ok(rounds)
}

/// Overwrites, syncs, removes; a file that is not there is no error.
fn erase_file(path: &Path) -> std::io::Result<()> {
    let mut file = match std::fs::File::options().write(true).open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let length = file.metadata()?.len();
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), length), &mut file)?;
    file.sync_all()?;
    drop(file);
    std::fs::remove_file(path)
}

/// Papers first: they refer to seats. Overwritten as they are deleted (`secure_delete`).
fn delete(db: &Connection, meeting: &str) -> Result<Effect> {
    for table in ["papers", "seats", "slips", "sessions"] {
        db.execute(&format!("DELETE FROM {table} WHERE meeting = ?1"), [meeting])?;
    }
    Ok(Effect::Seats(meeting.to_owned()))
}

fn written(things: &[InventoryLine]) -> Result<String> {
    serde_json::to_string(things).map_err(|_| StoreError::Broken("a note cannot be written".to_owned()))
}

fn noted(db: &Connection, what: &str, meeting: &str) -> Result<Option<Vec<InventoryLine>>> {
    let text: Option<String> = db
        .prepare_cached("SELECT value FROM store WHERE name = ?1")?
        .query_row([format!("{what} {meeting}")], |row| row.get(0))
        .optional()?;
    let read =
        |text: String| serde_json::from_str(&text).map_err(|_| StoreError::Broken("a note cannot be read".to_owned()));
    text.map(read).transpose()
}

fn note(db: &Connection, what: &str, meeting: &str, text: &str) -> Result<()> {
    db.execute("INSERT OR IGNORE INTO store VALUES (?1, ?2)", params![format!("{what} {meeting}"), text])?;
    Ok(())
}

/// Archived meetings whose people were not destroyed here, the oldest first.
pub(in crate::store) fn archived_with_people(db: &Connection, limit: u32) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM meetings WHERE phase = 'archived'
         AND NOT EXISTS (SELECT 1 FROM store WHERE name = 'destroyed ' || meetings.id) ORDER BY number LIMIT ?1",
    )?;
    Ok(statement.query_map([limit], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
