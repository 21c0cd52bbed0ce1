//! The end of a meeting's people at Redis and in every server's copy. The document says that they are erased; whoever sees it
//! destroys what is his, and says so at Redis.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::client::RedisClient;
use super::client::meeting_cache::MeetingCache;
use super::client::step::{Arguments, steps};
use super::directory::{self, NAMES_A_STEP};
use crate::inventory::{Destroyed, InventoryLine, InventoryPlace};
use crate::store::{Result, StoreError};

steps! {
    READ_PEOPLE_NAMES: "people/read_people_names";
    DESTROY_PEOPLE: "people/destroy_people";
    NOTE_DESTROYED: "people/note_destroyed";
}

/// The place of what is at Redis.
const REDIS: &str = "redis";

/// What a server destroyed of its own copy, as it is noted at Redis.
#[derive(Serialize, Deserialize)]
struct DestructionNote {
    name: String,
    things: Vec<InventoryLine>,
}

/// Destroys what this server has, and tells it. Nothing is told while Redis is lost: the next look does it.
pub(super) async fn destroy_copy(client: &RedisClient, cache: &Arc<MeetingCache>) -> Result<()> {
    let things = client.journal.destroy_people(&cache.id).await?;
    let note = serde_json::to_string(&DestructionNote { name: client.name.clone(), things });
    let note = note.map_err(|_| StoreError::Broken("a note cannot be written".to_owned()))?;
    client.write(cache, &NOTE_DESTROYED, &Arguments::new().and(note)).await?;
    cache.state().is_destroyed = true;
    client.changed(cache);
    Ok(())
}

/// Destroys what is at Redis and here, and answers how far everybody is.
pub(super) async fn destroy(client: &RedisClient, cache: &Arc<MeetingCache>) -> Result<Vec<Destroyed>> {
    if !cache.state().is_destroyed {
        destroy_copy(client, cache).await?;
    }
    let (_, mut names) = client.write(cache, &READ_PEOPLE_NAMES, &Arguments::new()).await?;
    for kind in ["code", "credential", "session"] {
        for some in names.list()?.chunks(NAMES_A_STEP) {
            directory::forget(client, &cache.id, kind, some).await?;
        }
    }
    client.write(cache, &DESTROY_PEOPLE, &Arguments::new()).await?;
    let (_, mut answer) = client.write(cache, &NOTE_DESTROYED, &Arguments::new().and("")).await?;
    let (told, servers) = (answer.texts()?, answer.texts()?);
    let mut told: BTreeMap<&str, &str> =
        told.chunks_exact(2).map(|told| (told[0].as_str(), told[1].as_str())).collect();
    let mut all = vec![Destroyed {
        place: "Redis".to_owned(),
        is_done: true,
        things: at_redis(told.remove(REDIS).unwrap_or_default())?,
    }];
    for server in &servers {
        let of: Option<DestructionNote> = told.get(server.as_str()).and_then(|text| serde_json::from_str(text).ok());
        let is_done = of.is_some();
        let (place, things) =
            of.map_or_else(|| (client.heartbeats.name_of(server), Vec::new()), |told| (told.name, told.things));
        all.push(Destroyed { place, is_done, things });
    }
    Ok(all)
}

fn at_redis(counts: &str) -> Result<Vec<InventoryLine>> {
    let counts: BTreeMap<String, u32> =
        serde_json::from_str(counts).map_err(|_| StoreError::Broken("redis: a note cannot be read".to_owned()))?;
    let kept = |(name, count): (String, u32)| InventoryLine {
        place: InventoryPlace::Redis,
        kind: super::inventory::kind_of(&name),
        name: format!("pingyi:{{meeting}}:{name}"),
        count,
    };
    Ok(counts.into_iter().map(kept).collect())
}
