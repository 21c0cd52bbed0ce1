//! The ways from older formats of the data directory to ours, each safe to run again after it was cut short.

use std::io;
use std::path::Path;

use rusqlite::{Connection, params};
use serde_json::Value;

use super::directory::DATABASE;
use crate::server_secret::ServerSecret;
use crate::store::Digest;

/// Brings a directory from one format to the next one.
///
/// It must not touch the private keys: they are not in the backup, so that erasing them erases the only copy.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The format that it reads; it writes the next one.
    pub from: u32,
    /// Changes the directory. Run again after a failure it must succeed.
    pub run: fn(&Path, &ServerSecret) -> io::Result<()>,
}

/// The migrations that this version knows, oldest first. Format 1 is the first one that anybody used.
pub const MIGRATIONS: &[Migration] = &[Migration { from: 1, run: puts_codes_under_the_secret }];

/// Format 2: codes of seats and of papers issued anew are kept under the server's secret, and a session knows the link that
/// opened it: pages open theirs again.
fn puts_codes_under_the_secret(path: &Path, secret: &ServerSecret) -> io::Result<()> {
    let file = path.join(DATABASE);
    if !file.exists() {
        return Ok(());
    }
    in_one_transaction(&file, 2, |db| {
        let mut seats = db.prepare("SELECT code FROM seats")?;
        let codes = seats.query_map([], |row| row.get::<_, Digest>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
        let mut update = db.prepare("UPDATE seats SET code = ?2 WHERE code = ?1")?;
        for code in codes {
            update.execute(params![code, secret.kept_code(&code)])?;
        }
        db.execute_batch("DROP TABLE IF EXISTS sessions")?;
        let mut meetings = db.prepare("SELECT number, document FROM meetings")?;
        let rows = meetings.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (number, document) in rows.collect::<rusqlite::Result<Vec<(i64, String)>>>()? {
            if let Some(document) = with_kept_reissues(&document, secret) {
                db.execute("UPDATE meetings SET document = ?2 WHERE number = ?1", params![number, document])?;
            }
        }
        Ok(())
    })
    .map_err(io::Error::other)
}

/// The document with the codes of its papers issued anew under the secret; none where it has no such papers.
fn with_kept_reissues(document: &str, secret: &ServerSecret) -> Option<String> {
    let mut document: Value = serde_json::from_str(document).ok()?;
    let mut has_some = false;
    for round in document.get_mut("rounds")?.as_array_mut()? {
        for reissue in round.get_mut("reissues").and_then(Value::as_array_mut).into_iter().flatten() {
            let slip = reissue.get("slip").and_then(Value::as_str).unwrap_or_default();
            let Ok(digest) = data_encoding::HEXLOWER.decode(slip.as_bytes()) else { continue };
            let Ok(digest) = Digest::try_from(digest) else { continue };
            let kept = data_encoding::HEXLOWER.encode(&secret.kept_code(&digest));
            reissue.as_object_mut()?.insert("slip".to_owned(), Value::String(kept));
            has_some = true;
        }
    }
    if has_some { serde_json::to_string(&document).ok() } else { None }
}

/// Changes the database in one step that is not taken twice: the step says so in the same transaction. What was there before is
/// overwritten, in the WAL too.
fn in_one_transaction(
    file: &Path,
    format: u32,
    change: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut connection = Connection::open(file)?;
    connection.pragma_update(None, "secure_delete", true)?;
    let done: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if done < format {
        let transaction = connection.transaction()?;
        change(&transaction)?;
        transaction.pragma_update(None, "user_version", format)?;
        transaction.commit()?;
    }
    // Pages that were moved keep copies of rows, which `secure_delete` does not reach.
    connection.execute_batch("VACUUM")?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}
