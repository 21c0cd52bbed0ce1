//! The chair's one primary button: what comes next in a meeting that goes as planned (rule m7).
//! It only proposes; every command it proposes goes through `apply` like any other.

use super::plan::StepKind;
use super::round::{Round, RoundState};
use super::{Meeting, Phase};

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Let phones join.
    OpenCheckin,
    /// Begin with the first step.
    Begin,
    /// Go on to this step.
    GoTo(u32),
    /// Start the timer of this step.
    StartTimer(u32),
    /// Issue the papers of this round.
    Arm(u32),
    /// Open this round.
    Open(u32),
    /// Close this round.
    Close(u32),
    /// Ask the scrutineer to confirm the count of this round.
    Certify(u32),
    /// Ask the scrutineer to agree to the publication of this round's result.
    Publish(u32),
    /// Hold this void round again.
    Repeat(u32),
    /// Close the meeting.
    CloseMeeting,
    /// Seal it.
    Archive,
}

impl Meeting {
    /// What comes next; nothing while a round is closing, while the scrutineer is asked, and in an archived meeting.
    #[must_use]
    pub fn next(&self) -> Option<Next> {
        match self.phase {
            Phase::Draft => Some(Next::OpenCheckin),
            Phase::Checkin => Some(Next::Begin),
            Phase::InSession => self.next_in_session(),
            Phase::Closed => Some(Next::Archive),
            Phase::Archived => None,
        }
    }

    fn next_in_session(&self) -> Option<Next> {
        let step = self.current_step()?;
        if step.kind == StepKind::Evaluation
            && let Some(round) = self.last_round_of(step.id)
        {
            let number = round.number;
            match round.state {
                RoundState::Draft => return Some(Next::Arm(number)),
                RoundState::Armed => return Some(Next::Open(number)),
                RoundState::Open => return Some(Next::Close(number)),
                RoundState::Closing { .. } => return None,
                // The certificate waits for the paper, and what was asked for waits for the scrutineer.
                RoundState::Closed if round.waits_for_paper() => return None,
                RoundState::Closed | RoundState::Certified if round.waiting_request().is_some() => return None,
                RoundState::Closed => return Some(Next::Certify(number)),
                RoundState::Certified => return Some(Next::Publish(number)),
                RoundState::Void => return Some(Next::Repeat(number)),
                RoundState::Published => {}
            }
        }
        let timer_is_ready =
            self.timer.as_ref().is_some_and(|timer| timer.used_ms == 0 && timer.running_since_ms.is_none());
        if timer_is_ready {
            return Some(Next::StartTimer(step.id));
        }
        let following = self.following();
        if let Some(round) = self.round_to_arm()
            && following.is_some_and(|step| !matches!(step.kind, StepKind::Opening | StepKind::Tellers))
        {
            return Some(Next::Arm(round.number));
        }
        match following {
            Some(step) => Some(Next::GoTo(step.id)),
            None => Some(Next::CloseMeeting),
        }
    }

    /// The round of the next evaluation, where it is still a draft: papers are issued as early as can be, so that no
    /// time of issue tells anything about a time of casting.
    fn round_to_arm(&self) -> Option<&Round> {
        self.next_evaluation_round().filter(|round| round.state == RoundState::Draft)
    }

    fn next_evaluation_round(&self) -> Option<&Round> {
        let place = self.plan.agenda.iter().position(|step| Some(step.id) == self.current)?;
        let step = self.plan.agenda[place..].iter().find(|step| {
            step.kind == StepKind::Evaluation
                && self.last_round_of(step.id).is_some_and(|round| round.state != RoundState::Published)
        })?;
        self.last_round_of(step.id)
    }

    /// The latest round of an evaluation step.
    #[must_use]
    pub fn last_round_of(&self, step: u32) -> Option<&Round> {
        self.rounds.iter().rev().find(|round| round.step == step)
    }

    /// The round that matters to everybody now: the current evaluation's; else one that is running or armed; else, unless
    /// one was counted already and none is to come, the next one; else the last one that was counted.
    #[must_use]
    pub fn round_of_now(&self) -> Option<&Round> {
        let current = self
            .current_step()
            .filter(|step| step.kind == StepKind::Evaluation)
            .and_then(|step| self.last_round_of(step.id));
        let running = || self.rounds.iter().find(|round| round.state.takes_casts() || round.state == RoundState::Armed);
        let before_first = || self.rounds.iter().find(|round| round.state == RoundState::Draft);
        let counted = || self.rounds.iter().rev().find(|round| round.state.is_counted());
        current.or_else(running).or_else(|| self.next_evaluation_round()).or_else(|| match self.phase {
            Phase::Draft | Phase::Checkin => before_first(),
            Phase::InSession | Phase::Closed | Phase::Archived => counted(),
        })
    }
}
