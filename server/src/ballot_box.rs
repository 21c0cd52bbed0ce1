//! The ballot box: takes casts, signs receipts, releases pools, freezes.
//! It knows ballots and the public manifest. It must not know a seat, a session, an address or a header; a tidy test
//! holds its imports, and it logs nothing about a cast.

mod records;

pub use records::RecordCopy;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;
use tokio::sync::Semaphore;

use crate::protocol::{CastAnswer, CastItem, CastReply};
use crate::randomness::random;
use crate::store::{BoxStore, CastVerdict, Freeze, MissingServer, Released, StoreError};
use pingyi_rules::ballot::record::BoxContents;
use pingyi_rules::ballot::seal::SealKey;
use pingyi_rules::ballot::{self, BadCast, Ballot, Batch, BoxItem, Frozen, Opinion};
use pingyi_rules::envelope::AnswerSecret;
use pingyi_rules::form::Answer;
use pingyi_rules::meeting::plan::Plan;
use pingyi_rules::meeting::tally::Tally;
use pingyi_rules::scoring::{GroupCount, SubjectCount};

/// A round that can be cast in, or could be until it was frozen.
pub struct BoxRound {
    /// What ballots are checked against.
    pub manifest: Frozen,
    /// Signs receipts and records; none once the keys of the meeting are destroyed.
    pub key: Option<SigningKey>,
    /// What it signed of the round's records before, by their heads.
    pub signatures: BTreeMap<[u8; 32], [u8; 64]>,
    /// Opens envelopes; none once the round was counted and its last phones had time to hear so.
    pub seal: Option<SealKey>,
}

/// Why a cast got no answer for each of its ballots.
#[derive(Debug)]
pub enum NotCast {
    /// No round with this number takes or took casts here.
    UnknownRound,
    /// The round was counted and its envelopes open for nobody any more: the record tells what was counted.
    Counted,
    /// The batch breaks a rule; nothing was taken.
    Bad(BadCast),
    /// The store could not take it; the same bytes may be repeated.
    Store(StoreError),
}

/// The only one who can read an answer: whoever sealed the cast that it is for.
pub struct ReplyTo {
    secret: AnswerSecret,
    /// The one length of all answers to casts of the round, in bytes.
    length: usize,
}

impl ReplyTo {
    /// The answer as it travels: of one length whatever the outcome, so that it tells neither receipts nor marks, nor how many rows
    /// or opinions there were (rule s110). Nothing where the system has no randomness.
    #[must_use]
    pub fn seal(&self, reply: &CastReply) -> Option<Vec<u8>> {
        let mut text = serde_json::to_vec(reply).ok()?;
        // Blanks after a JSON text are none of it.
        text.resize(self.length.max(text.len()), b' ');
        self.secret.answer(&text, random().ok()?)
    }
}

/// The outcome of a cast.
pub struct CastOutcome {
    /// One answer for each ballot, or why not.
    pub answer: Result<CastAnswer, NotCast>,
    /// Whom it is for; nothing where the cast was no envelope that the round opens.
    pub reply_to: Option<ReplyTo>,
}

/// The box of every round.
pub struct BallotBox {
    store: Arc<dyn BoxStore>,
    // A std mutex: held for a look-up only, never across an await.
    rounds: Mutex<HashMap<(String, u32), Arc<BoxRound>>>,
    /// One batch a core is checked at a time; others wait here, in order.
    checking: Arc<Semaphore>,
    records: records::Records,
}

