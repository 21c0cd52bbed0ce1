//! The agenda while it runs: which step is current, the report's timer, and changes to what is still to come.
//! Rounds are only asked whether they let the chair leave.

use serde::{Deserialize, Serialize};

use super::plan::{STEPS_MAX, Step, StepKind};
use super::refusal::Refusal;
use super::round::RoundState;
use super::{Meeting, Phase};

/// The longest limit a report can have, in seconds.
pub const LIMIT_S_MAX: u32 = 7_200;

/// The timer of a report. It never stops by itself: what is over the limit is shown as overrun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// The step that it belongs to.
    pub step: u32,
    /// The limit in seconds, 1 to [`LIMIT_S_MAX`].
    pub limit_s: u32,
    /// What was used up before it last began to run, in milliseconds.
    pub used_ms: u64,
    /// When it last began to run, in milliseconds since 1970; none while it stands.
    pub running_since_ms: Option<u64>,
}

impl Timer {
    /// What has been used of the limit, in milliseconds.
    #[must_use]
    pub fn used_at(&self, now_ms: u64) -> u64 {
        self.used_ms + self.running_since_ms.map_or(0, |since| now_ms.saturating_sub(since))
    }
}

impl Meeting {
    /// Makes a step current (rule m4). The step that was current is done; going back is allowed, and makes nothing undone.
    pub(super) fn go_to(&mut self, step: u32) -> Result<(), Refusal> {
        self.must_be(Phase::InSession)?;
        let target = self.plan.step(step).ok_or(Refusal::UnknownStep)?.clone();
        if self.current == Some(step) {
            return Ok(());
        }
        if self.rounds.iter().any(|round| round.state.takes_casts()) {
            return Err(Refusal::RoundIsRunning);
        }
        if let Some(current) = self.current {
            self.done.push(current);
            self.done.sort_unstable();
            self.done.dedup();
        }
        self.current = Some(step);
        self.timer = self.timer_of(&target);
        Ok(())
    }

    fn timer_of(&self, step: &Step) -> Option<Timer> {
        if step.kind != StepKind::Report {
            return None;
        }
        let minutes = self.plan.subject(step.subject?)?.minutes;
        (minutes > 0).then_some(Timer { step: step.id, limit_s: minutes * 60, used_ms: 0, running_since_ms: None })
    }

    fn timer_mut(&mut self, step: u32) -> Result<&mut Timer, Refusal> {
        self.must_be(Phase::InSession)?;
        if self.plan.step(step).is_none() {
            return Err(Refusal::UnknownStep);
        }
        if self.current != Some(step) {
            return Err(Refusal::StepIsNotCurrent);
        }
        self.timer.as_mut().ok_or(Refusal::StepHasNoTimer)
    }

    pub(super) fn start_timer(&mut self, step: u32, now_ms: u64) -> Result<(), Refusal> {
        let timer = self.timer_mut(step)?;
        timer.running_since_ms.get_or_insert(now_ms);
        Ok(())
    }

    pub(super) fn pause_timer(&mut self, step: u32, now_ms: u64) -> Result<(), Refusal> {
        let timer = self.timer_mut(step)?;
        timer.used_ms = timer.used_at(now_ms);
        timer.running_since_ms = None;
        Ok(())
    }

    pub(super) fn extend_timer(&mut self, step: u32, limit_s: u32) -> Result<(), Refusal> {
        if !(1..=LIMIT_S_MAX).contains(&limit_s) {
            return Err(Refusal::OutOfRange);
        }
        self.timer_mut(step)?.limit_s = limit_s;
        Ok(())
    }

    /// Whether a step runs or is over: nothing is put in before it.
    fn is_past(&self, step: u32) -> bool {
        self.current == Some(step) || self.done.contains(&step)
    }

    /// Whether a step can still be moved or removed: it neither runs nor is over, and its round has not begun.
    fn is_to_come(&self, step: u32) -> bool {
        let begun = self.rounds.iter().any(|round| round.step == step && round.state != RoundState::Draft);
        !self.is_past(step) && !begun
    }

