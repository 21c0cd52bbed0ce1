//! A simulated phone: takes a seat, follows the meeting, gets its papers when the round is armed and casts when it is open.
//! What a page keeps in the browser's storage it keeps in [`PhoneStorage`], always before it sends: so it can be killed at any
//! moment, and another phone on the same storage goes on with the same bytes.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use rand::RngExt;
use tokio::time::{Instant, sleep_until};

use super::blinding::Blinding;
use super::opinions;
use super::page::PageConnection;
use super::papers::{self, Manifests};
use super::problem::{Activity, RehearsalError};
use super::sealed_cast::SealedCast;
use super::sheets::{self, Marks};
use super::wire::{Wire, jittered};
use crate::protocol::{
    CastAnswer, CastVerdict, Join, JoinBy, Joined, Papers, ProblemKind, RoundStateView, RoundView, VoterView,
};
use crate::secret;
use pingyi_rules::ballot::phone::PhoneToken;
use pingyi_rules::ballot::{self, Ballot, Batch, Frozen, Opinion, from_base64url, promise};
use pingyi_rules::meeting::Phase;

/// How often a phone asks again whether the check-in has begun.
const CHECKIN_PAUSE: Duration = Duration::from_secs(2);

/// Who holds a phone, and what they mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voter {
    /// What proves the entitlement.
    pub by: JoinBy,
    /// The branch that this voter leads, for the phone's question.
    pub leads: Option<u16>,
    /// What is marked; nothing for somebody who never submits.
    pub marks: Option<Marks>,
    /// Whether the phone is not their own but a shared tablet, at which they sit down once the round is open.
    pub at_kiosk: bool,
}

/// How phones behave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manners {
    /// How long a voter thinks after the round was opened.
    pub think: RangeInclusive<Duration>,
    /// How long the server may be away.
    pub patience: Duration,
}

/// What a phone keeps.
#[derive(Clone, Default)]
pub struct PhoneStorage {
    credential: Option<String>,
    seat: Option<Seated>,
    rounds: BTreeMap<u32, KeptRound>,
}

impl PhoneStorage {
    /// The credential, once there is one.
    #[must_use]
    pub fn credential(&self) -> Option<&str> {
        self.credential.as_deref()
    }

    /// What is in the envelope of a round's cast.
    #[must_use]
    pub fn body(&self, round: u32) -> Option<Bytes> {
        self.rounds.get(&round)?.cast.clone()
    }

    /// A round's cast as it is sent, once the papers are there.
    #[must_use]
    pub fn cast(&self, round: u32) -> Option<SealedCast> {
        self.rounds.get(&round)?.sealed.clone()
    }
}

#[derive(Clone)]
struct Seated {
    meeting: String,
    group: String,
    leads: Option<u16>,
}

#[derive(Clone, Default)]
struct KeptRound {
    blindings: Vec<Blinding>,
    papers: Vec<PhoneToken>,
    cast: Option<Bytes>,
    /// The same as it is sent, each time.
    sealed: Option<SealedCast>,
    is_over: bool,
}

/// A phone's storage.
pub type Storage = Arc<Mutex<PhoneStorage>>;

/// How far the phones of a rehearsal are.
#[derive(Debug, Default)]
pub struct RehearsalProgress {
    /// Phones with a seat.
    pub seated: AtomicU32,
    /// Sheets of papers received, over all rounds.
    pub papers: AtomicU32,
    /// Sheets acknowledged with good receipts, over all rounds.
    pub received: AtomicU32,
    /// Sheets that came after the round was closed.
    pub too_late: AtomicU32,
}

/// A simulated phone.
pub struct Phone {
    voter: Voter,
    manners: Manners,
    wire: Wire,
    manifests: Manifests,
    progress: Arc<RehearsalProgress>,
    kept: Storage,
}

