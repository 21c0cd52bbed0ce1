//! Meetings, keys, links and sessions at Redis.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{broadcast, watch};

use super::RedisStore;
use super::document;
use super::known::Known;
use super::point::{LOOK_UPS, Point, Whole, not_now, role_of, word_of};
use super::sealing::Kind;
use super::step::{
    ADD_LINK, Arguments, ERASE, FORGET, KEEP_KEYS, KEEP_MANIFEST, KEYS, LINKS, LIST, MANIFEST, OPEN_SESSION,
    REMOVE_LINK, REPLACE, RESERVE, SESSION, Standing, unreadable,
};
use super::{inventory, people};
use crate::durability::Durability;
use crate::inventory::{Destroyed, Kept};
use crate::meeting::Meeting;
use crate::role::Role;
use crate::secret::link_id;
use crate::server_secret::ServerSecret;
use crate::store::local::half::Fact;
use crate::store::{
    Changed, Created, Digest, MeetingStore, MeetingSummary, NewMeeting, Replaced, Result, RoleSession, StoreError,
    Stored,
};

/// Meetings of the list that are asked for at once.
const LISTED_AT_ONCE: u32 = 200;
/// Meetings that the list goes through at most.
const LISTED_MAX: u32 = 100_000;

fn unknown_meeting() -> StoreError {
    StoreError::Broken("there is no such meeting".to_owned())
}

impl Point {
    /// Lets all codes and links of a new meeting name it, or none of them; false where one names another meeting.
    async fn reserve(&self, new: &NewMeeting) -> Result<bool> {
        let known = self.known(LOOK_UPS).await?;
        let mut arguments = Arguments::new().and(&new.meeting.id).and("").and("");
        for (kind, digest) in names(new) {
            arguments = arguments.and(kind).and(digest.as_slice());
        }
        Ok(self.write(&known, &RESERVE, &arguments).await?.0 == "reserved")
    }

    pub(super) async fn forget(&self, meeting: &str, kind: &str, digests: &[Vec<u8>]) -> Result<()> {
        if digests.is_empty() {
            return Ok(());
        }
        let known = self.known(LOOK_UPS).await?;
        let mut arguments = Arguments::new().and(meeting);
        for digest in digests {
            arguments = arguments.and(kind).and(digest.as_slice());
        }
        self.write(&known, &FORGET, &arguments).await.map(drop)
    }

    async fn list(&self, from: u32) -> Result<Vec<String>> {
        let known = self.known(LOOK_UPS).await?;
        let mut answer = self.read(&known, &LIST, &Arguments::new().and(from).and(LISTED_AT_ONCE)).await?;
        answer.texts()
    }

    /// Keeps keys, whatever was kept (`over` is none) or only over these sealed ones. Answers with what is kept then.
    async fn keep_keys(&self, known: &Arc<Known>, round: u32, keys: &[u8], over: Option<Vec<u8>>) -> Result<Vec<u8>> {
        let is_offer = u8::from(over.is_some());
        let arguments = Arguments::new().and(round).and(self.sealing.keys(&known.id, round, keys)?);
        let arguments = arguments.and(is_offer).and(over.unwrap_or_default());
        let (_, mut answer) = self.write(known, &KEEP_KEYS, &arguments).await?;
        let (is_erased, kept) = (answer.number()? == 1, answer.bytes()?);
        let kept = self.sealing.open(Kind::Keys, &known.id, round, &kept)?;
        if is_erased && !self.half.has_erased(&known.id, round).await? {
            self.half.erase_keys(&known.id, round).await?;
        }
        self.half.keep_keys(&known.id, round, &kept).await?;
        Ok(kept)
    }
}

fn names(new: &NewMeeting) -> impl Iterator<Item = (&'static str, &Digest)> {
    let codes = new.seats.iter().map(|seat| ("code", &seat.code));
    codes.chain(new.capabilities.iter().map(|(_, link)| ("link", link)))
}

