//! What the places of a server keep of a meeting, and what they destroyed of it: each thing by its kind, with how many there are.
//! Stores answer it and the wire carries it; it names no seat and no person, and cannot look anything up.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A kind of thing that a server keeps; the page says of each what it holds, and why it cannot join a seat and a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InventoryKind {
    /// The meeting itself: plan, rounds, accounts, history.
    Document,
    /// Who may sit, who sits.
    Seats,
    /// Which slips lead to which seat, as hashes.
    Slips,
    /// How often the slips of each group were replaced, and how many of them.
    SlipSeries,
    /// The page of slips to print, with their codes: made at the first start, for the operator.
    PrintedSlips,
    /// Which phone sits where, as hashes.
    Credentials,
    /// Which seats have papers, and a digest of the blinded request while papers are issued.
    Papers,
    /// Links of roles, as hashes.
    Links,
    /// Sessions of roles, as hashes.
    Sessions,
    /// Head counts.
    Counts,
    /// The public manifests.
    Manifests,
    /// Ballots, without time and order.
    Ballots,
    /// Ballots that the live tally does not show yet, and what it shows.
    Pool,
    /// Private keys of rounds.
    Keys,
    /// The secret of the servers, under which codes are kept: in a file, where one server keeps everything by itself.
    ServerSecret,
    /// Notes of servers about themselves.
    Notes,
    /// The file of the database, with its journal.
    Database,
    /// A copy that was made before the directory was brought to another format.
    Backup,
    /// Nothing that this program knows.
    Unknown,
}

/// One kind of thing that is kept, in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InventoryLine {
    /// Where, as `disk` or `redis`.
    pub place: InventoryPlace,
    /// The table, the file or the pattern of keys, as `box/{meeting}-{round}.box`.
    pub name: String,
    /// What it is.
    pub kind: InventoryKind,
    /// Rows, files or entries.
    pub count: u32,
}

/// Where something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InventoryPlace {
    /// A table of this server's database; rows are counted.
    Table,
    /// A file of this server's directory; files are counted.
    File,
    /// A key at Redis; entries are counted.
    Redis,
}

/// What one place destroyed of a meeting's people, or will as soon as it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Destroyed {
    /// What people call the server; empty for the only one, `Redis` for the meeting point.
    pub place: String,
    /// Whether it is done; a server that is away does it before anything else when it comes back.
    pub is_done: bool,
    /// What, with how many there were.
    pub things: Vec<InventoryLine>,
}
