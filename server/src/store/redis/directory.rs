//! What names no meeting: which meeting a code, a link, a credential or a session belongs to, the list of meetings, and which
//! servers live. It knows digests, and nothing of what is in a meeting.

use super::client::step::{Arguments, Standing, steps};
use super::client::{DIRECTORY, RedisClient, not_now};
use crate::store::{Digest, Result};

/// Names that are given or forgotten in one step: other callers wait no longer than a few milliseconds.
pub(super) const NAMES_A_STEP: usize = 500;
/// Meetings of the list that are asked for at once.
pub(super) const LISTED_AT_ONCE: u32 = 200;

steps! {
    pub(super) CREATE_DIRECTORY: "directory/create_directory";
    pub(super) NAME_MEETINGS: "directory/name_meetings";
    RESERVE_NAMES: "directory/reserve_names";
    FORGET_NAMES: "directory/forget_names";
    FIND_MEETINGS: "directory/find_meetings";
    LIST_MEETINGS: "directory/list_meetings";
    HEARTBEAT: "directory/heartbeat";
}

/// The meetings that names name, each none where it names none.
pub(super) async fn find(client: &RedisClient, names: &[(&str, &Digest)]) -> Result<Vec<Option<String>>> {
    let cache = client.cache_of(DIRECTORY).await?;
    let mut arguments = Arguments::new();
    for (kind, digest) in names {
        arguments = arguments.and(*kind).and(digest.as_slice());
    }
    let mut answer = client.read(&cache, &FIND_MEETINGS, &arguments).await?;
    if answer.standing != Standing::Fine {
        // What is not there may come back.
        return Err(not_now());
    }
    Ok(answer.texts()?.into_iter().map(|found| Some(found).filter(|found| !found.is_empty())).collect())
}

/// Lets a name name a meeting, from now on. Repeating it is harmless.
pub(super) async fn name(client: &RedisClient, kind: &str, name: &[u8], value: &str) -> Result<()> {
    let cache = client.cache_of(DIRECTORY).await?;
    client.write(&cache, &NAME_MEETINGS, &Arguments::new().and(kind).and(name).and(value)).await.map(drop)
}

/// Lets names name a meeting, all of them or none; false where one names another meeting.
pub(super) async fn reserve<'a>(
    client: &RedisClient,
    meeting: &str,
    names: impl Iterator<Item = (&'static str, &'a Digest)>,
) -> Result<bool> {
    let mut arguments = Arguments::new().and(meeting).and("").and("");
    for (kind, digest) in names {
        arguments = arguments.and(kind).and(digest.as_slice());
    }
    let cache = client.cache_of(DIRECTORY).await?;
    Ok(client.write(&cache, &RESERVE_NAMES, &arguments).await?.0 == "reserved")
}

/// Lets codes name a meeting.
pub(super) async fn name_codes(client: &RedisClient, meeting: &str, codes: &[&Digest]) -> Result<()> {
    let cache = client.cache_of(DIRECTORY).await?;
    for some in codes.chunks(NAMES_A_STEP) {
        let mut arguments = Arguments::new();
        for code in some {
            arguments = arguments.and("code").and(code.as_slice()).and(meeting);
        }
        client.write(&cache, &NAME_MEETINGS, &arguments).await?;
    }
    Ok(())
}

/// Takes names away that name this meeting.
pub(super) async fn forget(client: &RedisClient, meeting: &str, kind: &str, digests: &[Vec<u8>]) -> Result<()> {
    if digests.is_empty() {
        return Ok(());
    }
    let cache = client.cache_of(DIRECTORY).await?;
    let mut arguments = Arguments::new().and(meeting);
    for digest in digests {
        arguments = arguments.and(kind).and(digest.as_slice());
    }
    client.write(&cache, &FORGET_NAMES, &arguments).await.map(drop)
}

/// Some of the list of meetings, the newest first: id and summary take turns.
pub(super) async fn list(client: &RedisClient, from: u32) -> Result<Vec<String>> {
    let cache = client.cache_of(DIRECTORY).await?;
    let mut answer = client.read(&cache, &LIST_MEETINGS, &Arguments::new().and(from).and(LISTED_AT_ONCE)).await?;
    answer.texts()
}

/// Says that this server lives, and hears what the others said last.
pub(super) async fn beat(client: &RedisClient) -> Result<()> {
    let cache = client.cache_of(DIRECTORY).await?;
    let said = client.heartbeats.next(&client.name);
    let mut answer = client.read(&cache, &HEARTBEAT, &Arguments::new().and(&said)).await?;
    client.heartbeats.hear(&answer.texts()?);
    Ok(())
}
