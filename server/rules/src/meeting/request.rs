//! What chair and scrutineer do together: the certificate, a void and a publication. The chair asks, the scrutineer confirms
//! exactly that, and only then it is carried out. A round has one request at a time, and keeps the last one with its
//! outcome, so that a repeat of any of the four commands changes nothing.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::plan::Publication;
use super::refusal::Refusal;
use super::round::{PublicRecord, Round, RoundState};
use super::{Command, Meeting, Phase};

/// What chair and scrutineer sign together, so that neither does it alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum CoSigned {
    /// The count was witnessed.
    Certificate,
    /// The round does not count.
    Void {
        /// Why, 1 to 200 characters.
        reason: String,
    },
    /// An audience sees the result.
    Publication {
        /// Which one.
        publication: Publication,
    },
}

impl CoSigned {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Void { .. } => "void",
            Self::Publication { .. } => "publication",
        }
    }
}

/// The last thing that was asked of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// From 1; one more than that of the one before.
    pub number: u32,
    /// What.
    pub asked: CoSigned,
    /// Its outcome.
    pub state: RequestState,
}

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// The scrutineer has not answered.
    Waiting,
    /// The scrutineer agreed, and it was carried out.
    Confirmed,
    /// The scrutineer did not agree; nothing was changed.
    Declined,
    /// The chair took it back; nothing was changed.
    Withdrawn,
}

impl Round {
    /// What waits for the scrutineer.
    #[must_use]
    pub fn waiting_request(&self) -> Option<&Request> {
        self.request.as_ref().filter(|request| request.state == RequestState::Waiting)
    }

    /// The number of the next request.
    #[must_use]
    pub fn next_request(&self) -> u32 {
        self.request.as_ref().map_or(1, |request| request.number.saturating_add(1))
    }

    /// The request of that number and content, whatever its outcome.
    fn request(&mut self, number: u32, asked: &CoSigned) -> Result<&mut Request, Refusal> {
        let same = self.request.as_mut().filter(|last| last.number == number && last.asked == *asked);
        same.ok_or(Refusal::RequestIsAnother)
    }
}

impl Meeting {
    /// The chair asks. Something that waits gives way to it, and what could not be done now is not asked for.
    pub(super) fn ask(&mut self, round: u32, number: u32, asked: &CoSigned) -> Result<(), Refusal> {
        if self.round_mut(round)?.request(number, asked).is_ok() {
            return Ok(());
        }
        let of = self.round_mut(round)?;
        if number != of.next_request() {
            return Err(Refusal::RequestIsAnother);
        }
        let is_done = match asked {
            CoSigned::Certificate => of.state == RoundState::Certified,
            CoSigned::Void { .. } => of.state == RoundState::Void,
            CoSigned::Publication { .. } => false,
        };
        if is_done {
            return Err(Refusal::WrongRoundState);
        }
        self.clone().do_together(round, asked, None)?;
        let request = Request { number, asked: asked.clone(), state: RequestState::Waiting };
        self.round_mut(round)?.request = Some(request);
        Ok(())
    }

    /// The scrutineer agrees to what the own screen shows, and it is done.
    pub(super) fn confirm(
        &mut self,
        round: u32,
        number: u32,
        asked: &CoSigned,
        record: Option<&PublicRecord>,
    ) -> Result<(), Refusal> {
        match self.round_mut(round)?.request(number, asked)?.state {
            RequestState::Confirmed => return Ok(()),
            RequestState::Declined | RequestState::Withdrawn => return Err(Refusal::RequestIsOver),
            RequestState::Waiting => {}
        }
        self.do_together(round, asked, record)?;
        self.round_mut(round)?.request(number, asked)?.state = RequestState::Confirmed;
        Ok(())
    }

    /// The scrutineer does not agree, or the chair takes it back: nothing is done.
    pub(super) fn end_request(
        &mut self,
        round: u32,
        number: u32,
        asked: &CoSigned,
        end: RequestState,
    ) -> Result<(), Refusal> {
        let is_archived = self.phase == Phase::Archived;
        let request = self.round_mut(round)?.request(number, asked)?;
        match request.state {
            state if state == end => Ok(()),
            RequestState::Waiting if is_archived => Err(Refusal::WrongPhase),
            RequestState::Waiting => {
                request.state = end;
                Ok(())
            }
            RequestState::Confirmed | RequestState::Declined | RequestState::Withdrawn => Err(Refusal::RequestIsOver),
        }
    }

    fn do_together(&mut self, round: u32, asked: &CoSigned, record: Option<&PublicRecord>) -> Result<(), Refusal> {
        match asked {
            CoSigned::Certificate => self.certify(round),
            CoSigned::Void { reason } => self.void(round, reason),
            CoSigned::Publication { publication } => self.publish(round, *publication, record),
        }
    }

    /// When chair and scrutineer confirmed the count of a round, in milliseconds since 1970; nothing for one that was
    /// certified before both had to.
    #[must_use]
    pub fn certified_together_at_ms(&self, round: u32) -> Option<u64> {
        let is_it = |command: &Command| matches!(command, Command::Confirm { round: of, asked: CoSigned::Certificate, .. } if *of == round);
        self.history.iter().find(|entry| is_it(&entry.command)).map(|entry| entry.at_ms)
    }
}
