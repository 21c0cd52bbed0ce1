//! What a server keeps of its own where several servers meet elsewhere: its boxes, its key files, and its copy of what it wrote
//! and read. It is the same directory with the same files as a local store's, so that all that is promised of them holds here
//! too. It decides nothing: what is put in was decided where the servers meet.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::watch;

use super::box_index::IncomingEntry;
use super::box_work::{CastGate, Job};
use super::boxes::{BoxRoom, Boxes, OpenBox, RoundKey};
use super::database::{Database, Effect};
use super::directory::{DATABASE, Directory};
pub(in crate::store) use super::facts::Fact;
use super::files::{Disk, failure};
use super::keys::KeyFiles;
use super::people::{self, PeopleEraser};
use super::{MIGRATIONS, OpenError, facts, has_box, in_background, inventory, must_be_id, slips};
use crate::inventory::InventoryLine;
use crate::role::Role;
use crate::server_secret::ServerSecret;
use crate::store::entry::BoxEntry;
use crate::store::{CastVerdict, Digest, NewSeat, Result, SlipSeries, StoreError, Stored};
use pingyi_rules::meeting::reissue::REISSUES_MAX;
use pingyi_rules::meeting::{Meeting, Round};

/// As a local store: 4 GiB.
const DATABASE_PAGES_MAX: u32 = 1 << 20;

/// One server's own journal.
pub(in crate::store) struct LocalJournal {
    database: Database,
    boxes: Arc<Boxes>,
    keys: Arc<KeyFiles>,
    directory: Arc<Directory>,
    // Boxes that were made or found in this process; a std mutex, held for a look-up only.
    prepared: Mutex<HashSet<RoundKey>>,
}

impl LocalJournal {
    /// Opens the directory, and makes it where there is none. The secret is the one of all servers; boxes and keys are on `disk`.
    pub(in crate::store) fn open(
        path: &Path,
        secret: ServerSecret,
        disk: Arc<dyn Disk>,
    ) -> std::result::Result<Self, OpenError> {
        let directory = Arc::new(Directory::take(path, MIGRATIONS, Some(secret))?);
        let file = path.join(DATABASE);
        let in_place = disk.is_used_in_place();
        let database = Database::open(file.clone(), DATABASE_PAGES_MAX, Arc::clone(&directory), in_place);
        let database = database.map_err(|error| match error {
            StoreError::DiskIsFull => OpenError::DiskIsFull(path.to_owned()),
            StoreError::Broken(why) => OpenError::Damaged(file, why),
        })?;
        let boxes = Arc::new(Boxes::new(Arc::clone(&disk), Arc::clone(&directory)));
        let keys = Arc::new(KeyFiles::new(disk, Arc::clone(&directory)));
        Ok(Self { database, boxes, keys, directory, prepared: Mutex::default() })
    }

    /// Closes once the directory is given back.
    pub(in crate::store) fn given_back(&self) -> watch::Receiver<()> {
        self.directory.given_back()
    }

    /// What only the servers know.
    pub(in crate::store) fn secret(&self) -> &ServerSecret {
        &self.directory.secret
    }

    /// Who this server is: the same as long as the directory is.
    pub(in crate::store) fn server(&self) -> &str {
        &self.database.epoch
    }

