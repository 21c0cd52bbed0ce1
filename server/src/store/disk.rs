//! One directory, as both stores keep it: a SQLite database for meetings, seats and papers, one file for each box, and one file
//! for the keys of each round. No value in any of them joins a seat and a ballot, and none holds the time or the order in
//! which ballots came. It knows no other server: what is decided elsewhere comes in through the journal.
//!
//! ```text
//! directory  migrations  open_error      whose it is, its format, and the way from an older one
//! database  cache  group_commit          SQLite: one thread writes in groups, and what is known without asking it
//! meetings  seats  slips  people  facts  the statements
//! boxes  box_work  box_index  box_file   ballots: one thread a box
//! keys                                   private keys of rounds, in files that can be erased
//! journal                                what a server keeps of its own where several meet elsewhere
//! inventory                              what is in the directory at this moment
//! files  turns                           the few operations on files, and one at a time for each round
//! ```

mod box_file;
pub(in crate::store) mod box_index;
pub(in crate::store) mod box_work;
pub(in crate::store) mod boxes;
pub(in crate::store) mod cache;
pub(in crate::store) mod database;
pub(in crate::store) mod directory;
mod facts;
pub(in crate::store) mod files;
mod group_commit;
pub(in crate::store) mod inventory;
pub(in crate::store) mod journal;
pub(in crate::store) mod keys;
pub(in crate::store) mod meetings;
mod migrations;
mod open_error;
pub(in crate::store) mod people;
pub(in crate::store) mod seats;
pub(in crate::store) mod slips;
mod turns;

use super::{Result, StoreError};
use pingyi_rules::meeting::round::RoundState;

pub use box_file::SLOT_BYTES;
pub use directory::{FORMAT, OPERATOR_FILE, slips_file};
pub use files::{Disk, DiskFile, MachineDisk};
pub use migrations::{MIGRATIONS, Migration};
pub use open_error::OpenError;

/// Whether a round in this state has a box.
pub(in crate::store) fn has_box(state: RoundState) -> bool {
    state.issues_papers() || state.takes_casts()
}

/// Ids become names of files, so only plain ones do.
pub(in crate::store) fn must_be_id(meeting: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if (1..=64).contains(&meeting.len()) && meeting.bytes().all(plain) {
        Ok(())
    } else {
        Err(StoreError::Broken("a meeting's id is lower-case letters and digits".to_owned()))
    }
}

/// Does what may take as long as the disk does on a thread of its own.
pub(in crate::store) async fn in_background<T: Send + 'static>(
    act: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(act).await;
    done.map_err(|_| StoreError::Broken("the store is stopping".to_owned()))?
}
