//! A whole meeting as each server has a copy of it: how it is read from Redis, and made there of a copy. It knows no ballot.

use std::sync::Arc;

use super::client::meeting_cache::MeetingCache;
use super::client::step::{Arguments, StepAnswer, steps};
use super::client::{RedisClient, not_now};
use super::sealing::{document, seat};
use crate::role::Role;
use crate::store::{Digest, NewSeat, Result, SlipSeries, StoreError, Stored};

steps! {
    CREATE_MEETING: "parts/stop_live_releases", "parts/seat_groups", "parts/empty_earlier", "meeting/create_meeting";
    READ_COPY: "meeting/read_copy";
}

/// A whole meeting as the copy has it.
pub(super) struct MeetingCopy {
    pub(super) stored: Stored,
    pub(super) seats: Vec<NewSeat>,
    pub(super) links: Vec<(Role, Digest)>,
}

/// What a copy has of a meeting beside its document.
pub(super) async fn read_copy(
    client: &RedisClient,
    cache: &Arc<MeetingCache>,
) -> Result<(Vec<NewSeat>, Vec<(Role, Digest)>, Vec<SlipSeries>)> {
    let mut whole = client.read(cache, &READ_COPY, &Arguments::new()).await?;
    let (found, roles) = (whole.list()?, whole.list()?);
    let broken = || StoreError::Broken("redis: a seat or a link cannot be read".to_owned());
    let mut seats = Vec::new();
    for seat in found.chunks_exact(3) {
        let entitled = seat::read(&client.sealing, &cache.id, &seat[0], &seat[1])?;
        let code: Digest = seat[2].as_slice().try_into().map_err(|_| broken())?;
        seats.push(NewSeat { entitled, code });
    }
    let mut links = Vec::new();
    for link in roles.chunks_exact(2) {
        let digest: Digest = link[0].as_slice().try_into().map_err(|_| broken())?;
        links.push((role_of(&link[1])?, digest));
    }
    seats.sort_by_key(|seat| seat.entitled.seat);
    Ok((seats, links, series_in(&whole.numbers()?)))
}

/// Makes a meeting of a copy; `is_back` where it was lost.
pub(super) async fn make(
    client: &RedisClient,
    epoch: &str,
    copy: &MeetingCopy,
    is_back: bool,
) -> Result<(String, StepAnswer)> {
    let mut arguments = Arguments::new().and(epoch).and(copy.stored.version).and(u8::from(is_back));
    let meeting = &copy.stored.meeting;
    arguments.extend(document::written(&client.sealing, meeting)?);
    arguments.push(copy.seats.len());
    for seat in &copy.seats {
        let written = seat::written(&client.sealing, &meeting.id, &seat.entitled)?;
        arguments = arguments.and(seat.entitled.seat).and(written).and(seat.code.as_slice());
    }
    for (role, link) in &copy.links {
        arguments = arguments.and(link.as_slice()).and(word_of(*role)?);
    }
    let answer = client.ask(&meeting.id, "", &CREATE_MEETING, &arguments).await?;
    if answer.is_empty() {
        return Err(not_now());
    }
    RedisClient::word(answer)
}

/// The series of slips that head counts tell of, as `series:A` and `void:A`.
pub(super) fn series_in(heads: &[(String, u32)]) -> Vec<SlipSeries> {
    let of = |what: &str, group: &str| {
        heads.iter().find(|(name, _)| name.split_once(':') == Some((what, group))).map_or(0, |(_, count)| *count)
    };
    let groups = heads.iter().filter_map(|(name, _)| name.strip_prefix("series:"));
    groups
        .map(|group| SlipSeries { group: group.to_owned(), series: of("series", group), void: of("void", group) })
        .collect()
}

/// A role's word.
pub(super) fn word_of(role: Role) -> Result<String> {
    match serde_json::to_value(role) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Broken("a role has no word".to_owned())),
    }
}

/// The role of a word.
pub(super) fn role_of(word: &[u8]) -> Result<Role> {
    let word = String::from_utf8_lossy(word).into_owned();
    serde_json::from_value(word.into()).map_err(|_| StoreError::Broken("redis: a role is not known".to_owned()))
}