fn summary_of(id: &str, summary: &str) -> Option<MeetingSummary> {
    let (_, json) = summary.split_once(' ')?;
    let shown: serde_json::Value = serde_json::from_str(json).ok()?;
    let text = |name: &str| shown.get(name)?.as_str().map(str::to_owned);
    let phase = serde_json::from_value(shown.get("phase")?.clone()).ok()?;
    Some(MeetingSummary { id: id.to_owned(), title: text("title")?, host: text("host")?, phase })
}

#[async_trait]
impl MeetingStore for RedisStore {
    fn secret(&self) -> &ServerSecret {
        self.point.half.secret()
    }

    fn given_back(&self) -> watch::Receiver<()> {
        self.point.half.given_back()
    }

    fn durability(&self) -> Durability {
        self.point.durability
    }

    async fn create(&self, new: NewMeeting) -> Result<Created> {
        let point = &self.point;
        let new = new.kept_under(self.secret());
        let known = point.known(&new.meeting.id).await?;
        if point.load(&known).await?.is_none() {
            if !point.reserve(&new).await? {
                return Err(StoreError::Broken("a code or a link belongs to another meeting".to_owned()));
            }
            let epoch = uuid::Uuid::new_v4().to_string();
            let stored = Stored { meeting: new.meeting.clone(), epoch: epoch.clone(), version: 1 };
            let whole = Whole { stored: stored.clone(), seats: new.seats, links: new.capabilities };
            let (word, _) = point.make(&epoch, &whole, false).await?;
            if word == "made" {
                point.half.adopt(stored, whole.seats, whole.links).await?;
                point.half.prepare_boxes(&new.meeting).await?;
                point.name("summary", new.meeting.id.as_bytes(), &document::summary(&new.meeting, 1)?).await?;
                // Read back, so that it is known from now on.
                let known = point.known(&new.meeting.id).await?;
                point.load(&known).await?;
                point.changed(&known);
                return Ok(Created::Made);
            }
        }
        // An earlier creation may have been cut off before the meeting was listed.
        point.name("summary", new.meeting.id.as_bytes(), &document::summary(&new.meeting, 1)?).await?;
        Ok(Created::Exists)
    }

    async fn meetings(&self, limit: u32) -> Result<Vec<MeetingSummary>> {
        let mut summaries = Vec::new();
        let mut from = 0;
        while from < LISTED_MAX {
            let some = self.point.list(from).await?;
            for meeting in some.chunks_exact(2) {
                let shown = summary_of(&meeting[0], &meeting[1]);
                summaries.extend(shown.filter(|summary| summary.phase != crate::meeting::Phase::Archived));
                if summaries.len() >= limit as usize {
                    return Ok(summaries);
                }
            }
            if some.len() < 2 * LISTED_AT_ONCE as usize {
                break;
            }
            from += LISTED_AT_ONCE;
        }
        Ok(summaries)
    }

    async fn load(&self, meeting: &str) -> Result<Option<Stored>> {
        let known = self.point.known(meeting).await?;
        Ok(self.point.load(&known).await?.map(Arc::unwrap_or_clone))
    }

    async fn latest(&self, meeting: &str) -> Result<Option<Stored>> {
        let known = self.point.known(meeting).await?;
        // Whatever was checked before is not enough.
        known.state().generation += 1;
        Ok(self.point.load(&known).await?.map(Arc::unwrap_or_clone))
    }

    async fn version(&self, meeting: &str) -> Result<Option<(String, u32)>> {
        let known = self.point.known(meeting).await?;
        Ok(self.point.load(&known).await?.map(|stored| (stored.epoch.clone(), stored.version)))
    }

    async fn replace(&self, seen_version: u32, meeting: &Meeting) -> Result<Replaced> {
        let point = &self.point;
        let Some((known, before)) = point.loaded(&meeting.id).await? else { return Ok(Replaced::Unknown) };
        // A full disk refuses to arm: no cast ever meets one.
        point.half.prepare_boxes(meeting).await?;
        let mut arguments = Arguments::new().and(seen_version);
        document::push(&mut arguments, &point.sealing, meeting)?;
        let (word, answer) = point.write(&known, &REPLACE, &arguments).await?;
        match word.as_str() {
            "now" => {
                let stored = Stored { meeting: meeting.clone(), epoch: answer.epoch.clone(), version: answer.version };
                point.take_over(&known, stored).await?;
                if before.meeting.phase != meeting.phase || before.version + 1 != answer.version {
                    let summary = document::summary(meeting, answer.version)?;
                    point.name("summary", meeting.id.as_bytes(), &summary).await?;
                }
                point.changed(&known);
                Ok(Replaced::Now(answer.version))
            }
            "unknown_meeting" => Ok(Replaced::Unknown),
            _ => {
                point.heard(&known);
                Ok(Replaced::Stale)
            }
        }
    }

