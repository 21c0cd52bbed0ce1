//! Meetings, keys, links and sessions at Redis.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{broadcast, watch};

use super::RedisStore;
use super::client::meeting_cache::MeetingCache;
use super::client::step::{Arguments, Standing, steps, unreadable};
use super::client::{RedisClient, not_now};
use super::copy::{MeetingCopy, role_of, word_of};
use super::directory::LISTED_AT_ONCE;
use super::sealing::{Kind, document};
use super::{copy, directory, documents, inventory, people};
use crate::durability::Durability;
use crate::inventory::{Destroyed, InventoryLine};
use crate::role::Role;
use crate::secret::link_id;
use crate::server_secret::ServerSecret;
use crate::store::disk::journal::Fact;
use crate::store::{
    Changed, Created, Digest, MeetingStore, MeetingSummary, NewMeeting, Replaced, Result, RoleSession, StoreError,
    Stored,
};
use pingyi_rules::meeting::Meeting;

/// Meetings that the list goes through at most.
const LISTED_MAX: u32 = 100_000;

steps! {
    REPLACE_DOCUMENT: "meeting/replace_document";
    KEEP_KEYS: "meeting/keep_keys";
    READ_KEYS: "meeting/read_keys";
    ERASE_KEYS: "parts/erase_round_keys", "meeting/erase_keys";
    KEEP_MANIFEST: "meeting/keep_manifest";
    READ_MANIFEST: "meeting/read_manifest";
    ADD_LINK: "parts/limited_lists", "meeting/add_link";
    REMOVE_LINK: "meeting/remove_link";
    READ_LINKS: "meeting/read_links";
    OPEN_SESSION: "parts/limited_lists", "meeting/open_session";
    READ_SESSION: "meeting/read_session";
}

fn unknown_meeting() -> StoreError {
    StoreError::Broken("there is no such meeting".to_owned())
}

/// Keeps keys, whatever was kept (`over` is none) or only over these sealed ones. Answers with what is kept then.
async fn keep_keys(
    client: &RedisClient,
    cache: &Arc<MeetingCache>,
    round: u32,
    keys: &[u8],
    over: Option<Vec<u8>>,
) -> Result<Vec<u8>> {
    let is_offer = u8::from(over.is_some());
    let arguments = Arguments::new().and(round).and(client.sealing.keys(&cache.id, round, keys)?);
    let arguments = arguments.and(is_offer).and(over.unwrap_or_default());
    let (_, mut answer) = client.write(cache, &KEEP_KEYS, &arguments).await?;
    let (is_erased, kept) = (answer.number()? == 1, answer.bytes()?);
    let kept = client.sealing.open(Kind::Keys, &cache.id, round, &kept)?;
    if is_erased && !client.journal.has_erased(&cache.id, round).await? {
        client.journal.erase_keys(&cache.id, round).await?;
    }
    client.journal.keep_keys(&cache.id, round, &kept).await?;
    Ok(kept)
}

