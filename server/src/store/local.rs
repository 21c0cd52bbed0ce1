//! The store of one server, which keeps everything in its own directory ([`disk`](super::disk)). Seats and ballots meet here
//! only, where neither hands anything of a caller to the other. It knows no other server.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{broadcast, watch};

use super::disk::box_index::IncomingEntry;
use super::disk::box_work::{CastGate, Job};
use super::disk::boxes::{BoxRoom, Boxes, OpenBox};
use super::disk::database::{Database, Effect};
use super::disk::directory::{DATABASE, Directory};
use super::disk::files::failure;
use super::disk::keys::KeyFiles;
use super::disk::{
    Disk, MIGRATIONS, MachineDisk, Migration, OpenError, has_box, in_background, inventory, meetings, must_be_id,
    people, seats, slips,
};
use super::{
    BoxStore, CastVerdict, Changed, Claim, Claimed, Created, Digest, Freeze, Issued, MeetingStore, MeetingSummary,
    NewMeeting, NewSlips, Released, Replaced, Result, RoleSession, Seat, SeatCount, SeatStore, SlipsReplaced,
    StoreError, Stored,
};
use crate::durability::Durability;
use crate::inventory::{Destroyed, InventoryLine};
use crate::role::Role;
use crate::server_secret::ServerSecret;
use pingyi_rules::ballot::BoxItem;
use pingyi_rules::meeting::Meeting;
use pingyi_rules::meeting::plan::EntitledSeat;
use pingyi_rules::meeting::reissue::REISSUES_MAX;

/// What can be chosen about a local store. The default is right for every server.
pub struct LocalOptions {
    /// Where boxes and keys are written.
    pub disk: Arc<dyn Disk>,
    /// The largest that the database may become, in pages of 4 KiB; above it the disk counts as full.
    pub database_pages_max: u32,
    /// The ways from older formats.
    pub migrations: &'static [Migration],
}

impl Default for LocalOptions {
    fn default() -> Self {
        // 4 GiB: a thousand meetings of 20,000 seats.
        Self { disk: Arc::new(MachineDisk), database_pages_max: 1 << 20, migrations: MIGRATIONS }
    }
}

/// The store of one server in one directory. Dropping it waits for what was begun, then gives the directory back.
pub struct LocalStore {
    database: Database,
    boxes: Arc<Boxes>,
    keys: Arc<KeyFiles>,
    directory: Arc<Directory>,
}

impl LocalStore {
    /// Opens the directory, and makes it where there is none. Boxes are opened at their first use, so a directory with a
    /// hundred old meetings opens as fast as an empty one.
    ///
    /// # Errors
    /// [`OpenError`], each with what to do about it.
    pub fn open(path: &Path) -> std::result::Result<Self, OpenError> {
        Self::open_with(path, LocalOptions::default())
    }

    /// The same with other options.
    ///
    /// # Errors
    /// [`OpenError`], each with what to do about it.
    pub fn open_with(path: &Path, options: LocalOptions) -> std::result::Result<Self, OpenError> {
        let directory = Arc::new(Directory::take(path, options.migrations, None)?);
        let file = path.join(DATABASE);
        let in_place = options.disk.is_used_in_place();
        let database = Database::open(file.clone(), options.database_pages_max, Arc::clone(&directory), in_place);
        let database = database.map_err(|error| match error {
            StoreError::DiskIsFull => OpenError::DiskIsFull(path.to_owned()),
            StoreError::Broken(why) => OpenError::Damaged(file, why),
        })?;
        let boxes = Arc::new(Boxes::new(Arc::clone(&options.disk), Arc::clone(&directory)));
        let keys = Arc::new(KeyFiles::new(options.disk, Arc::clone(&directory)));
        Ok(Self { database, boxes, keys, directory })
    }

    /// The latest committed state, from memory where it is known.
    async fn stored(&self, meeting: &str) -> Result<Option<Arc<Stored>>> {
        if let Some(stored) = self.database.cache.stored(meeting) {
            return Ok(Some(stored));
        }
        let id = meeting.to_owned();
        // Ids can be guessed without end: the writer, for whom others wait, is asked only for meetings that are there.
        if !self.database.read(move |db| meetings::is_there(db, &id)).await? {
            return Ok(None);
        }
        // Read by the writer, so that no replacement slips in between reading and knowing.
        let (meeting, epoch) = (meeting.to_owned(), self.database.epoch.clone());
        let read = move |db: &rusqlite::Connection| {
            let stored = meetings::load(db, &meeting, &epoch)?.map(Arc::new);
            let effect = stored.clone().map_or(Effect::None, Effect::Known);
            Ok((stored, effect))
        };
        self.database.write(read).await
    }

