//! What is in this directory at this moment: every table that SQLite names and every file that the system lists, each with what
//! it is. It looks; what it finds and does not know is said as well, as unknown.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use super::database::Database;
use super::directory::{BACKUP, BOXES, DATABASE, FORMAT_FILE, KEYS, LOCK_FILE, OPERATOR_FILE, SECRET_FILE, slips_file};
use super::files::failure;
use crate::inventory::{InventoryKind, InventoryLine, InventoryPlace};
use crate::store::Result;

/// Names of unknown files and tables that are told at most; more of them are counted together.
const UNKNOWN_NAMED_MAX: usize = 20;

/// Tables, then files, by name.
pub(in crate::store) async fn list(database: &Database, directory: &Path, meeting: &str) -> Result<Vec<InventoryLine>> {
    let (id, folder) = (meeting.to_owned(), directory.to_owned());
    let mut kept = database.read(move |db| tables(db, &id)).await?;
    let id = meeting.to_owned();
    let files = super::in_background(move || files(&folder, &id).map_err(|error| failure("the directory", &error)));
    kept.extend(files.await?);
    Ok(kept)
}

/// What a table of ours is, and the column that names the meeting, where it has one.
fn known_table(name: &str) -> Option<(InventoryKind, Option<&'static str>)> {
    Some(match name {
        "meetings" => (InventoryKind::Document, Some("id")),
        "seats" => (InventoryKind::Seats, Some("meeting")),
        "papers" => (InventoryKind::Papers, Some("meeting")),
        "slips" => (InventoryKind::SlipSeries, Some("meeting")),
        "capabilities" => (InventoryKind::Links, Some("meeting")),
        "sessions" => (InventoryKind::Sessions, Some("meeting")),
        "manifests" => (InventoryKind::Manifests, Some("meeting")),
        "store" => (InventoryKind::Notes, None),
        _ => return None,
    })
}

fn tables(db: &Connection, meeting: &str) -> Result<Vec<InventoryLine>> {
    let mut statement =
        db.prepare_cached("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name")?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut kept = Vec::new();
    let mut unknown = 0;
    for name in names {
        let quoted = name.replace('"', "\"\"");
        let (kind, count) = match known_table(&name) {
            Some((kind, Some(column))) => {
                let sql = format!("SELECT count(*) FROM {name} WHERE {column} = ?1");
                (kind, db.query_row(&sql, [meeting], |row| row.get(0))?)
            }
            Some((kind, None)) => (kind, db.query_row(&format!("SELECT count(*) FROM {name}"), [], |row| row.get(0))?),
            None => {
                unknown += 1;
                if unknown > UNKNOWN_NAMED_MAX {
                    continue;
                }
                (
                    InventoryKind::Unknown,
                    db.query_row(&format!("SELECT count(*) FROM \"{quoted}\""), [], |row| row.get(0))?,
                )
            }
        };
        kept.push(InventoryLine { place: InventoryPlace::Table, name, kind, count });
    }
    Ok(kept)
}

/// The pattern and the kind of a file, by its path from the directory on, with `/` between names.
fn known_file(path: &str) -> Option<(String, InventoryKind)> {
    let of_round = |folder: &str, endings: &[&'static str]| {
        let name = path.strip_prefix(folder)?.strip_prefix('/')?;
        let (stem, ending) = name.rsplit_once('.')?;
        let (meeting, round) = stem.rsplit_once('-')?;
        let ending = endings.iter().find(|known| **known == ending)?;
        let is_round = !meeting.is_empty() && round.bytes().all(|byte| byte.is_ascii_digit()) && !round.is_empty();
        is_round.then(|| format!("{folder}/{{meeting}}-{{round}}.{ending}"))
    };
    if let Some(pattern) = of_round(BOXES, &["box", "new"]) {
        return Some((pattern, InventoryKind::Ballots));
    }
    if let Some(pattern) = of_round(KEYS, &["keys", "new"]) {
        return Some((pattern, InventoryKind::Keys));
    }
    if path.strip_prefix("slips-").is_some_and(|rest| rest.ends_with(".html")) {
        return Some((slips_file("{meeting}"), InventoryKind::PrintedSlips));
    }
    if path.starts_with(BACKUP) || path.starts_with("backup.new/") {
        return Some((format!("{BACKUP}{{format}}"), InventoryKind::Backup));
    }
    let journal = path.strip_prefix(DATABASE);
    match path {
        LOCK_FILE | FORMAT_FILE | OPERATOR_FILE | "operator-key.new" | "format.new" | "writable" => {
            Some((path.to_owned(), InventoryKind::Notes))
        }
        SECRET_FILE | "server-secret.new" => Some((path.to_owned(), InventoryKind::ServerSecret)),
        _ if journal.is_some_and(|rest| ["", "-wal", "-shm", "-journal"].contains(&rest)) => {
            Some((path.to_owned(), InventoryKind::Database))
        }
        _ => None,
    }
}

fn files(directory: &Path, meeting: &str) -> std::io::Result<Vec<InventoryLine>> {
    let mut found: BTreeMap<(String, InventoryKind), u32> = BTreeMap::new();
    let mut unknown = 0;
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(directory.join(&folder))? {
            let entry = entry?;
            let path = format!("{folder}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push(format!("{path}/"));
                continue;
            }
            match known_file(&path) {
                Some((pattern, kind)) => {
                    let of_round = path.contains(&format!("/{meeting}-"));
                    let of_meeting = !pattern.contains("{meeting}") || of_round || path == slips_file(meeting);
                    *found.entry((pattern, kind)).or_default() += u32::from(of_meeting);
                }
                None => {
                    unknown += 1;
                    let name = if unknown > UNKNOWN_NAMED_MAX { "…".to_owned() } else { path };
                    *found.entry((name, InventoryKind::Unknown)).or_default() += 1;
                }
            }
        }
    }
    let kept = |((name, kind), count)| InventoryLine { place: InventoryPlace::File, name, kind, count };
    Ok(found.into_iter().map(kept).collect())
}
