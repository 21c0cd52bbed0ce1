//! What the service needs of a store, written by the one who calls it. The comments are the promises, each with the rule of
//! `tests/SPEC.md` that holds it; the contract suite in `tests/it/store/contract` runs every one against both stores. Every method
//! is one atomic step and is safe to repeat after a lost answer (l15). A store knows no HTTP, no sockets and no rule of a meeting.
//!
//! The three traits are kept apart because their callers are: `ballot_box` is given a [`BoxStore`] and nothing else, so
//! that code which sees a ballot has no way to ask for a seat (s13).
//!
//! ```text
//! store.rs             the three traits               seat  verdict     what they are asked and answer
//!   local/  redis/     the two stores                 codes entry pool  what both do alike, in memory
//!   └──┬──────┘
//!     disk/            one directory: SQLite, box files, key files
//! ```
//!
//! Imports run downwards only: `redis` does not know `local`, and `disk` knows neither. Within `redis` the floors are `sealing`,
//! `client`, what meetings, seats and ballots ask of it, and `recovery`, which nobody imports: the client is handed it.

mod codes;
pub mod disk;
pub mod entry;
pub mod local;
mod pool;
pub mod redis;
mod seat;
mod verdict;

use std::collections::BTreeMap;

use async_trait::async_trait;
use tokio::sync::{broadcast, watch};

use crate::durability::Durability;
use crate::inventory::{Destroyed, InventoryLine};
use crate::role::Role;
use crate::server_secret::ServerSecret;
use pingyi_rules::ballot::BoxItem;
use pingyi_rules::meeting::Meeting;
use pingyi_rules::meeting::plan::EntitledSeat;

use seat::SlipSeries;
pub use seat::{Claim, ClaimBy, Claimed, Issued, NewSlips, Seat, SeatCount, SlipsReplaced};
pub use verdict::CastVerdict;

/// SHA-256 of a secret or of a request. Stores never see what it was made from.
pub type Digest = [u8; 32];

/// The store could not do it now. Nothing was acknowledged; the same call may be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The disk is full.
    DiskIsFull,
    /// Anything else that is broken outside of us; the text is for the log and holds no secret.
    Broken(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::DiskIsFull => f.write_str("the disk is full"),
            Self::Broken(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for StoreError {}

/// The answer of every step.
pub type Result<T> = std::result::Result<T, StoreError>;

/// All of a store.
pub trait Store: MeetingStore + SeatStore + BoxStore {}
impl<T: MeetingStore + SeatStore + BoxStore> Store for T {}

// ── Meetings ────────────────────────────────────────────────────────────────────────────────────────────────────

/// A meeting that comes into being, with its seats and its links.
#[derive(Clone, Debug)]
pub struct NewMeeting {
    /// In its first state.
    pub meeting: Meeting,
    /// Its seats, at most [`pingyi_rules::meeting::plan::SEATS_MAX`].
    pub seats: Vec<NewSeat>,
    /// The hash of each role's link.
    pub links: Vec<(Role, Digest)>,
}

/// A seat before anybody took it.
#[derive(Clone, Debug)]
pub struct NewSeat {
    /// Number, group and, in a roster, name.
    pub entitled: EntitledSeat,
    /// The hash of the slip's code (`SHA-256("pingyi-slip/1\0" ‖ code)`), or in a roster of the meeting's id, the seat and the
    /// personal code. A store keeps it under its servers' secret only.
    pub code: Digest,
}

/// A meeting as it is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The meeting.
    pub meeting: Meeting,
    /// Changes when the store lost history; a UUID.
    pub epoch: String,
    /// Grows by one with every replacement within an epoch, from 1.
    pub version: u32,
}

/// One line of the list of meetings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingSummary {
    /// The meeting's id.
    pub id: String,
    /// Its banner.
    pub title: String,
    /// Who holds it.
    pub host: String,
    /// Where it stands.
    pub phase: pingyi_rules::meeting::Phase,
}

/// The outcome of a creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// It is there now.
    Made,
    /// A meeting with this id was there already; nothing was changed.
    Exists,
}

/// The outcome of a replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// It is stored, under this version.
    Now(u32),
    /// Somebody else was first: load again.
    Stale,
    /// There is no such meeting.
    Unknown,
}

/// Something of a meeting changed: a poke, never data. Losing one costs a second at most, because callers also look by the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The meeting's id.
    pub meeting: String,
}

