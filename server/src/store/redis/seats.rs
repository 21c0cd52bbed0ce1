//! Seats and papers at Redis. It never sees a ballot.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use super::RedisStore;
use super::client::meeting_cache::MeetingCache;
use super::client::step::{Arguments, Standing, StepAnswer, steps};
use super::client::{RedisClient, not_now};
use super::sealing::seat;
use super::{directory, documents, progress, slips};
use crate::store::disk::journal::Fact;
use crate::store::{
    Claim, ClaimBy, Claimed, Digest, Issued, NewSlips, Result, Seat, SeatCount, SeatStore, SlipsReplaced, StoreError,
};
use pingyi_rules::meeting::Meeting;
use pingyi_rules::meeting::plan::EntitledSeat;

steps! {
    CLAIM_SEAT: "parts/seat_groups", "parts/take_seat", "people/claim_seat";
    READ_SEAT: "parts/seat_groups", "people/read_seat";
    READ_ROSTER: "people/read_roster";
    ISSUE_TOKENS: "parts/seat_groups", "people/issue_tokens";
}

async fn seat_in(client: &RedisClient, meeting: &str, credential: &Digest) -> Result<Option<Seat>> {
    let cache = client.cache_of(meeting).await?;
    let mut answer = client.read(&cache, &READ_SEAT, &Arguments::new().and(credential.as_slice())).await?;
    if answer.is_empty() {
        // Nobody can know before all is back.
        return if answer.standing == Standing::Recovering { Err(not_now()) } else { Ok(None) };
    }
    seat_of(meeting, &mut answer).map(Some)
}

async fn seated(
    client: &RedisClient,
    cache: &Arc<MeetingCache>,
    credential: &Digest,
    answer: &mut StepAnswer,
) -> Result<Claimed> {
    let seat = seat_of(&cache.id, answer)?;
    let fact = Fact::Claim { seat: seat.seat, credential: *credential, leads_subject: seat.leads_subject };
    client.note(cache, fact).await?;
    directory::name(client, "credential", credential, &cache.id).await?;
    client.changed(cache);
    Ok(Claimed::Seated(seat))
}

fn seat_of(meeting: &str, answer: &mut StepAnswer) -> Result<Seat> {
    let (seat, group, leads) = (answer.number()?, answer.text()?, answer.text()?);
    Ok(Seat { meeting: meeting.to_owned(), seat, group, leads_subject: leads.parse().ok() })
}

#[async_trait]
impl SeatStore for RedisStore {
    async fn claim_seat(&self, claim: &Claim) -> Result<Claimed> {
        let client = &self.client;
        let claim = &claim.kept_under(client.journal.secret());
        let (by, wanted, meeting, elsewhere) = match &claim.by {
            ClaimBy::Code(code) => {
                let found = directory::find(client, &[("code", code), ("credential", &claim.credential)]).await?;
                (&b"code"[..], code.as_slice(), found[0].clone(), found[1].clone())
            }
            ClaimBy::Open { meeting, group } => {
                let found = directory::find(client, &[("credential", &claim.credential)]).await?;
                (&b"open"[..], group.as_bytes(), Some(meeting.clone()), found[0].clone())
            }
        };
        let Some(meeting) = meeting else { return Ok(Claimed::Unknown) };
        let Some((cache, _)) = documents::loaded(client, &meeting).await? else { return Ok(Claimed::Unknown) };
        let mut elsewhere = elsewhere.filter(|elsewhere| *elsewhere != meeting);
        for _asked in 0..2 {
            let said = claim.leads_subject.map(|subject| subject.to_string()).unwrap_or_default();
            let arguments = Arguments::new().and(by).and(wanted).and(claim.credential.as_slice()).and(said);
            let arguments = arguments.and(u8::from(elsewhere.is_some()));
            let (word, mut answer) = client.write(&cache, &CLAIM_SEAT, &arguments).await?;
            return Ok(match word.as_str() {
                "seated" => seated(client, &cache, &claim.credential, &mut answer).await?,
                "elsewhere" => {
                    let there = elsewhere.take().unwrap_or_default();
                    match seat_in(client, &there, &claim.credential).await? {
                        Some(seat) => Claimed::Seated(seat),
                        None => continue,
                    }
                }
                "which" => {
                    let (group, none_allowed) = (answer.text()?, answer.number()? == 1);
                    let subjects = answer.texts()?.iter().filter_map(|subject| subject.parse().ok()).collect();
                    Claimed::WhichBranch { meeting, group, subjects, none_allowed }
                }
                "taken" => Claimed::Taken,
                "branch_is_taken" => Claimed::BranchIsTaken,
                "full" => Claimed::Full,
                "not_yet_open" => Claimed::NotYetOpen,
                "over" => Claimed::MeetingIsOver,
                _ => Claimed::Unknown,
            });
        }
        Err(StoreError::Broken("a seat in another meeting comes and goes".to_owned()))
    }