    /// Makes the boxes of rounds that are armed by this step, before it is stored: a full disk then refuses to arm, and no
    /// cast ever meets one.
    async fn prepare_boxes(&self, meeting: &Meeting, before: Option<&Meeting>, seat_rows: u32) -> Result<()> {
        let entitled: u32 = meeting.plan.groups.iter().map(|group| group.entitled).sum();
        let seats = entitled.max(seat_rows) + REISSUES_MAX;
        for round in meeting.rounds.iter().filter(|round| has_box(round.state)) {
            let was = before.and_then(|before| before.rounds.iter().find(|was| was.number == round.number));
            if was.is_some_and(|was| has_box(was.state)) {
                continue;
            }
            let room = BoxRoom::of(&meeting.plan, round, seats);
            self.boxes.prepare(&meeting.id, round.number, room).await?;
        }
        Ok(())
    }

    /// The box of a round, where it has one.
    async fn round_box(&self, meeting: &str, round: u32) -> Result<Option<OpenBox>> {
        if self.stored(meeting).await?.is_none() {
            return Ok(None);
        }
        let gate = || -> CastGate {
            let (cache, meeting) = (Arc::clone(&self.database.cache), meeting.to_owned());
            Box::new(move || cache.takes_casts(&meeting, round))
        };
        self.boxes.get(meeting, round, gate).await
    }

    fn people_eraser(&self) -> people::PeopleEraser<'_> {
        people::PeopleEraser { database: &self.database, keys: &self.keys, directory: &self.directory }
    }

    fn poke(&self, meeting: &str) {
        // Nobody listening is no error.
        drop(self.database.changes.send(Changed { meeting: meeting.to_owned() }));
    }

    async fn with_keys<T: Send + 'static>(
        &self,
        meeting: &str,
        act: impl FnOnce(&KeyFiles, &str) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T> {
        must_be_id(meeting)?;
        let (keys, meeting) = (Arc::clone(&self.keys), meeting.to_owned());
        in_background(move || act(&keys, &meeting).map_err(|error| failure("the keys of a round", &error))).await
    }
}

#[async_trait]
impl MeetingStore for LocalStore {
    fn given_back(&self) -> watch::Receiver<()> {
        self.directory.given_back()
    }

    fn secret(&self) -> &ServerSecret {
        &self.directory.secret
    }

    fn durability(&self) -> Durability {
        Durability::Local
    }

    async fn create(&self, new: NewMeeting) -> Result<Created> {
        must_be_id(&new.meeting.id)?;
        let new = new.kept_under(self.secret());
        let seats = u32::try_from(new.seats.len()).unwrap_or(u32::MAX);
        if self.stored(&new.meeting.id).await?.is_none() {
            self.prepare_boxes(&new.meeting, None, seats).await?;
        }
        let epoch = self.database.epoch.clone();
        self.database.write(move |db| meetings::create(db, &new, &epoch)).await
    }

    async fn meetings(&self, limit: u32) -> Result<Vec<MeetingSummary>> {
        self.database.read(move |db| meetings::list(db, limit)).await
    }

    async fn load(&self, meeting: &str) -> Result<Option<Stored>> {
        Ok(self.stored(meeting).await?.map(Arc::unwrap_or_clone))
    }

    async fn version(&self, meeting: &str) -> Result<Option<(String, u32)>> {
        Ok(self.stored(meeting).await?.map(|stored| (stored.epoch.clone(), stored.version)))
    }

    async fn replace(&self, seen_version: u32, meeting: &Meeting) -> Result<Replaced> {
        let Some(before) = self.stored(&meeting.id).await? else { return Ok(Replaced::Unknown) };
        if before.version != seen_version {
            return Ok(Replaced::Stale);
        }
        let id = meeting.id.clone();
        let seat_rows = self.database.read(move |db| meetings::seat_rows(db, &id)).await?;
        self.prepare_boxes(meeting, Some(&before.meeting), seat_rows).await?;
        let (meeting, epoch) = (meeting.clone(), self.database.epoch.clone());
        self.database.write(move |db| meetings::replace(db, seen_version, &meeting, &epoch)).await
    }