    /// Gives the agenda another order (rule m6): what runs or is over keeps its place.
    pub(super) fn reorder(&mut self, order: &[u32]) -> Result<(), Refusal> {
        self.must_be_before_close()?;
        let mut agenda = Vec::with_capacity(order.len());
        for id in order {
            let step = self.plan.step(*id).ok_or(Refusal::UnknownStep)?;
            if agenda.contains(step) {
                return Err(Refusal::OrderIsIncomplete);
            }
            agenda.push(step.clone());
        }
        if agenda.len() != self.plan.agenda.len() {
            return Err(Refusal::OrderIsIncomplete);
        }
        let moved_fixed =
            self.plan.agenda.iter().zip(&agenda).any(|(old, new)| old.id != new.id && !self.is_to_come(old.id));
        if moved_fixed {
            return Err(Refusal::StepIsFixed);
        }
        self.plan.agenda = agenda;
        Ok(())
    }

    /// Puts a step in (rule m6), and a draft round for an evaluation, by the form that it names (rule m22). The very same step
    /// again changes nothing.
    pub(super) fn add_step(&mut self, step: &Step, after: u32) -> Result<(), Refusal> {
        self.must_be_before_close()?;
        if let Some(existing) = self.plan.step(step.id) {
            return if existing == step { Ok(()) } else { Err(Refusal::OutOfRange) };
        }
        if self.plan.agenda.len() >= STEPS_MAX {
            return Err(Refusal::LimitIsReached);
        }
        if step.id == 0 || (step.kind == StepKind::Report && step.subject.is_none()) {
            return Err(Refusal::OutOfRange);
        }
        if step.subject.is_some_and(|subject| self.plan.subject(subject).is_none()) {
            return Err(Refusal::UnknownSubject);
        }
        if let Some(id) = &step.form {
            if step.kind != StepKind::Evaluation {
                return Err(Refusal::OutOfRange);
            }
            if !self.plan.forms.iter().any(|form| form.id == *id) {
                return Err(Refusal::UnknownForm);
            }
        }
        let place = match after {
            0 => 0,
            id => 1 + self.plan.agenda.iter().position(|step| step.id == id).ok_or(Refusal::UnknownStep)?,
        };
        if self.plan.agenda[place..].iter().any(|later| self.is_past(later.id)) {
            return Err(Refusal::StepIsFixed);
        }
        // Before its round: that one is made by the form that the agenda names.
        self.plan.agenda.insert(place, step.clone());
        if step.kind == StepKind::Evaluation {
            self.add_round(step)?;
        }
        Ok(())
    }

    /// Takes a step out (rule m6), with its draft round. A step that is not there is a step that was taken out.
    pub(super) fn remove_step(&mut self, step: u32) -> Result<(), Refusal> {
        self.must_be_before_close()?;
        if self.plan.step(step).is_none() {
            return Ok(());
        }
        if !self.is_to_come(step) {
            return Err(Refusal::StepIsFixed);
        }
        if self.plan.agenda.len() == 1 {
            return Err(Refusal::OutOfRange);
        }
        for round in self.rounds.iter_mut().filter(|round| round.step == step) {
            round.state = RoundState::Void;
            round.void_reason = Some(String::new());
        }
        self.plan.agenda.retain(|other| other.id != step);
        Ok(())
    }

    pub(super) fn set_absent(&mut self, subject: u16, absent: bool) -> Result<(), Refusal> {
        self.must_be_before_close()?;
        if self.plan.subject(subject).is_none() {
            return Err(Refusal::UnknownSubject);
        }
        self.absent.retain(|other| *other != subject);
        if absent {
            self.absent.push(subject);
            self.absent.sort_unstable();
        }
        Ok(())
    }

    /// The step after the current one in the agenda's order; turns of subjects who did not come are passed over.
    #[must_use]
    pub fn following(&self) -> Option<&Step> {
        let place = self.plan.agenda.iter().position(|step| Some(step.id) == self.current)?;
        self.plan.agenda[place + 1..].iter().find(|step| {
            let is_turn = matches!(step.kind, StepKind::Report | StepKind::Comment);
            !(is_turn && step.subject.is_some_and(|subject| self.absent.contains(&subject)))
        })
    }

    /// The current step.
    #[must_use]
    pub fn current_step(&self) -> Option<&Step> {
        self.plan.step(self.current?)
    }
}