    async fn keep_keys(&self, meeting: &str, round: u32, keys: &[u8]) -> Result<()> {
        let (known, _) = self.point.loaded(meeting).await?.ok_or_else(unknown_meeting)?;
        self.point.keep_keys(&known, round, keys, None).await.map(drop)
    }

    async fn offer_keys(&self, meeting: &str, round: u32, over: Option<&[u8]>, keys: &[u8]) -> Result<Vec<u8>> {
        let (known, _) = self.point.loaded(meeting).await?.ok_or_else(unknown_meeting)?;
        let over = over.map(|over| self.point.sealing.keys(meeting, round, over)).transpose()?;
        self.point.keep_keys(&known, round, keys, Some(over.unwrap_or_default())).await
    }

    async fn keys(&self, meeting: &str, round: u32) -> Result<Option<Vec<u8>>> {
        let Some((known, _)) = self.point.loaded(meeting).await? else { return Ok(None) };
        let mut answer = self.point.read(&known, &KEYS, &Arguments::new().and(round)).await?;
        if answer.standing == Standing::Recovering {
            return Err(not_now());
        }
        let (_, keys) = (answer.number()?, answer.bytes()?);
        if keys.is_empty() {
            return Ok(None);
        }
        let keys = self.point.sealing.open(Kind::Keys, meeting, round, &keys)?;
        // Who serves the round has its keys too: Redis and the server that made them may be lost together.
        if self.point.half.keys(meeting, round).await?.as_ref() != Some(&keys) {
            self.point.half.keep_keys(meeting, round, &keys).await?;
        }
        Ok(Some(keys))
    }

    async fn erase_keys(&self, meeting: &str, round: u32) -> Result<()> {
        let Some((known, _)) = self.point.loaded(meeting).await? else { return Ok(()) };
        self.point.write(&known, &ERASE, &Arguments::new().and(round)).await?;
        self.point.half.erase_keys(meeting, round).await?;
        self.point.changed(&known);
        Ok(())
    }

    async fn destroy_people(&self, meeting: &str) -> Result<Vec<Destroyed>> {
        let known = self.point.known(meeting).await?;
        let stored = self.point.load(&known).await?.ok_or_else(unknown_meeting)?;
        if !stored.meeting.people_erased {
            return Err(StoreError::Broken("this meeting does not say that its people are erased".to_owned()));
        }
        people::destroy(&self.point, &known).await
    }

    async fn archived_with_people(&self, limit: u32) -> Result<Vec<String>> {
        self.point.half.archived_with_people(limit).await
    }

    async fn kept(&self, meeting: &str) -> Result<Vec<Kept>> {
        let mut kept = self.point.half.kept(meeting).await?;
        kept.extend(inventory::list(&self.point, meeting).await?);
        Ok(kept)
    }

    async fn keep_manifest(&self, meeting: &str, round: u32, manifest: &[u8]) -> Result<Vec<u8>> {
        let (known, _) = self.point.loaded(meeting).await?.ok_or_else(unknown_meeting)?;
        let sealing = &self.point.sealing;
        let arguments = Arguments::new().and(round).and(sealing.seal(Kind::Manifest, meeting, round, manifest)?);
        let (_, mut answer) = self.point.write(&known, &KEEP_MANIFEST, &arguments).await?;
        let kept = sealing.open(Kind::Manifest, meeting, round, &answer.bytes()?)?;
        self.point.note(&known, Fact::Manifest { round, manifest: kept.clone() }).await?;
        Ok(kept)
    }