    async fn keep_keys(&self, meeting: &str, round: u32, keys: &[u8]) -> Result<()> {
        let keys = keys.to_vec();
        self.with_keys(meeting, move |files, meeting| files.keep(meeting, round, &keys)).await
    }

    async fn offer_keys(&self, meeting: &str, round: u32, over: Option<&[u8]>, keys: &[u8]) -> Result<Vec<u8>> {
        let (over, keys) = (over.map(<[u8]>::to_vec), keys.to_vec());
        self.with_keys(meeting, move |files, meeting| files.offer(meeting, round, over.as_deref(), &keys)).await
    }

    async fn keys(&self, meeting: &str, round: u32) -> Result<Option<Vec<u8>>> {
        self.with_keys(meeting, move |files, meeting| files.read(meeting, round)).await
    }

    async fn erase_keys(&self, meeting: &str, round: u32) -> Result<()> {
        self.with_keys(meeting, move |files, meeting| files.erase(meeting, round)).await?;
        let id = meeting.to_owned();
        self.database.write(move |db| meetings::erase_digests(db, &id, round)).await?;
        self.database.empty_wal().await?;
        let directory = Arc::clone(&self.directory);
        in_background(move || directory.remove_backups().map_err(|error| failure("an old backup", &error))).await
    }

    async fn destroy_people(&self, meeting: &str) -> Result<Vec<Destroyed>> {
        if !self.stored(meeting).await?.is_some_and(|stored| stored.meeting.people_erased) {
            return Err(StoreError::Broken("this meeting does not say that its people are erased".to_owned()));
        }
        let things = self.people_eraser().destroy(meeting).await?;
        Ok(vec![Destroyed { place: String::new(), is_done: true, things }])
    }

    async fn archived_with_people(&self, limit: u32) -> Result<Vec<String>> {
        self.database.read(move |db| people::archived_with_people(db, limit)).await
    }

    async fn kept(&self, meeting: &str) -> Result<Vec<InventoryLine>> {
        inventory::list(&self.database, &self.directory.path, meeting).await
    }

    async fn keep_manifest(&self, meeting: &str, round: u32, manifest: &[u8]) -> Result<Vec<u8>> {
        let (meeting, manifest) = (meeting.to_owned(), manifest.to_vec());
        self.database.write(move |db| meetings::keep_manifest(db, &meeting, round, &manifest)).await
    }

    async fn manifest(&self, meeting: &str, round: u32) -> Result<Option<Vec<u8>>> {
        let meeting = meeting.to_owned();
        self.database.read(move |db| meetings::manifest(db, &meeting, round)).await
    }

    async fn add_link(&self, meeting: &str, role: Role, link: Digest) -> Result<()> {
        let meeting = meeting.to_owned();
        self.database.write(move |db| meetings::add_link(db, &meeting, role, &link)).await
    }

    async fn remove_link(&self, meeting: &str, link: Digest) -> Result<()> {
        let meeting = meeting.to_owned();
        self.database.write(move |db| meetings::remove_link(db, &meeting, &link)).await
    }

    async fn links(&self, meeting: &str) -> Result<Vec<(Role, Digest)>> {
        let meeting = meeting.to_owned();
        self.database.read(move |db| meetings::links(db, &meeting)).await
    }

    async fn open_session(&self, link: Digest, session: Digest) -> Result<Option<(String, Role)>> {
        // Whoever guesses keeps no writer from its work.
        if !self.database.read(move |db| meetings::has_link(db, &link)).await? {
            return Ok(None);
        }
        self.database.write(move |db| meetings::open_session(db, &link, &session)).await
    }

    async fn session(&self, session: Digest) -> Result<Option<RoleSession>> {
        self.database.read(move |db| meetings::session(db, &session)).await
    }

    fn changes(&self) -> broadcast::Receiver<Changed> {
        self.database.changes.subscribe()
    }
}