fn names(new: &NewMeeting) -> impl Iterator<Item = (&'static str, &Digest)> {
    let codes = new.seats.iter().map(|seat| ("code", &seat.code));
    codes.chain(new.links.iter().map(|(_, link)| ("link", link)))
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
        self.client.journal.secret()
    }

    fn given_back(&self) -> watch::Receiver<()> {
        self.client.journal.given_back()
    }

    fn durability(&self) -> Durability {
        self.client.durability
    }

    async fn create(&self, new: NewMeeting) -> Result<Created> {
        let client = &self.client;
        let new = new.kept_under(self.secret());
        let cache = client.cache_of(&new.meeting.id).await?;
        if documents::load(client, &cache).await?.is_none() {
            if !directory::reserve(client, &new.meeting.id, names(&new)).await? {
                return Err(StoreError::Broken("a code or a link belongs to another meeting".to_owned()));
            }
            let epoch = uuid::Uuid::new_v4().to_string();
            let stored = Stored { meeting: new.meeting.clone(), epoch: epoch.clone(), version: 1 };
            let whole = MeetingCopy { stored: stored.clone(), seats: new.seats, links: new.links };
            let (word, _) = copy::make(client, &epoch, &whole, false).await?;
            if word == "made" {
                client.journal.adopt(stored, whole.seats, whole.links).await?;
                client.journal.prepare_boxes(&new.meeting).await?;
                directory::name(client, "summary", new.meeting.id.as_bytes(), &document::summary(&new.meeting, 1)?)
                    .await?;
                // Read back, so that it is known from now on.
                let cache = client.cache_of(&new.meeting.id).await?;
                documents::load(client, &cache).await?;
                client.changed(&cache);
                return Ok(Created::Made);
            }
        }
        // An earlier creation may have been cut off before the meeting was listed.
        directory::name(client, "summary", new.meeting.id.as_bytes(), &document::summary(&new.meeting, 1)?).await?;
        Ok(Created::Exists)
    }

    async fn meetings(&self, limit: u32) -> Result<Vec<MeetingSummary>> {
        let mut summaries = Vec::new();
        let mut from = 0;
        while from < LISTED_MAX {
            let some = directory::list(&self.client, from).await?;
            for meeting in some.chunks_exact(2) {
                let shown = summary_of(&meeting[0], &meeting[1]);
                summaries.extend(shown.filter(|summary| summary.phase != pingyi_rules::meeting::Phase::Archived));
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
        let cache = self.client.cache_of(meeting).await?;
        Ok(documents::load(&self.client, &cache).await?.map(Arc::unwrap_or_clone))
    }

    async fn latest(&self, meeting: &str) -> Result<Option<Stored>> {
        let cache = self.client.cache_of(meeting).await?;
        // Whatever was checked before is not enough.
        cache.state().generation += 1;
        Ok(documents::load(&self.client, &cache).await?.map(Arc::unwrap_or_clone))
    }

    async fn version(&self, meeting: &str) -> Result<Option<(String, u32)>> {
        let cache = self.client.cache_of(meeting).await?;
        Ok(documents::load(&self.client, &cache).await?.map(|stored| (stored.epoch.clone(), stored.version)))
    }

    async fn replace(&self, seen_version: u32, meeting: &Meeting) -> Result<Replaced> {
        let client = &self.client;
        let Some((cache, before)) = documents::loaded(client, &meeting.id).await? else { return Ok(Replaced::Unknown) };
        // A full disk refuses to arm: no cast ever meets one.
        client.journal.prepare_boxes(meeting).await?;
        let mut arguments = Arguments::new().and(seen_version);
        arguments.extend(document::written(&client.sealing, meeting)?);
        let (word, answer) = client.write(&cache, &REPLACE_DOCUMENT, &arguments).await?;
        match word.as_str() {
            "now" => {
                let stored = Stored { meeting: meeting.clone(), epoch: answer.epoch.clone(), version: answer.version };
                documents::take_over(client, &cache, stored).await?;
                if before.meeting.phase != meeting.phase || before.version + 1 != answer.version {
                    let summary = document::summary(meeting, answer.version)?;
                    directory::name(client, "summary", meeting.id.as_bytes(), &summary).await?;
                }
                client.changed(&cache);
                Ok(Replaced::Now(answer.version))
            }
            "unknown_meeting" => Ok(Replaced::Unknown),
            _ => {
                client.heard(&cache);
                Ok(Replaced::Stale)
            }
        }
    }

    async fn keep_keys(&self, meeting: &str, round: u32, keys: &[u8]) -> Result<()> {
        let (cache, _) = documents::loaded(&self.client, meeting).await?.ok_or_else(unknown_meeting)?;
        keep_keys(&self.client, &cache, round, keys, None).await.map(drop)
    }

    async fn offer_keys(&self, meeting: &str, round: u32, over: Option<&[u8]>, keys: &[u8]) -> Result<Vec<u8>> {
        let (cache, _) = documents::loaded(&self.client, meeting).await?.ok_or_else(unknown_meeting)?;
        let over = over.map(|over| self.client.sealing.keys(meeting, round, over)).transpose()?;
        keep_keys(&self.client, &cache, round, keys, Some(over.unwrap_or_default())).await
    }

    async fn keys(&self, meeting: &str, round: u32) -> Result<Option<Vec<u8>>> {
        let Some((cache, _)) = documents::loaded(&self.client, meeting).await? else { return Ok(None) };
        let mut answer = self.client.read(&cache, &READ_KEYS, &Arguments::new().and(round)).await?;
        if answer.standing == Standing::Recovering {
            return Err(not_now());
        }
        let (_, keys) = (answer.number()?, answer.bytes()?);
        if keys.is_empty() {
            return Ok(None);
        }
        let keys = self.client.sealing.open(Kind::Keys, meeting, round, &keys)?;
        // Who serves the round has its keys too: Redis and the server that made them may be lost together.
        if self.client.journal.keys(meeting, round).await?.as_ref() != Some(&keys) {
            self.client.journal.keep_keys(meeting, round, &keys).await?;
        }
        Ok(Some(keys))
    }

    async fn erase_keys(&self, meeting: &str, round: u32) -> Result<()> {
        let Some((cache, _)) = documents::loaded(&self.client, meeting).await? else { return Ok(()) };
        self.client.write(&cache, &ERASE_KEYS, &Arguments::new().and(round)).await?;
        self.client.journal.erase_keys(meeting, round).await?;
        self.client.changed(&cache);
        Ok(())
    }

    async fn destroy_people(&self, meeting: &str) -> Result<Vec<Destroyed>> {
        let cache = self.client.cache_of(meeting).await?;
        let stored = documents::load(&self.client, &cache).await?.ok_or_else(unknown_meeting)?;
        if !stored.meeting.people_erased {
            return Err(StoreError::Broken("this meeting does not say that its people are erased".to_owned()));
        }
        people::destroy(&self.client, &cache).await
    }

    async fn archived_with_people(&self, limit: u32) -> Result<Vec<String>> {
        self.client.journal.archived_with_people(limit).await
    }

    async fn kept(&self, meeting: &str) -> Result<Vec<InventoryLine>> {
        let mut kept = self.client.journal.kept(meeting).await?;
        kept.extend(inventory::list(&self.client, meeting).await?);
        Ok(kept)
    }

    async fn keep_manifest(&self, meeting: &str, round: u32, manifest: &[u8]) -> Result<Vec<u8>> {
        let (cache, _) = documents::loaded(&self.client, meeting).await?.ok_or_else(unknown_meeting)?;
        let sealing = &self.client.sealing;
        let arguments = Arguments::new().and(round).and(sealing.seal(Kind::Manifest, meeting, round, manifest)?);
        let (_, mut answer) = self.client.write(&cache, &KEEP_MANIFEST, &arguments).await?;
        let kept = sealing.open(Kind::Manifest, meeting, round, &answer.bytes()?)?;
        self.client.note(&cache, Fact::Manifest { round, manifest: kept.clone() }).await?;
        Ok(kept)
    }

    async fn manifest(&self, meeting: &str, round: u32) -> Result<Option<Vec<u8>>> {
        let Some((cache, _)) = documents::loaded(&self.client, meeting).await? else { return Ok(None) };
        let mut answer = self.client.read(&cache, &READ_MANIFEST, &Arguments::new().and(round)).await?;
        let manifest = answer.bytes()?;
        if manifest.is_empty() {
            return if answer.standing == Standing::Recovering { Err(not_now()) } else { Ok(None) };
        }
        let manifest = self.client.sealing.open(Kind::Manifest, meeting, round, &manifest)?;
        self.client.note(&cache, Fact::Manifest { round, manifest: manifest.clone() }).await?;
        Ok(Some(manifest))
    }

    async fn add_link(&self, meeting: &str, role: Role, link: Digest) -> Result<()> {
        let Some((cache, _)) = documents::loaded(&self.client, meeting).await? else { return Ok(()) };
        directory::name(&self.client, "link", &link, meeting).await?;
        let arguments = Arguments::new().and(link.as_slice()).and(word_of(role)?);
        let (_, mut answer) = self.client.write(&cache, &ADD_LINK, &arguments).await?;
        self.client.note(&cache, Fact::Link { link, role }).await?;
        directory::forget(&self.client, meeting, "link", &answer.list()?).await
    }

    async fn remove_link(&self, meeting: &str, link: Digest) -> Result<()> {
        let Some((cache, _)) = documents::loaded(&self.client, meeting).await? else { return Ok(()) };
        self.client.write(&cache, &REMOVE_LINK, &Arguments::new().and(link.as_slice())).await?;
        self.client.journal.remove_link(meeting, link).await?;
        directory::forget(&self.client, meeting, "link", &[link.to_vec()]).await
    }

    async fn links(&self, meeting: &str) -> Result<Vec<(Role, Digest)>> {
        let Some((cache, _)) = documents::loaded(&self.client, meeting).await? else { return Ok(Vec::new()) };
        let mut answer = self.client.read(&cache, &READ_LINKS, &Arguments::new()).await?;
        if answer.standing != Standing::Fine {
            return Err(not_now());
        }
        let digest = |bytes: &[u8]| Digest::try_from(bytes).map_err(|_| unreadable());
        let link = |link: &[Vec<u8>]| Ok((role_of(&link[1])?, digest(&link[0])?));
        answer.list()?.chunks_exact(2).map(link).collect()
    }

    async fn open_session(&self, capability: Digest, session: Digest) -> Result<Option<(String, Role)>> {
        let client = &self.client;
        let Some(meeting) = directory::find(client, &[("link", &capability)]).await?.remove(0) else { return Ok(None) };
        let Some((cache, _)) = documents::loaded(client, &meeting).await? else { return Ok(None) };
        let link = link_id(&capability);
        let arguments = Arguments::new().and(capability.as_slice()).and(session.as_slice()).and(link.as_str());
        let (word, mut answer) = client.write(&cache, &OPEN_SESSION, &arguments).await?;
        if word != "opened" {
            return Ok(None);
        }
        let (role, made_room) = (role_of(&answer.bytes()?)?, answer.list()?);
        client.note(&cache, Fact::Session { session, role, link }).await?;
        directory::name(client, "session", &session, &meeting).await?;
        directory::forget(client, &meeting, "session", &made_room).await?;
        Ok(Some((meeting, role)))
    }

    async fn session(&self, session: Digest) -> Result<Option<RoleSession>> {
        let Some(meeting) = directory::find(&self.client, &[("session", &session)]).await?.remove(0) else {
            return Ok(None);
        };
        let cache = self.client.cache_of(&meeting).await?;
        let mut answer = self.client.read(&cache, &READ_SESSION, &Arguments::new().and(session.as_slice())).await?;
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
        self.client.changes.subscribe()
    }
}
