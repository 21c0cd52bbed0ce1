//! The ballot box: takes casts, signs receipts, releases pools, freezes.
//! It knows ballots and the public manifest. It must not know a seat, a session, an address or a header; a tidy test
//! holds its imports, and it logs nothing about a cast.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;
use tokio::sync::Semaphore;

use crate::ballot::{self, BadCast, Ballot, Batch, Frozen};
use crate::meeting::plan::Plan;
use crate::meeting::tally::Tally;
use crate::protocol::{CastAnswer, CastItem, CastVerdict};
use crate::scoring::{GroupCount, SubjectCount};
use crate::store::{BoxStore, Cast, Released, StoreError};

/// A round that can be cast in, or could be until it was frozen.
pub struct BoxRound {
    /// What ballots are checked against.
    pub manifest: Frozen,
    /// Signs receipts.
    pub key: SigningKey,
}

/// Why a cast got no answer for each of its ballots.
#[derive(Debug)]
pub enum NotCast {
    /// No round with this number takes or took casts here.
    UnknownRound,
    /// The batch breaks a rule; nothing was taken.
    Bad(BadCast),
    /// The store could not take it; the same bytes may be repeated.
    Store(StoreError),
}

/// The box of every round.
pub struct BallotBox {
    store: Arc<dyn BoxStore>,
    // A std mutex: held for a look-up only, never across an await.
    rounds: Mutex<HashMap<(String, u32), Arc<BoxRound>>>,
    /// One batch a core is checked at a time; whoever waits, waits here, in order.
    checking: Arc<Semaphore>,
}

impl BallotBox {
    /// An empty box on this store.
    #[must_use]
    pub fn new(store: Arc<dyn BoxStore>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { store, rounds: Mutex::default(), checking: Arc::new(Semaphore::new(cores)) }
    }

    /// From now on casts of this round are checked and, while the store's round is open, taken.
    pub fn begin(&self, meeting: &str, round: u32, opening: BoxRound) {
        self.rounds
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((meeting.to_owned(), round), Arc::new(opening));
    }

    /// The manifest of a round that began.
    #[must_use]
    pub fn round(&self, meeting: &str, round: u32) -> Option<Arc<BoxRound>> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).get(&(meeting.to_owned(), round)).cloned()
    }

    /// Checks a phone's batch and puts it in, all or nothing. Repeating the same bytes gets the same acknowledgement and
    /// the same receipts, also after the box was frozen (rule s6).
    ///
    /// # Errors
    /// [`NotCast`].
    pub async fn cast(&self, meeting: &str, round: u32, body: Vec<u8>) -> Result<CastAnswer, NotCast> {
        let taking = self.round(meeting, round).ok_or(NotCast::UnknownRound)?;
        let ballots = self.checked(Arc::clone(&taking), body).await?;
        let answers = self.store.cast(meeting, round, &ballots).await.map_err(NotCast::Store)?;
        let items = ballots.iter().zip(answers).map(|(ballot, answer)| item(&taking, ballot, answer)).collect();
        Ok(CastAnswer { items })
    }

    async fn checked(&self, taking: Arc<BoxRound>, body: Vec<u8>) -> Result<Vec<Ballot>, NotCast> {
        let gone = || NotCast::Store(StoreError::Broken("the server is stopping".to_owned()));
        let permit = Arc::clone(&self.checking).acquire_owned().await.map_err(|_| gone())?;
        let checked = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            ballot::check(&taking.manifest, &Batch::parse(&body)?)
        });
        checked.await.map_err(|_| gone())?.map_err(NotCast::Bad)
    }

    /// Sheets in the box by group id.
    ///
    /// # Errors
    /// When the store cannot tell.
    pub async fn returned(&self, meeting: &str, round: u32) -> Result<BTreeMap<String, u32>, StoreError> {
        self.store.returned(meeting, round).await
    }

    /// Releases what the pool rule lets out, and answers with all that was released so far.
    ///
    /// # Errors
    /// When the store cannot do it now.
    pub async fn release(&self, meeting: &str, round: u32, pool_k: u32) -> Result<Released, StoreError> {
        self.store.release(meeting, round, pool_k).await
    }

    /// Closes the box for ever and counts what is in it.
    ///
    /// # Errors
    /// When the store cannot do it now; it may be repeated.
    pub async fn freeze(&self, meeting: &str, round: u32, plan: &Plan, subjects: &[u16]) -> Result<Count, StoreError> {
        Ok(count(plan, subjects, &self.store.freeze(meeting, round).await?))
    }
}

/// What a frozen box holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Sheets by group id.
    pub returned: BTreeMap<String, u32>,
    /// Marks by subject and group.
    pub tally: Tally,
}

/// Counts ballots: a group's recused rows of a subject are its sheets without a row for it (rule a2).
#[must_use]
pub fn count(plan: &Plan, subjects: &[u16], ballots: &[Ballot]) -> Count {
    let mut returned: BTreeMap<String, u32> = BTreeMap::new();
    let mut answers: HashMap<(u16, &str, &str), u32> = HashMap::new();
    for ballot in ballots {
        if ballot.contest == 0 {
            *returned.entry(ballot.group.clone()).or_default() += 1;
        } else if let Some(mark) = ballot::cast::mark_of(&ballot.answer) {
            *answers.entry((ballot.contest, ballot.group.as_str(), mark)).or_default() += 1;
        }
    }
    let row = |contest: u16, subject: u16| SubjectCount {
        subject,
        groups: plan
            .groups
            .iter()
            .map(|group| {
                let of = |mark: &str| answers.get(&(contest, group.id.as_str(), mark)).copied().unwrap_or(0);
                let marks: Vec<u32> = plan.scale.iter().map(|mark| of(&mark.id)).collect();
                let abstained = of(ballot::manifest::ABSTAIN);
                let sheets = returned.get(&group.id).copied().unwrap_or(0);
                let recused = sheets.saturating_sub(marks.iter().sum::<u32>() + abstained);
                GroupCount { marks, abstained, recused, ..GroupCount::default() }
            })
            .collect(),
    };
    let tally = Tally { rows: (1u16..).zip(subjects).map(|(contest, subject)| row(contest, *subject)).collect() };
    Count { returned, tally }
}

fn item(taking: &BoxRound, ballot: &Ballot, answer: Cast) -> CastItem {
    let (answer, acknowledged) = match answer {
        Cast::IsIn => (CastVerdict::In, true),
        Cast::WasIn => (CastVerdict::Same, true),
        Cast::Conflicts => (CastVerdict::Conflict, false),
        Cast::BatchConflicts => (CastVerdict::Bad, false),
        Cast::RoundIsClosed => (CastVerdict::Closed, false),
    };
    let receipt = acknowledged.then(|| {
        let receipt = ballot::receipt::sign(&taking.key, taking.manifest.hash(), &ballot.leaf());
        BASE64URL_NOPAD.encode(&receipt)
    });
    CastItem { answer, receipt }
}