/// Meetings, their keys and their sessions.
#[async_trait]
pub trait MeetingStore: Send + Sync + 'static {
    /// How safely an acknowledged ballot is kept (l40).
    fn durability(&self) -> Durability;

    /// What only the servers of this store know (s100).
    fn secret(&self) -> &ServerSecret;

    /// Closes once nobody uses the store any more and its directory can be taken by another one (o55).
    fn given_back(&self) -> watch::Receiver<()>;

    /// Makes a meeting with all its seats and links, or nothing at all (l1).
    async fn create(&self, new: NewMeeting) -> Result<Created>;

    /// The meetings that are not archived, newest first, at most `limit` (l25).
    async fn meetings(&self, limit: u32) -> Result<Vec<MeetingSummary>>;

    /// The meeting as the last acknowledged replacement left it (l3); another server's may be missing for as long as its poke
    /// travels (l32).
    async fn load(&self, meeting: &str) -> Result<Option<Stored>>;

    /// The same, asked now of where all servers meet: what another server was acknowledged a moment ago is in it (l48).
    async fn latest(&self, meeting: &str) -> Result<Option<Stored>> {
        self.load(meeting).await
    }

    /// Epoch and version of what [`load`](Self::load) would answer, at a fraction of its cost (l2, l3).
    async fn version(&self, meeting: &str) -> Result<Option<(String, u32)>>;

    /// Stores the meeting if its version still is `seen_version` (l2). Acknowledged means durable (l3).
    ///
    /// The state of the round decides whether [`BoxStore::cast`] takes ballots: from the moment this is acknowledged
    /// with a round open or closing, its casts are taken; with a round in any other state they are not (l13). The box is made when
    /// the round is armed, with room for every entitled seat, so a full disk refuses to arm (l23).
    async fn replace(&self, seen_version: u32, meeting: &Meeting) -> Result<Replaced>;

    /// Keeps the private keys of a round (an opaque text), replacing what was kept for it (l18).
    async fn keep_keys(&self, meeting: &str, round: u32, keys: &[u8]) -> Result<()>;

    /// Keeps the private keys of a round where `over` is what is kept until now, and answers with what is kept then: of many
    /// servers that make some, the first one's are everybody's (l30).
    async fn offer_keys(&self, meeting: &str, round: u32, over: Option<&[u8]>, keys: &[u8]) -> Result<Vec<u8>>;

    /// The private keys of a round, while they are kept (l18).
    async fn keys(&self, meeting: &str, round: u32) -> Result<Option<Vec<u8>>>;

    /// Forgets the private keys and the request digests of a round so that no byte of them stays in a file of ours (s22, l39).
    async fn erase_keys(&self, meeting: &str, round: u32) -> Result<()>;

    /// Destroys what the store has of a meeting's people: seats with their slips and names, papers, sessions and private keys,
    /// in every table, file and key of ours, so that no byte of them stays (s60). Documents, links, manifests and ballots stay.
    /// Answers what was destroyed, by place, counted before it was; the same again every time. Refused for a meeting whose
    /// stored document does not say that they are erased (l60). Other servers destroy theirs when they see that document (l61).
    async fn destroy_people(&self, meeting: &str) -> Result<Vec<Destroyed>>;

    /// Archived meetings of whose people something is still here, at most `limit`, the oldest first: a server that stopped while
    /// it destroyed, or was away, goes on with those that say so (l60, l61).
    async fn archived_with_people(&self, limit: u32) -> Result<Vec<String>>;

    /// What is kept at this moment, as a scrutineer is shown it: every table, file and key that there is, found by looking
    /// and not by remembering, with how many of this meeting (of all, where they know no meeting). What this program does not
    /// know is in the list too, as unknown (s62).
    async fn kept(&self, meeting: &str) -> Result<Vec<InventoryLine>>;

    /// Keeps a round's manifest. The first one stays: keeping another one answers with the first (l18).
    async fn keep_manifest(&self, meeting: &str, round: u32, manifest: &[u8]) -> Result<Vec<u8>>;

    /// A round's manifest (l18).
    async fn manifest(&self, meeting: &str, round: u32) -> Result<Option<Vec<u8>>>;

    /// Gives a role one more link, for a deputy, or for an operator who lost the first one. At most 20 a role,
    /// the oldest makes room (l29). Repeating it is harmless.
    async fn add_link(&self, meeting: &str, role: Role, link: Digest) -> Result<()>;

    /// Takes a link away: it opens no session any more. Those that it opened stay (l71). Repeating it is harmless.
    async fn remove_link(&self, meeting: &str, link: Digest) -> Result<()>;

    /// The links of a meeting (l1, l29).
    async fn links(&self, meeting: &str) -> Result<Vec<(Role, Digest)>>;

    /// Exchanges a link for a session: both are hashes. Repeating it is harmless; a role has at most 20 sessions,
    /// the oldest makes room (l19). `None` where no meeting gave out this link.
    async fn open_session(&self, link: Digest, session: Digest) -> Result<Option<(String, Role)>>;

    /// Whose session this is, and which link opened it (l19, l71).
    async fn session(&self, session: Digest) -> Result<Option<RoleSession>>;

    /// Pokes about meetings of this store, from this process (l24) and from others (l32).
    fn changes(&self) -> broadcast::Receiver<Changed>;
}

/// A session of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleSession {
    /// The meeting.
    pub meeting: String,
    /// The role.
    pub role: Role,
    /// The id of the link that opened it (`secret::link_id`).
    pub link: String,
}

impl RoleSession {
    /// Whether it is one of this role in this meeting.
    #[must_use]
    pub fn is(&self, meeting: &str, role: Role) -> bool {
        self.meeting == meeting && self.role == role
    }
}

