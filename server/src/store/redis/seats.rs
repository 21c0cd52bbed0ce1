//! Seats and papers at Redis. It never sees a ballot.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use super::RedisStore;
use crate::meeting::Meeting;
use crate::meeting::plan::EntitledSeat;
use crate::store::disk::journal::Fact;
use crate::store::redis::client::meeting_cache::Known;
use crate::store::redis::client::step::{
    Answer, Arguments, CLAIM_SEAT, FIND_MEETINGS, ISSUE_TOKENS, NAME_MEETINGS, READ_ROSTER, READ_SEAT, Standing,
};
use crate::store::redis::client::{LOOK_UPS, Point};
use crate::store::redis::recovery::watchdog::look;
use crate::store::redis::sealing::seat;
use crate::store::{
    Claim, ClaimBy, Claimed, Digest, Issued, NewSlips, Result, Seat, SeatCount, SeatStore, SlipsReplaced, StoreError,
};

impl Point {
    /// The meetings that names name, each none where it names none.
    pub(super) async fn find(&self, names: &[(&str, &Digest)]) -> Result<Vec<Option<String>>> {
        let known = self.known(LOOK_UPS).await?;
        let mut arguments = Arguments::new();
        for (kind, digest) in names {
            arguments = arguments.and(*kind).and(digest.as_slice());
        }
        let mut answer = self.read(&known, &FIND_MEETINGS, &arguments).await?;
        if answer.standing != Standing::Fine {
            // What is not there may come back.
            return Err(crate::store::redis::client::not_now());
        }
        Ok(answer.texts()?.into_iter().map(|found| Some(found).filter(|found| !found.is_empty())).collect())
    }

    /// Lets a name name a meeting, from now on. Repeating it is harmless.
    pub(super) async fn name(&self, kind: &str, name: &[u8], value: &str) -> Result<()> {
        let known = self.known(LOOK_UPS).await?;
        self.write(&known, &NAME_MEETINGS, &Arguments::new().and(kind).and(name).and(value)).await.map(drop)
    }

    async fn seat_in(&self, meeting: &str, credential: &Digest) -> Result<Option<Seat>> {
        let known = self.known(meeting).await?;
        let mut answer = self.read(&known, &READ_SEAT, &Arguments::new().and(credential.as_slice())).await?;
        if answer.is_empty() {
            // Nobody can know before all is back.
            return if answer.standing == Standing::Recovering {
                Err(crate::store::redis::client::not_now())
            } else {
                Ok(None)
            };
        }
        seat_of(meeting, &mut answer).map(Some)
    }

    async fn seated(&self, known: &Arc<Known>, credential: &Digest, answer: &mut Answer) -> Result<Claimed> {
        let seat = seat_of(&known.id, answer)?;
        let fact = Fact::Claim { seat: seat.seat, credential: *credential, leads_subject: seat.leads_subject };
        self.note(known, fact).await?;
        self.name("credential", credential, &known.id).await?;
        self.changed(known);
        Ok(Claimed::Seated(seat))
    }
}

fn seat_of(meeting: &str, answer: &mut Answer) -> Result<Seat> {
    let (seat, group, leads) = (answer.number()?, answer.text()?, answer.text()?);
    Ok(Seat { meeting: meeting.to_owned(), seat, group, leads_subject: leads.parse().ok() })
}

#[async_trait]
impl SeatStore for RedisStore {
    async fn claim_seat(&self, claim: &Claim) -> Result<Claimed> {
        let point = &self.point;
        let claim = &claim.kept_under(point.half.secret());
        let (by, wanted, meeting, elsewhere) = match &claim.by {
            ClaimBy::Code(code) => {
                let found = point.find(&[("code", code), ("credential", &claim.credential)]).await?;
                (&b"code"[..], code.as_slice(), found[0].clone(), found[1].clone())
            }
            ClaimBy::Open { meeting, group } => {
                let found = point.find(&[("credential", &claim.credential)]).await?;
                (&b"open"[..], group.as_bytes(), Some(meeting.clone()), found[0].clone())
            }
        };
        let Some(meeting) = meeting else { return Ok(Claimed::Unknown) };
        let Some((known, _)) = point.loaded(&meeting).await? else { return Ok(Claimed::Unknown) };
        let mut elsewhere = elsewhere.filter(|elsewhere| *elsewhere != meeting);
        for _asked in 0..2 {
            let said = claim.leads_subject.map(|subject| subject.to_string()).unwrap_or_default();
            let arguments = Arguments::new().and(by).and(wanted).and(claim.credential.as_slice()).and(said);
            let arguments = arguments.and(u8::from(elsewhere.is_some()));
            let (word, mut answer) = point.write(&known, &CLAIM_SEAT, &arguments).await?;
            return Ok(match word.as_str() {
                "seated" => point.seated(&known, &claim.credential, &mut answer).await?,
                "elsewhere" => {
                    let there = elsewhere.take().unwrap_or_default();
                    match point.seat_in(&there, &claim.credential).await? {
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
            let known = self.point.is_known(&seat.meeting);
            !known.is_some_and(|known| known.state().stored.as_ref().is_some_and(|stored| stored.meeting.people_erased))
        };
        if let Some(seat) = self.seats.get(&credential).filter(is_there) {
            return Ok(Some(seat));
        }
        let Some(meeting) = self.point.find(&[("credential", &credential)]).await?.remove(0) else { return Ok(None) };
        let seat = self.point.seat_in(&meeting, &credential).await?;
        if let Some(seat) = &seat {
            self.seats.note(credential, seat.clone());
        }
        Ok(seat)
    }

    async fn roster(&self, meeting: &str) -> Result<Vec<EntitledSeat>> {
        let known = self.point.known(meeting).await?;
        let mut answer = self.point.read(&known, &READ_ROSTER, &Arguments::new()).await?;
        let written = answer.list()?;
        let read = |seat: &[Vec<u8>]| seat::read(&self.point.sealing, meeting, &seat[0], &seat[1]);
        let mut seats = written.chunks_exact(2).map(read).collect::<Result<Vec<EntitledSeat>>>()?;
        seats.sort_by_key(|seat| seat.seat);
        Ok(seats)
    }

    async fn issue(&self, meeting: &str, round: u32, seat: u32, digest: Digest) -> Result<Issued> {
        let Some((known, _)) = self.point.loaded(meeting).await? else { return Ok(Issued::NotNow) };
        let arguments = Arguments::new().and(round).and(seat).and(digest.as_slice());
        let (word, _) = self.point.write(&known, &ISSUE_TOKENS, &arguments).await?;
        match word.as_str() {
            "sign" => {
                // Before a signature leaves, this server has the note as well: no lost history lets the seat ask for others.
                self.point.note(&known, Fact::Paper { round, seat, digest }).await?;
                self.point.changed(&known);
                Ok(Issued::Sign)
            }
            "other" => Ok(Issued::OtherPapers),
            _ => Ok(Issued::NotNow),
        }
    }

    async fn replace_slips(&self, seen_version: u32, meeting: &Meeting, new: &NewSlips) -> Result<SlipsReplaced> {
        super::slips::replace(&self.point, seen_version, meeting, new).await
    }

    async fn seat_counts(&self, meeting: &str, round: u32) -> Result<BTreeMap<String, SeatCount>> {
        let known = self.point.known(meeting).await?;
        if let Some(looked) = known.looked(round) {
            return Ok(looked.seats);
        }
        look(&self.point, &known, Some(round)).await?;
        Ok(known.last_look(round).map(|looked| looked.seats).unwrap_or_default())
    }
}
