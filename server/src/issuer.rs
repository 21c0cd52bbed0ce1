//! Seats and papers: who may have which paper, and the blind signature that makes it one.
//! It never sees a mark: what it signs is blinded, and it has no way to reach a ballot.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::protocol::{BlindedPaper, Papers, PapersRequest};
use crate::signer::{BlindSign, BlindSignError, RsaSigner};
use crate::store::{Digest, Issued, Seat, SeatStore, StoreError};
use pingyi_rules::ballot::token::TOKEN_BYTES;
use pingyi_rules::form::OwnBranch;

/// A round whose papers are issued.
pub struct IssuingRound {
    /// The subjects on the sheet: contest i+1 is `subjects[i]`.
    pub subjects: Vec<u16>,
    /// The groups in the order of the manifest, each with the ids of all seats that vote as it.
    pub groups: Vec<Vec<String>>,
    /// Whether the own branch gets no paper.
    pub own_branch: OwnBranch,
    /// By contest, then by group.
    pub tokens: Vec<Arc<RsaSigner>>,
}

/// Why no papers were issued.
#[derive(Debug)]
pub enum NotIssued {
    /// The round issues none now.
    NotNow,
    /// The seat asked for other ones before.
    OtherPapers,
    /// The request is not for exactly the contests that this seat may mark, or a number in it is out of range.
    BadRequest,
    /// The store could not note it; nothing was signed.
    Store(StoreError),
    /// The machine failed; the same request may be repeated.
    Machine(BlindSignError),
}

/// Issues papers for every round that is armed or open.
pub struct Issuer {
    seats: Arc<dyn SeatStore>,
    // A std mutex: held for a look-up only, never across an await.
    rounds: Mutex<HashMap<(String, u32), Arc<IssuingRound>>>,
    /// One signature a core at a time; others wait here, in order.
    signing: Arc<Semaphore>,
}

impl Issuer {
    /// An issuer with nothing to issue yet.
    #[must_use]
    pub fn new(seats: Arc<dyn SeatStore>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { seats, rounds: Mutex::default(), signing: Arc::new(Semaphore::new(cores)) }
    }

    /// From now on papers of this round can be asked for.
    pub fn begin(&self, meeting: &str, round: u32, issuing: IssuingRound) {
        self.rounds
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((meeting.to_owned(), round), Arc::new(issuing));
    }

    /// Whether papers of this round can be asked for.
    #[must_use]
    pub fn issues(&self, meeting: &str, round: u32) -> bool {
        self.round(meeting, round).is_some()
    }

    /// Forgets the round's keys.
    pub fn end(&self, meeting: &str, round: u32) {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).remove(&(meeting.to_owned(), round));
    }

    /// Forgets the keys of all rounds of a meeting, until they begin again.
    pub fn forget(&self, meeting: &str) {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _), _| of != meeting);
    }

    fn round(&self, meeting: &str, round: u32) -> Option<Arc<IssuingRound>> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).get(&(meeting.to_owned(), round)).cloned()
    }

    /// Signs a seat's papers. The same request again gets the same bytes again, and another one is refused for ever,
    /// because the note of the request is durable before a signature leaves (rules s2, s3).
    ///
    /// # Errors
    /// [`NotIssued`]; after all but `BadRequest` and `OtherPapers` the same request may be repeated.
    pub async fn papers(&self, seat: &Seat, round: u32, request: &PapersRequest) -> Result<Papers, NotIssued> {
        let note = async |digest| self.seats.issue(&seat.meeting, round, seat.seat, digest).await;
        self.papers_noted(seat, round, request, note).await
    }

    /// The same where the request is noted elsewhere: durably, before `note` answers `Sign`.
    ///
    /// # Errors
    /// As [`papers`](Self::papers).
    pub async fn papers_noted(
        &self,
        seat: &Seat,
        round: u32,
        request: &PapersRequest,
        note: impl AsyncFnOnce(Digest) -> Result<Issued, StoreError>,
    ) -> Result<Papers, NotIssued> {
        let issuing = self.round(&seat.meeting, round).ok_or(NotIssued::NotNow)?;
        let wanted = issuing.contests(seat);
        let asked: Vec<u16> = request.papers.iter().map(|paper| paper.c).collect();
        if wanted.is_empty() || asked != wanted {
            return Err(NotIssued::BadRequest);
        }
        let group = issuing.groups.iter().position(|ids| ids.contains(&seat.group)).ok_or(NotIssued::BadRequest)?;
        let mut digest = Sha256::new();
        let mut blinded = Vec::with_capacity(wanted.len());
        for paper in &request.papers {
            let z: [u8; TOKEN_BYTES] = BASE64URL_NOPAD
                .decode(paper.z.as_bytes())
                .ok()
                .and_then(|bytes| bytes.try_into().ok())
                .ok_or(NotIssued::BadRequest)?;
            let key = issuing.key(paper.c, group).ok_or(NotIssued::BadRequest)?;
            // The same number of bytes on both sides: comparing them compares the numbers.
            if z.as_slice() >= key.public().modulus() {
                return Err(NotIssued::BadRequest);
            }
            digest.update(paper.c.to_be_bytes());
            digest.update(z);
            blinded.push((paper.c, z, key));
        }
        match note(digest.finalize().into()).await.map_err(NotIssued::Store)? {
            Issued::Sign => {}
            Issued::OtherPapers => return Err(NotIssued::OtherPapers),
            Issued::NotNow => return Err(NotIssued::NotNow),
        }
        self.sign(blinded).await
    }

    async fn sign(&self, blinded: Vec<(u16, [u8; TOKEN_BYTES], Arc<RsaSigner>)>) -> Result<Papers, NotIssued> {
        let machine = |_| NotIssued::Machine(BlindSignError::Library);
        let permit = Arc::clone(&self.signing).acquire_owned().await.map_err(|_| NotIssued::NotNow)?;
        let signed = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            blinded
                .iter()
                .map(|(c, z, key)| Ok(BlindedPaper { c: *c, z: BASE64URL_NOPAD.encode(&key.blind_sign(z)?) }))
                .collect::<Result<Vec<_>, BlindSignError>>()
        });
        let papers = signed.await.map_err(machine)?.map_err(NotIssued::Machine)?;
        Ok(Papers { papers })
    }
}

impl IssuingRound {
    /// The contests that a seat gets papers for, ascending: the sheet and every row, but the own branch where it is
    /// recused. None at all where that was the only row.
    fn contests(&self, seat: &Seat) -> Vec<u16> {
        let recused = match self.own_branch {
            OwnBranch::Recused => seat.leads_subject,
            OwnBranch::Allowed => None,
        };
        let rows: Vec<u16> =
            (1u16..).zip(&self.subjects).filter(|(_, subject)| Some(**subject) != recused).map(|(c, _)| c).collect();
        if rows.is_empty() { rows } else { std::iter::once(0).chain(rows).collect() }
    }

    fn key(&self, contest: u16, group: usize) -> Option<Arc<RsaSigner>> {
        self.tokens.get(usize::from(contest) * self.groups.len() + group).cloned()
    }
}