impl BallotBox {
    /// An empty box on this store.
    #[must_use]
    pub fn new(store: Arc<dyn BoxStore>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            store,
            rounds: Mutex::default(),
            checking: Arc::new(Semaphore::new(cores)),
            records: records::Records::default(),
        }
    }

    /// From now on casts of this round are checked and, while the store's round is open, taken.
    pub fn begin(&self, meeting: &str, round: u32, opening: BoxRound) {
        self.rounds
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((meeting.to_owned(), round), Arc::new(opening));
    }

    /// Forgets all rounds of a meeting, until they begin again. What is in the store stays there.
    pub fn forget(&self, meeting: &str) {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _), _| of != meeting);
    }

    /// The manifest of a round that began.
    #[must_use]
    pub fn round(&self, meeting: &str, round: u32) -> Option<Arc<BoxRound>> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).get(&(meeting.to_owned(), round)).cloned()
    }

    /// Checks a phone's batch and puts it in, all or nothing. Repeating the same bytes gets the same acknowledgement and
    /// the same receipts, also after the box was frozen, for as long as the round's envelopes open (rule s6).
    pub async fn cast(&self, meeting: &str, round: u32, body: Vec<u8>) -> CastOutcome {
        let Some(taking) = self.round(meeting, round) else {
            return CastOutcome { answer: Err(NotCast::UnknownRound), reply_to: None };
        };
        let (reply_to, checked) = match self.opened(Arc::clone(&taking), body).await {
            Ok(opened) => opened,
            Err(not_cast) => return CastOutcome { answer: Err(not_cast), reply_to: None },
        };
        let answer = match checked {
            Ok(items) => self.put(meeting, round, &taking, &items).await,
            Err(bad) => Err(NotCast::Bad(bad)),
        };
        CastOutcome { answer, reply_to: Some(reply_to) }
    }

    async fn put(
        &self,
        meeting: &str,
        round: u32,
        taking: &BoxRound,
        items: &[BoxItem],
    ) -> Result<CastAnswer, NotCast> {
        let answers = self.store.cast(meeting, round, items).await.map_err(NotCast::Store)?;
        Ok(CastAnswer {
            items: items.iter().zip(answers).map(|(item, answer)| answered(taking, item, answer)).collect(),
        })
    }

    /// Opens an envelope, and checks what is in it.
    async fn opened(
        &self,
        taking: Arc<BoxRound>,
        body: Vec<u8>,
    ) -> Result<(ReplyTo, Result<Vec<BoxItem>, BadCast>), NotCast> {
        let gone = || NotCast::Store(StoreError::Broken("the server is stopping".to_owned()));
        let permit = Arc::clone(&self.checking).acquire_owned().await.map_err(|_| gone())?;
        if taking.seal.is_none() {
            return Err(NotCast::Counted);
        }
        let checked = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let open = |seal: &SealKey| seal.open(taking.manifest.hash(), &body);
            let (body, secret) = taking.seal.as_ref().and_then(open).ok_or(NotCast::Bad(BadCast::NotSealed))?;
            let checked = Batch::parse(&body).and_then(|batch| ballot::check(&taking.manifest, &batch));
            Ok((ReplyTo { secret, length: ballot::answer_bytes(taking.manifest.manifest()) }, checked))
        });
        checked.await.map_err(|_| gone())?
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

    /// All that was released so far, where other servers release as well.
    ///
    /// # Errors
    /// When the store cannot tell now.
    pub async fn released_elsewhere(&self, meeting: &str, round: u32) -> Result<Option<Released>, StoreError> {
        self.store.released_elsewhere(meeting, round).await
    }

    /// Closes the box for ever and counts what is in it, once every server has said that all it took is there; those in
    /// `without` are not waited for.
    ///
    /// # Errors
    /// When the store cannot do it now; it may be repeated.
    pub async fn freeze(
        &self,
        meeting: &str,
        round: u32,
        plan: &Plan,
        subjects: &[u16],
        without: &[String],
    ) -> Result<CountOutcome, StoreError> {
        Ok(match self.store.freeze(meeting, round, without).await? {
            Freeze::Frozen(items) => CountOutcome::Is(count(plan, subjects, &BoxContents::of(items).ballots)),
            Freeze::Waiting(servers) => CountOutcome::WaitsFor(servers),
        })
    }

    /// What was written in a round whose box is frozen, sorted by leaf; none for a round that never began here.
    ///
    /// # Errors
    /// When the store cannot give it now.
    pub async fn opinions(&self, meeting: &str, round: u32) -> Result<Option<Vec<Opinion>>, StoreError> {
        if self.round(meeting, round).is_none() {
            return Ok(None);
        }
        match self.store.freeze(meeting, round, &[]).await? {
            Freeze::Frozen(items) => Ok(Some(BoxContents::of(items).opinions)),
            Freeze::Waiting(_) => Err(StoreError::Broken("the round is not counted yet".to_owned())),
        }
    }
}

/// The outcome of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CountOutcome {
    /// The box is frozen, and holds this.
    Is(Count),
    /// These servers have not signed off.
    WaitsFor(Vec<MissingServer>),
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
    let mut values: HashMap<(u16, &str, &str), u32> = HashMap::new();
    for ballot in ballots {
        if ballot.contest == 0 {
            *returned.entry(ballot.group.clone()).or_default() += 1;
        } else if let Some(value) = ballot.mark() {
            *values.entry((ballot.contest, ballot.group.as_str(), value)).or_default() += 1;
        }
    }
    let row = |contest: u16, subject: u16| {
        let marks = vec![0; if plan.items.is_empty() { plan.scale.len() } else { 0 }];
        let empty = GroupCount { marks, ..GroupCount::default() };
        let mut groups = vec![empty; plan.groups.len()];
        for ((_, group, value), ballots) in values.iter().filter(|((of, ..), _)| *of == contest) {
            let place = plan.groups.iter().position(|known| known.id == *group);
            let Some(count) = place.and_then(|place| groups.get_mut(place)) else { continue };
            match plan.answer(subject, value) {
                Some(Answer::Blank) => count.abstained += ballots,
                Some(Answer::Mark(place)) => count.marks.get_mut(place).into_iter().for_each(|sum| *sum += ballots),
                Some(Answer::Items(row)) => count.put(&row, *ballots),
                None => {}
            }
        }
        for (group, count) in plan.groups.iter().zip(&mut groups) {
            let sheets = returned.get(&group.id).copied().unwrap_or(0);
            let there = u32::try_from(count.ballots()).unwrap_or(u32::MAX);
            count.recused = sheets.saturating_sub(there);
        }
        SubjectCount { subject, groups }
    };
    let tally = Tally { rows: (1u16..).zip(subjects).map(|(contest, subject)| row(contest, *subject)).collect() };
    Count { returned, tally }
}

fn answered(taking: &BoxRound, item: &BoxItem, answer: CastVerdict) -> CastItem {
    let acknowledged = matches!(answer, CastVerdict::In | CastVerdict::Same);
    let key = taking.key.as_ref().filter(|_| acknowledged);
    let receipt = key.map(|key| {
        let receipt = ballot::receipt::sign(key, taking.manifest.hash(), &item.leaf());
        BASE64URL_NOPAD.encode(&receipt)
    });
    CastItem { answer, receipt }
}