// ── Seats and papers ────────────────────────────────────────────────────────────────────────────────────────────

/// Seats and papers. It never sees a ballot.
#[async_trait]
pub trait SeatStore: Send + Sync + 'static {
    /// Takes a seat for a credential. The same claim again gets the same answer; a seat belongs to the first credential (l4), and a
    /// credential has one seat (l8). Who leads which branch is asked (l5) and given once (l6); in an open meeting the group's next
    /// free seat is taken (l7), in a draft or after the end none (l28).
    async fn claim_seat(&self, claim: &Claim) -> Result<Claimed>;

    /// Whose seat this is (l3, l4).
    async fn seat(&self, credential: Digest) -> Result<Option<Seat>>;

    /// The entitled seats of a meeting, by number (l1).
    async fn roster(&self, meeting: &str) -> Result<Vec<EntitledSeat>>;

    /// Notes that a seat asked for papers. At most one digest per round and seat, for ever; also with a hundred calls at once.
    /// Refused unless the stored round is armed or open (l9).
    async fn issue(&self, meeting: &str, round: u32, seat: u32, digest: Digest) -> Result<Issued>;

    /// Gives the free seats of a group new codes and stores the meeting as [`MeetingStore::replace`] does, in one step: all of
    /// it or nothing; the meeting's rounds are as they were. From then on the old codes of these seats are `Unknown`; seats
    /// that are taken keep theirs (l62, l63, l65). The same again changes nothing, whatever version was seen (l64). Of several
    /// series of a group the latest one is kept, by every server and through lost history: a code that was replaced never opens a
    /// seat again (l66).
    async fn replace_slips(&self, seen_version: u32, meeting: &Meeting, new: &NewSlips) -> Result<SlipsReplaced>;

    /// Head counts by group id; groups without a seat taken or a slip replaced may be absent (l10).
    async fn seat_counts(&self, meeting: &str, round: u32) -> Result<BTreeMap<String, SeatCount>>;
}

// ── Ballots ─────────────────────────────────────────────────────────────────────────────────────────────────────

/// What the box lets out while the round is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Released {
    /// By contest (1 and up), then by answer (as `{"v":"hao"}`): how many ballots were released so far, over all groups.
    pub contests: BTreeMap<u16, BTreeMap<String, u32>>,
}

/// The outcome of a freeze.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Freeze {
    /// The box is closed for ever, and this is everything in it, sorted by [`BoxItem::leaf`].
    Frozen(Vec<BoxItem>),
    /// No cast is taken any more, but these servers have not said yet that all they acknowledged is in the box.
    Waiting(Vec<MissingServer>),
}

/// A server that a freeze waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingServer {
    /// Its id.
    pub server: String,
    /// What people call it.
    pub name: String,
    /// Sheets that it took, of which some may be missing: what is at stake at most.
    pub sheets: u32,
}

/// Ballots. It never sees a seat, a session or an address, and keeps neither time nor order.
#[async_trait]
pub trait BoxStore: Send + Sync + 'static {
    /// Puts one phone's batch in, all or nothing (l12): one answer for each item, in the order of the batch.
    /// `In` and `Same` are acknowledgements: such an item is in every later freeze, whatever happens to the process (l16, l17).
    /// An item is in once however often it is cast (l11, l15). Casts and a freeze are serialised: what is acknowledged was before
    /// the freeze (l14). Opinions are neither counted as returned nor released (l49).
    async fn cast(&self, meeting: &str, round: u32, items: &[BoxItem]) -> Result<Vec<CastVerdict>>;

    /// Sheets in the box by group id, which are ballots of contest 0 (l11).
    async fn returned(&self, meeting: &str, round: u32) -> Result<BTreeMap<String, u32>>;

    /// The pool rule, for each contest from 1 on: where at least `2 × pool_k` ballots are pending, a random choice of all but
    /// `pool_k` of them is released (s23). What was released survives a restart, as counts by contest and answer, so that no
    /// difference of two releases tells more (s24, s25); of no ballot anything says whether it was (s142). Answers with everything
    /// released so far. One call a tick; a call more does no harm, because of the rule (l92).
    async fn release(&self, meeting: &str, round: u32, pool_k: u32) -> Result<Released>;

    /// Everything released so far by whichever server, where several share the round; none where only this one releases. It
    /// releases nothing (l47).
    async fn released_elsewhere(&self, meeting: &str, round: u32) -> Result<Option<Released>>;

    /// Closes the box for ever and gives every ballot in it. The same answer every time (l14). Where several servers take casts,
    /// each signs off first (l33); those in `without` are not waited for, and what only they have is not counted (l38). Nobody
    /// is waited for once the stored round is counted.
    async fn freeze(&self, meeting: &str, round: u32, without: &[String]) -> Result<Freeze>;

    /// Before this server stops: all it acknowledged is where it is counted, so that no freeze waits for it (l34, l46).
    async fn sign_off(&self) -> Result<()>;
}