#[async_trait]
impl SeatStore for LocalStore {
    async fn claim_seat(&self, claim: &Claim) -> Result<Claimed> {
        let claim = claim.kept_under(self.secret());
        let by = claim.by.clone();
        // Whoever guesses keeps no writer from its work.
        if self.database.read(move |db| seats::meeting_of(db, &by)).await?.is_none() {
            return Ok(Claimed::Unknown);
        }
        let (epoch, cache) = (self.database.epoch.clone(), Arc::clone(&self.database.cache));
        let act = move |db: &rusqlite::Connection| {
            let meeting = match seats::meeting_of(db, &claim.by)? {
                None => None,
                Some(id) => match cache.stored(&id) {
                    Some(stored) => Some(stored),
                    None => meetings::load(db, &id, &epoch)?.map(Arc::new),
                },
            };
            seats::claim(db, &claim, meeting.as_deref().map(|stored| &stored.meeting))
        };
        self.database.write(act).await
    }

    async fn seat(&self, credential: Digest) -> Result<Option<Seat>> {
        self.database.read(move |db| seats::seat(db, &credential)).await
    }

    async fn roster(&self, meeting: &str) -> Result<Vec<EntitledSeat>> {
        let meeting = meeting.to_owned();
        self.database.read(move |db| seats::roster(db, &meeting)).await
    }

    async fn issue(&self, meeting: &str, round: u32, seat: u32, digest: Digest) -> Result<Issued> {
        if self.stored(meeting).await?.is_none() {
            return Ok(Issued::NotNow);
        }
        let (meeting, cache) = (meeting.to_owned(), Arc::clone(&self.database.cache));
        let act = move |db: &rusqlite::Connection| {
            // Asked here, by the thread that stores meetings: nothing is issued after a close was acknowledged.
            let Some(stored) = cache.stored(&meeting) else {
                return Err(StoreError::Broken("the round's state is not known yet".to_owned()));
            };
            let issues = |found: &&pingyi_rules::meeting::Round| found.number == round && found.state.issues_papers();
            if stored.meeting.rounds.iter().find(issues).is_none() {
                return Ok((Issued::NotNow, Effect::None));
            }
            seats::issue(db, &meeting, round, seat, &digest)
        };
        self.database.write(act).await
    }

    async fn replace_slips(&self, seen_version: u32, meeting: &Meeting, new: &NewSlips) -> Result<SlipsReplaced> {
        let new = new.kept_under(self.secret());
        let (meeting, epoch) = (meeting.clone(), self.database.epoch.clone());
        self.database.write(move |db| slips::replace(db, seen_version, &meeting, &new, &epoch)).await
    }

    async fn seat_counts(&self, meeting: &str, round: u32) -> Result<BTreeMap<String, SeatCount>> {
        if let Some(counts) = self.database.cache.counts(meeting, round) {
            return Ok(counts);
        }
        let (id, cache) = (meeting.to_owned(), Arc::clone(&self.database.cache));
        let generation = cache.generation();
        let counts = self.database.read(move |db| seats::counts(db, &id, round)).await?;
        cache.note_counts(meeting, round, generation, &counts);
        Ok(counts)
    }
}

#[async_trait]
impl BoxStore for LocalStore {
    async fn cast(&self, meeting: &str, round: u32, items: &[BoxItem]) -> Result<Vec<CastVerdict>> {
        let Some(open) = self.round_box(meeting, round).await? else {
            return Ok(vec![CastVerdict::Closed; items.len()]);
        };
        let coming = items.iter().map(IncomingEntry::of).collect();
        let answers = open.ask(|answer| Job::Cast(coming, answer)).await?;
        if answers.contains(&CastVerdict::In) {
            self.poke(meeting);
        }
        Ok(answers)
    }

    async fn returned(&self, meeting: &str, round: u32) -> Result<BTreeMap<String, u32>> {
        match self.round_box(meeting, round).await? {
            Some(open) => open.ask(Job::Returned).await,
            None => Ok(BTreeMap::new()),
        }
    }

    async fn release(&self, meeting: &str, round: u32, pool_k: u32) -> Result<Released> {
        match self.round_box(meeting, round).await? {
            Some(open) => open.ask(|answer| Job::Release(pool_k, answer)).await,
            None => Ok(Released::default()),
        }
    }

    async fn released_elsewhere(&self, _meeting: &str, _round: u32) -> Result<Option<Released>> {
        Ok(None)
    }

    async fn freeze(&self, meeting: &str, round: u32, _without: &[String]) -> Result<Freeze> {
        match self.round_box(meeting, round).await? {
            Some(open) => open.ask(Job::Freeze).await.map(Freeze::Frozen),
            None => Err(StoreError::Broken("this round was never armed: it has no box to freeze".to_owned())),
        }
    }

    async fn sign_off(&self) -> Result<()> {
        Ok(())
    }
}