impl Phone {
    /// A phone on a storage: an empty one, or the one of a phone that was killed.
    #[must_use]
    pub fn new(
        voter: Voter,
        manners: Manners,
        wire: Wire,
        manifests: Manifests,
        progress: Arc<RehearsalProgress>,
        kept: Storage,
    ) -> Self {
        Self { voter, manners, wire, manifests, progress, kept }
    }

    /// Lives through the meeting, until it is closed.
    ///
    /// # Errors
    /// Everything that a voter would have to call the teller for.
    pub async fn live(self) -> Result<(), RehearsalError> {
        let (seat, credential) = self.join().await?;
        self.progress.seated.fetch_add(1, Ordering::Relaxed);
        let address = Arc::new(self.wire.address().clone());
        let mut page = PageConnection::<VoterView>::follow(address, &seat.meeting, &credential, self.manners.patience);
        let mut casts_at: Option<(u32, Instant)> = None;
        loop {
            let view = tokio::select! {
                view = page.next() => view?,
                () = sleep_until(casts_at.map_or_else(Instant::now, |(_, at)| at)), if casts_at.is_some() => {
                    if let Some((round, _)) = casts_at.take() {
                        self.cast(&seat, round).await?;
                    }
                    continue;
                }
            };
            if matches!(view.now.phase, Phase::Closed | Phase::Archived) {
                return Ok(());
            }
            let Some(round) = &view.now.round else { continue };
            if matches!(round.state, RoundStateView::Armed | RoundStateView::Open) {
                self.get_papers(&seat, &credential, round).await?;
            }
            casts_at = self.when_to_cast(round, casts_at);
        }
    }

    /// One turn at a shared tablet while a round is open: sits down, gets papers, casts, and goes.
    ///
    /// # Errors
    /// Everything that a voter would have to call the teller for.
    pub(super) async fn takes_a_turn(self) -> Result<(), RehearsalError> {
        let (seat, credential) = self.join().await?;
        self.progress.seated.fetch_add(1, Ordering::Relaxed);
        let address = Arc::new(self.wire.address().clone());
        let mut page = PageConnection::<VoterView>::follow(address, &seat.meeting, &credential, self.manners.patience);
        let is_open =
            |view: &VoterView| view.now.round.as_ref().is_some_and(|round| round.state == RoundStateView::Open);
        let view = page.sees(self.manners.patience, is_open).await?;
        let Some(round) = &view.now.round else { return Ok(()) };
        self.get_papers(&seat, &credential, round).await?;
        if let Some((number, at)) = self.when_to_cast(round, None) {
            sleep_until(at).await;
            self.cast(&seat, number).await?;
        }
        Ok(())
    }