    async fn write<T: Send + 'static>(&self, act: impl FnOnce(&Connection) -> Result<T> + Send + 'static) -> Result<T> {
        self.database.write(move |db| Ok((act(db)?, Effect::None))).await
    }

    // ── Boxes ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// Makes the box of a round that is over, to put in what others took; one that is there stays.
    pub(in crate::store) async fn prepare_box(&self, meeting: &Meeting, round: &Round) -> Result<()> {
        self.boxes.prepare(&meeting.id, round.number, room(meeting, round)).await
    }

    /// Makes the boxes of rounds that need one, once.
    pub(in crate::store) async fn prepare_boxes(&self, meeting: &Meeting) -> Result<()> {
        for round in meeting.rounds.iter().filter(|round| has_box(round.state)) {
            let key = (meeting.id.clone(), round.number);
            if self.prepared.lock().unwrap_or_else(PoisonError::into_inner).contains(&key) {
                continue;
            }
            self.prepare_box(meeting, round).await?;
            self.prepared.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
        }
        Ok(())
    }

    async fn open_box(&self, meeting: &str, round: u32) -> Result<Option<OpenBox>> {
        must_be_id(meeting)?;
        // Whether a ballot is taken was decided before it came here.
        let gate = || -> CastGate { Box::new(|| Some(true)) };
        self.boxes.get(meeting, round, gate).await
    }

    /// Puts entries into the own box, durably. One whose key is there with other bytes is left out: the first one stays.
    pub(in crate::store) async fn put(&self, meeting: &str, round: u32, entries: &[BoxEntry]) -> Result<()> {
        let no_box = || StoreError::Broken("this server has no box for the round yet".to_owned());
        let open = self.open_box(meeting, round).await?.ok_or_else(no_box)?;
        let mut entries: Vec<&BoxEntry> = entries.iter().collect();
        loop {
            let coming = entries.iter().map(|entry| IncomingEntry::of_entry(entry)).collect();
            let answers = open.ask(|answer| Job::Cast(coming, answer)).await?;
            if !answers.contains(&CastVerdict::Conflict) {
                return Ok(());
            }
            // Of a batch with a conflict nothing was taken.
            let mut answers = answers.iter();
            entries.retain(|_| answers.next() != Some(&CastVerdict::Conflict));
        }
    }

    /// Everything in the own box; nothing where there is no box.
    pub(in crate::store) async fn entries(&self, meeting: &str, round: u32) -> Result<Vec<BoxEntry>> {
        match self.open_box(meeting, round).await? {
            Some(open) => open.ask(Job::Read).await,
            None => Ok(Vec::new()),
        }
    }

    // ── Keys ────────────────────────────────────────────────────────────────────────────────────────────────────

    pub(in crate::store) async fn keep_keys(&self, meeting: &str, round: u32, keys: &[u8]) -> Result<()> {
        must_be_id(meeting)?;
        let (files, meeting, keys) = (Arc::clone(&self.keys), meeting.to_owned(), keys.to_vec());
        in_background(move || {
            files.keep(&meeting, round, &keys).map_err(|error| failure("the keys of a round", &error))
        })
        .await
    }

    pub(in crate::store) async fn keys(&self, meeting: &str, round: u32) -> Result<Option<Vec<u8>>> {
        must_be_id(meeting)?;
        let (files, meeting) = (Arc::clone(&self.keys), meeting.to_owned());
        in_background(move || files.read(&meeting, round).map_err(|error| failure("the keys of a round", &error))).await
    }

    /// Forgets keys and request digests so that no byte of them stays in a file, and notes that they are erased.
    pub(in crate::store) async fn erase_keys(&self, meeting: &str, round: u32) -> Result<()> {
        must_be_id(meeting)?;
        let (files, id) = (Arc::clone(&self.keys), meeting.to_owned());
        in_background(move || files.erase(&id, round).map_err(|error| failure("the keys of a round", &error))).await?;
        let id = meeting.to_owned();
        self.write(move |db| facts::note_erased(db, &id, round)).await?;
        self.database.empty_wal().await?;
        let directory = Arc::clone(&self.directory);
        in_background(move || directory.remove_backups().map_err(|error| failure("an old backup", &error))).await
    }

    /// Destroys what this directory has of a meeting's people; answers what there was, the same every time.
    pub(in crate::store) async fn destroy_people(&self, meeting: &str) -> Result<Vec<InventoryLine>> {
        let eraser = PeopleEraser { database: &self.database, keys: &self.keys, directory: &self.directory };
        eraser.destroy(meeting).await
    }

    /// Archived meetings for which it was not done.
    pub(in crate::store) async fn archived_with_people(&self, limit: u32) -> Result<Vec<String>> {
        self.database.read(move |db| people::archived_with_people(db, limit)).await
    }

    /// Every table and file of this directory.
    pub(in crate::store) async fn kept(&self, meeting: &str) -> Result<Vec<InventoryLine>> {
        inventory::list(&self.database, &self.directory.path, meeting).await
    }

    // ── The copy ────────────────────────────────────────────────────────────────────────────────────────────────

    /// Takes a meeting with its seats and links into the copy, where it is not in it.
    pub(in crate::store) async fn adopt(
        &self,
        stored: Stored,
        seats: Vec<NewSeat>,
        links: Vec<(Role, Digest)>,
    ) -> Result<()> {
        must_be_id(&stored.meeting.id)?;
        self.write(move |db| facts::adopt(db, &stored, &seats, &links)).await
    }

    /// Takes a later version of a meeting into the copy.
    pub(in crate::store) async fn follow(&self, stored: Stored) -> Result<()> {
        self.write(move |db| facts::follow(db, &stored)).await
    }

    /// The copy of a meeting; its epoch is the one that the copy was last brought to.
    pub(in crate::store) async fn stored(&self, meeting: &str) -> Result<Option<Stored>> {
        let meeting = meeting.to_owned();
        self.database.read(move |db| facts::stored(db, &meeting)).await
    }

    /// The epoch that a meeting was last brought to; none where it is in no copy.
    pub(in crate::store) async fn epoch_of(&self, meeting: &str) -> Result<Option<String>> {
        let meeting = meeting.to_owned();
        self.database.read(move |db| facts::epoch_of(db, &meeting)).await
    }

    /// Notes that everything was brought to an epoch.
    pub(in crate::store) async fn set_epoch(&self, meeting: &str, epoch: &str) -> Result<()> {
        let (meeting, epoch) = (meeting.to_owned(), epoch.to_owned());
        self.write(move |db| facts::set_epoch(db, &meeting, &epoch)).await
    }

    /// Meetings in the copy that are archived.
    pub(in crate::store) async fn archived(&self) -> Result<Vec<String>> {
        self.database.read(facts::archived).await
    }

    /// Meetings in the copy that are not archived.
    pub(in crate::store) async fn meetings(&self) -> Result<Vec<String>> {
        self.database.read(facts::meetings).await
    }

    /// The seats of the copy with their codes, and the links.
    pub(in crate::store) async fn remove_link(&self, meeting: &str, link: Digest) -> Result<()> {
        let meeting = meeting.to_owned();
        self.write(move |db| super::meetings::remove_link(db, &meeting, &link).map(drop)).await
    }

    pub(in crate::store) async fn seats_and_links(&self, meeting: &str) -> Result<facts::SeatsAndLinks> {
        let meeting = meeting.to_owned();
        self.database.read(move |db| facts::seats_and_links(db, &meeting)).await
    }

    /// The series of every group whose slips were replaced.
    pub(in crate::store) async fn slip_series(&self, meeting: &str) -> Result<Vec<SlipSeries>> {
        let meeting = meeting.to_owned();
        self.database.read(move |db| slips::all_series(db, &meeting)).await
    }

    /// Takes over the codes of groups whose slips were replaced, durably; a later series of the copy stays.
    pub(in crate::store) async fn follow_slips(
        &self,
        meeting: &str,
        seats: Vec<NewSeat>,
        series: Vec<SlipSeries>,
    ) -> Result<()> {
        let meeting = meeting.to_owned();
        self.write(move |db| slips::follow(db, &meeting, &seats, &series)).await
    }

    /// Takes facts into the copy, durably.
    pub(in crate::store) async fn note(&self, meeting: &str, facts: Vec<Fact>) -> Result<()> {
        let meeting = meeting.to_owned();
        self.write(move |db| facts.iter().try_for_each(|fact| facts::note(db, &meeting, fact))).await
    }

    /// Takes over which other servers may have taken ballots, in place of what was noted before.
    pub(in crate::store) async fn note_casters(&self, meeting: &str, casters: Vec<Fact>) -> Result<()> {
        let meeting = meeting.to_owned();
        let note = move |db: &Connection| {
            facts::forget_casters(db, &meeting)?;
            casters.iter().try_for_each(|caster| facts::note(db, &meeting, caster))
        };
        self.write(note).await
    }

    /// All facts of a meeting but its documents, seats and links.
    pub(in crate::store) async fn facts(&self, meeting: &str) -> Result<Vec<Fact>> {
        let meeting = meeting.to_owned();
        self.database.read(move |db| facts::facts(db, &meeting)).await
    }

    /// Whether the keys of a round were erased here.
    pub(in crate::store) async fn has_erased(&self, meeting: &str, round: u32) -> Result<bool> {
        let meeting = meeting.to_owned();
        self.database.read(move |db| facts::has_erased(db, &meeting, round)).await
    }
}

/// Room for every entitled seat, and for the papers that may be issued anew.
fn room(meeting: &Meeting, round: &Round) -> BoxRoom {
    let entitled: u32 = meeting.plan.groups.iter().map(|group| group.entitled).sum();
    BoxRoom::of(&meeting.plan, round, entitled + REISSUES_MAX)
}