    async fn manifest(&self, meeting: &str, round: u32) -> Result<Option<Vec<u8>>> {
        let Some((known, _)) = self.point.loaded(meeting).await? else { return Ok(None) };
        let mut answer = self.point.read(&known, &MANIFEST, &Arguments::new().and(round)).await?;
        let manifest = answer.bytes()?;
        if manifest.is_empty() {
            return if answer.standing == Standing::Recovering { Err(not_now()) } else { Ok(None) };
        }
        let manifest = self.point.sealing.open(Kind::Manifest, meeting, round, &manifest)?;
        self.point.note(&known, Fact::Manifest { round, manifest: manifest.clone() }).await?;
        Ok(Some(manifest))
    }

    async fn add_capability(&self, meeting: &str, role: Role, capability: Digest) -> Result<()> {
        let Some((known, _)) = self.point.loaded(meeting).await? else { return Ok(()) };
        self.point.name("link", &capability, meeting).await?;
        let arguments = Arguments::new().and(capability.as_slice()).and(word_of(role)?);
        let (_, mut answer) = self.point.write(&known, &ADD_LINK, &arguments).await?;
        self.point.note(&known, Fact::Link { link: capability, role }).await?;
        self.point.forget(meeting, "link", &answer.list()?).await
    }

    async fn remove_capability(&self, meeting: &str, capability: Digest) -> Result<()> {
        let Some((known, _)) = self.point.loaded(meeting).await? else { return Ok(()) };
        self.point.write(&known, &REMOVE_LINK, &Arguments::new().and(capability.as_slice())).await?;
        self.point.half.remove_capability(meeting, capability).await?;
        self.point.forget(meeting, "link", &[capability.to_vec()]).await
    }

    async fn capabilities(&self, meeting: &str) -> Result<Vec<(Role, Digest)>> {
        let Some((known, _)) = self.point.loaded(meeting).await? else { return Ok(Vec::new()) };
        let mut answer = self.point.read(&known, &LINKS, &Arguments::new()).await?;
        if answer.standing != Standing::Fine {
            return Err(not_now());
        }
        let digest = |bytes: &[u8]| Digest::try_from(bytes).map_err(|_| unreadable());
        let link = |link: &[Vec<u8>]| Ok((role_of(&link[1])?, digest(&link[0])?));
        answer.list()?.chunks_exact(2).map(link).collect()
    }

    async fn open_session(&self, capability: Digest, session: Digest) -> Result<Option<(String, Role)>> {
        let point = &self.point;
        let Some(meeting) = point.find(&[("link", &capability)]).await?.remove(0) else { return Ok(None) };
        let Some((known, _)) = point.loaded(&meeting).await? else { return Ok(None) };
        let link = link_id(&capability);
        let arguments = Arguments::new().and(capability.as_slice()).and(session.as_slice()).and(link.as_str());
        let (word, mut answer) = point.write(&known, &OPEN_SESSION, &arguments).await?;
        if word != "opened" {
            return Ok(None);
        }
        let (role, made_room) = (role_of(&answer.bytes()?)?, answer.list()?);
        point.note(&known, Fact::Session { session, role, link }).await?;
        point.name("session", &session, &meeting).await?;
        point.forget(&meeting, "session", &made_room).await?;
        Ok(Some((meeting, role)))
    }

    async fn session(&self, session: Digest) -> Result<Option<RoleSession>> {
        let Some(meeting) = self.point.find(&[("session", &session)]).await?.remove(0) else { return Ok(None) };
        let known = self.point.known(&meeting).await?;
        let mut answer = self.point.read(&known, &SESSION, &Arguments::new().and(session.as_slice())).await?;
        if answer.is_empty() {
            return Ok(None);
        }
        let told = answer.text()?;
        if told.is_empty() {
            return if answer.standing == Standing::Recovering { Err(not_now()) } else { Ok(None) };
        }
        let (role, link) = told.split_once(' ').ok_or_else(unreadable)?;
        Ok(Some(RoleSession { meeting, role: role_of(role.as_bytes())?, link: link.to_owned() }))
    }

    fn changes(&self) -> broadcast::Receiver<Changed> {
        self.point.changes.subscribe()
    }
}