    async fn seat(&self, credential: Digest) -> Result<Option<Seat>> {
        let is_there = |seat: &Seat| {
            let cache = self.client.cached(&seat.meeting);
            !cache.is_some_and(|cache| cache.state().stored.as_ref().is_some_and(|stored| stored.meeting.people_erased))
        };
        if let Some(seat) = self.seats.get(&credential).filter(is_there) {
            return Ok(Some(seat));
        }
        let Some(meeting) = directory::find(&self.client, &[("credential", &credential)]).await?.remove(0) else {
            return Ok(None);
        };
        let seat = seat_in(&self.client, &meeting, &credential).await?;
        if let Some(seat) = &seat {
            self.seats.note(credential, seat.clone());
        }
        Ok(seat)
    }

    async fn roster(&self, meeting: &str) -> Result<Vec<EntitledSeat>> {
        let cache = self.client.cache_of(meeting).await?;
        let mut answer = self.client.read(&cache, &READ_ROSTER, &Arguments::new()).await?;
        let written = answer.list()?;
        let read = |seat: &[Vec<u8>]| seat::read(&self.client.sealing, meeting, &seat[0], &seat[1]);
        let mut seats = written.chunks_exact(2).map(read).collect::<Result<Vec<EntitledSeat>>>()?;
        seats.sort_by_key(|seat| seat.seat);
        Ok(seats)
    }

    async fn issue(&self, meeting: &str, round: u32, seat: u32, digest: Digest) -> Result<Issued> {
        let Some((cache, _)) = documents::loaded(&self.client, meeting).await? else { return Ok(Issued::NotNow) };
        let arguments = Arguments::new().and(round).and(seat).and(digest.as_slice());
        let (word, _) = self.client.write(&cache, &ISSUE_TOKENS, &arguments).await?;
        match word.as_str() {
            "sign" => {
                // Before a signature leaves, this server has the note as well: no lost history lets the seat ask for others.
                self.client.note(&cache, Fact::Paper { round, seat, digest }).await?;
                self.client.changed(&cache);
                Ok(Issued::Sign)
            }
            "other" => Ok(Issued::OtherPapers),
            _ => Ok(Issued::NotNow),
        }
    }

    async fn replace_slips(&self, seen_version: u32, meeting: &Meeting, new: &NewSlips) -> Result<SlipsReplaced> {
        slips::replace(&self.client, seen_version, meeting, new).await
    }

    async fn seat_counts(&self, meeting: &str, round: u32) -> Result<BTreeMap<String, SeatCount>> {
        let cache = self.client.cache_of(meeting).await?;
        if let Some(looked) = cache.fresh_progress(round) {
            return Ok(looked.seats);
        }
        progress::read(&self.client, &cache, Some(round)).await?;
        Ok(cache.last_progress(round).map(|looked| looked.seats).unwrap_or_default())
    }
}