    fn keep<T>(&self, change: impl FnOnce(&mut PhoneStorage) -> T) -> T {
        change(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    // ── A seat ──────────────────────────────────────────────────────────────────────────────────────────────────

    async fn join(&self) -> Result<(Seated, String), RehearsalError> {
        let fresh = secret::token().map_err(|_| RehearsalError::NoRandomness)?;
        let (credential, seat) = self.keep(|kept| (kept.credential.get_or_insert(fresh).clone(), kept.seat.clone()));
        if let Some(seat) = seat {
            return Ok((seat, credential));
        }
        let mut leads_subject = None;
        let seat = loop {
            let kiosk = self.voter.at_kiosk.then_some(true);
            let join = Join { by: self.voter.by.clone(), credential: credential.clone(), leads_subject, kiosk };
            match self.wire.ask::<Joined>("/api/join", None, &join).await {
                Ok(Joined::Joined { meeting, group, leads_subject }) => {
                    break Seated { meeting, group, leads: leads_subject };
                }
                Ok(Joined::WhichBranch { .. }) => leads_subject = Some(self.voter.leads.unwrap_or(0)),
                Err(error) if error.kind() == Some(ProblemKind::NotYetOpen) => {
                    tokio::time::sleep(jittered(CHECKIN_PAUSE)).await;
                }
                Err(error) => return Err(error.while_doing(Activity::Joining)),
            }
        };
        self.keep(|kept| kept.seat = Some(seat.clone()));
        Ok((seat, credential))
    }

    // ── Papers ──────────────────────────────────────────────────────────────────────────────────────────────────

    async fn manifest(&self, meeting: &str, round: u32, hash: &str) -> Result<Arc<Frozen>, RehearsalError> {
        let path = format!("/api/meetings/{meeting}/rounds/{round}/manifest");
        let bytes = self.wire.until_answered(|| self.wire.get(&path, None)).await;
        let bytes = bytes.map_err(|error| error.while_doing(Activity::FetchingManifest))?;
        self.manifests.read(&bytes, hash)
    }

    async fn get_papers(&self, seat: &Seated, credential: &str, round: &RoundView) -> Result<(), RehearsalError> {
        let number = round.number;
        let has = |kept: &KeptRound| kept.is_over || !kept.papers.is_empty();
        if self.keep(|kept| kept.rounds.get(&number).is_some_and(has)) {
            return Ok(());
        }
        let frozen = self.manifest(&seat.meeting, number, round.manifest_hash.as_deref().unwrap_or_default()).await?;
        if round.fingerprint.as_deref() != Some(frozen.fingerprint().as_str())
            || !is_promised(&seat.meeting, round, &frozen)
        {
            return Err(RehearsalError::OtherManifest);
        }
        let contests = papers::contests(&frozen, seat.leads);
        if contests.is_empty() {
            // The only row of this round is the own branch's.
            self.keep(|kept| kept.rounds.entry(number).or_default().is_over = true);
            return Ok(());
        }
        let together = round.merged.iter().find(|merged| merged.groups.contains(&seat.group));
        let group = together.map_or(&seat.group, |merged| &merged.column.id);
        let mut blindings =
            self.keep(|kept| kept.rounds.get(&number).map(|round| round.blindings.clone()).unwrap_or_default());
        if blindings.is_empty() {
            blindings = papers::blind(&frozen, group, &contests, &mut rand::rng())?;
            self.keep(|kept| kept.rounds.entry(number).or_default().blindings.clone_from(&blindings));
        }
        let path = format!("/api/meetings/{}/rounds/{number}/papers", seat.meeting);
        let (request, least) = (papers::request(&blindings), papers::least_bytes(&frozen));
        let answer = match self.wire.ask_of_length::<Papers>(&path, Some(credential), &request, least).await {
            Ok(answer) => answer,
            // The round was closed in the meantime: this phone came too late.
            Err(error) if error.kind() == Some(ProblemKind::NoPapersNow) => return Ok(()),
            Err(error) => return Err(error.while_doing(Activity::AskingForPapers)),
        };
        let papers = papers::finalize(&frozen, group, &blindings, &answer)?;
        self.progress.papers.fetch_add(1, Ordering::Relaxed);
        self.keep(|kept| {
            let round = kept.rounds.entry(number).or_default();
            round.papers = papers;
            if let Some(marks) = &self.voter.marks {
                let marks = sheets::fitting(&frozen, marks, &mut rand::make_rng());
                let body = filled_in(&frozen, group, &round.papers, &marks);
                round.sealed = Some(SealedCast::new(&frozen, &body, &mut rand::rng())?);
                round.cast = Some(body);
            }
            Ok(())
        })
    }

    // ── The sheet ───────────────────────────────────────────────────────────────────────────────────────────────

    /// When this phone submits: once the voter has thought, or at once where the round is closing.
    fn when_to_cast(&self, round: &RoundView, casts_at: Option<(u32, Instant)>) -> Option<(u32, Instant)> {
        let waits = |kept: &KeptRound| kept.cast.is_some() && !kept.is_over;
        if !self.keep(|kept| kept.rounds.get(&round.number).is_some_and(waits)) {
            return None;
        }
        let already = casts_at.filter(|(number, _)| *number == round.number);
        match round.state {
            RoundStateView::Open => already.or_else(|| {
                let thinks = rand::rng().random_range(self.manners.think.clone());
                Some((round.number, Instant::now() + thinks))
            }),
            RoundStateView::Closing => Some((round.number, Instant::now())),
            _ => None,
        }
    }

    /// Sends the same bytes until they are acknowledged, and checks the receipts.
    async fn cast(&self, seat: &Seated, round: u32) -> Result<(), RehearsalError> {
        let kept = self.keep(|kept| {
            let round = kept.rounds.get(&round)?;
            Some((round.cast.clone()?, round.sealed.clone()?))
        });
        let Some((body, sealed)) = kept else { return Ok(()) };
        let path = format!("/box/{}/{round}/cast", seat.meeting);
        let answer = self.wire.until_answered(|| sealed.sent(&self.wire, &path)).await;
        let answer = answer.map_err(|error| error.while_doing(Activity::Casting))?;
        let all = |verdicts: &[CastVerdict]| answer.items.iter().all(|item| verdicts.contains(&item.answer));
        if all(&[CastVerdict::Closed]) {
            self.progress.too_late.fetch_add(1, Ordering::Relaxed);
        } else if all(&[CastVerdict::In, CastVerdict::Same]) {
            let batch = Batch::parse(&body).map_err(|_| RehearsalError::BadReceipt)?;
            let frozen = match self.manifests.known(&batch.m) {
                Some(frozen) => frozen,
                None => self.manifest(&seat.meeting, round, &data_encoding::HEXLOWER.encode(&batch.m)).await?,
            };
            check_receipts(&frozen, &batch, &answer)?;
            self.progress.received.fetch_add(1, Ordering::Relaxed);
        } else if all(&[CastVerdict::In, CastVerdict::Same, CastVerdict::Conflict]) {
            return Err(RehearsalError::NotTaken("conflict"));
        } else {
            return Err(RehearsalError::NotTaken("bad"));
        }
        self.keep(|kept| kept.rounds.entry(round).or_default().is_over = true);
        Ok(())
    }
}

fn check_receipts(frozen: &Frozen, batch: &Batch, answer: &CastAnswer) -> Result<(), RehearsalError> {
    let bad = || RehearsalError::BadReceipt;
    if batch.ballots.len() + batch.opinions.len() != answer.items.len() {
        return Err(bad());
    }
    let leaves = batch.ballots.iter().map(Ballot::leaf).chain(batch.opinions.iter().map(Opinion::leaf));
    for (leaf, item) in leaves.zip(&answer.items) {
        let receipt = item.receipt.as_deref().and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok());
        let receipt = receipt.and_then(|bytes| bytes.try_into().ok()).ok_or_else(bad)?;
        if !ballot::receipt::is_good(frozen.box_key(), frozen.hash(), &leaf, &receipt) {
            return Err(bad());
        }
    }
    Ok(())
}

/// The whole cast of a sheet, the same every time; it is sent in an envelope.
#[must_use]
pub fn filled_in(frozen: &Frozen, group: &str, papers: &[PhoneToken], marks: &Marks) -> Bytes {
    let subject = |contest: u16| frozen.manifest().contests.iter().find(|row| row.c == contest).map(|row| row.subject);
    let mark_of = |contest: u16| subject(contest).and_then(|subject| marks.get(&subject).cloned());
    let written = opinions::of_sheet(frozen, papers, mark_of);
    let batch = ballot::phone::fill_in(frozen, group, papers, mark_of, &written, &mut rand::rng());
    Bytes::from(ballot::phone::body(frozen, &batch))
}

/// Whether the manifest's box key signed it for this round of this meeting.
fn is_promised(meeting: &str, round: &RoundView, frozen: &Frozen) -> bool {
    let promise = round.promise.as_deref().and_then(from_base64url);
    promise.is_some_and(|promise| promise::is_good(frozen.box_key(), meeting, round.number, frozen.hash(), &promise))
}
