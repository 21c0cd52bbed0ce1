//! One command on one meeting: `apply` is a pure function, and the only way in which a meeting changes.
//! It cannot fail, it can only say no; a command that was carried out before changes nothing when it is repeated (rule m1).

use super::accounting::Accounting;
use super::command::Command;
use super::paper::Paper;
use super::plan::{Plan, Publication, Step, StepKind};
use super::refusal::Refusal;
use super::request::RequestState;
use super::round::{
    LEFT_OUT_MAX, LeftOutServer, PublicRecord, ROUNDS_MAX, Round, RoundSignatures, RoundState, SmallGroups,
};
use super::tally::Tally;
use super::wish::PlainWish;
use super::{HISTORY_MAX, HistoryEntry, Meeting, Phase, Scene};

impl Meeting {
    /// A meeting in its first state: a draft with one draft round for each evaluation of the agenda.
    #[must_use]
    pub fn new(id: String, plan: Plan) -> Self {
        let mut meeting = Self {
            id,
            plan,
            phase: Phase::Draft,
            current: None,
            done: Vec::new(),
            timer: None,
            absent: Vec::new(),
            rounds: Vec::new(),
            scene: Scene::Follow,
            history: Vec::new(),
            people_erased: false,
            slip_series: std::collections::BTreeMap::new(),
            links: super::Links::default(),
        };
        let evaluations: Vec<Step> = meeting
            .plan
            .agenda
            .iter()
            .filter(|step| step.kind == StepKind::Evaluation)
            .take(ROUNDS_MAX)
            .cloned()
            .collect();
        for step in &evaluations {
            let number = meeting.next_round_number();
            meeting.rounds.push(meeting.draft_round(number, step));
        }
        meeting
    }

    /// The meeting after a command at `now_ms` (milliseconds since 1970), or the reason why it stays as it is.
    /// A command that changes nothing gives back an equal meeting, without a line in the history.
    ///
    /// # Errors
    /// A [`Refusal`]: see the table in `tests/it/snapshots`.
    pub fn apply(&self, command: &Command, now_ms: u64) -> Result<Self, Refusal> {
        let mut next = self.clone();
        next.carry_out(command, now_ms)?;
        if next != *self && next.history.len() < HISTORY_MAX {
            next.history.push(HistoryEntry { at_ms: now_ms, command: command.remembered() });
        }
        Ok(next)
    }

    fn carry_out(&mut self, command: &Command, now_ms: u64) -> Result<(), Refusal> {
        match command {
            Command::Plain(wish) => self.grant(wish, now_ms),
            Command::Arm { round, manifest_hash, fingerprint, promise, accounting, small_groups, merged } => {
                self.arm(*round, (manifest_hash, fingerprint, promise), accounting, (*small_groups, merged))
            }
            Command::CloseWithout { round, servers } => self.close_without(*round, servers, now_ms),
            Command::Confirm { round, number, asked, record } => self.confirm(*round, *number, asked, record.as_ref()),
            Command::AddStep { step, after } => self.add_step(step, *after),
            Command::ErasePeople { signatures } => self.erase_people(signatures),
            Command::IssuePaper { round, group, sheets } => self.issue_paper(*round, group, *sheets),
            Command::EnterPaper { round, group, by, count } => self.enter_paper(*round, group, *by, count),
            Command::ImportComponents { round, imported, .. } => self.import_components(*round, imported),
            Command::AskReissue { round, reissue } => self.ask_reissue(*round, reissue.clone()),
            Command::Freeze { round, accounting, tally } => self.freeze(*round, accounting, tally, now_ms),
            Command::SeatAtKiosk { round, group, credential } => self.seat_at_kiosk(*round, group, credential),
            Command::TakeReissue { round, number, credential } => self.take_reissue(*round, *number, credential),
            Command::NoteReissue { round, number, request } => self.note_reissue(*round, *number, request),
            Command::ReplaceSlips { group, series, slips, .. } => self.replace_slips(group, *series, *slips),
            Command::NoteLinks { links } => {
                self.note_links(links);
                Ok(())
            }
            Command::GiveLink { link } => self.give_link(link),
            Command::WithdrawLink { link } => self.withdraw_link(link),
            Command::Certify { .. } | Command::Publish { .. } | Command::Void { .. } => Err(Refusal::NeedsBoth),
        }
    }

    fn grant(&mut self, wish: &PlainWish, now_ms: u64) -> Result<(), Refusal> {
        match wish {
            PlainWish::OpenCheckin => self.open_checkin(),
            PlainWish::Begin => self.begin(),
            PlainWish::GoTo { step } => self.go_to(*step),
            PlainWish::StartTimer { step } => self.start_timer(*step, now_ms),
            PlainWish::PauseTimer { step } => self.pause_timer(*step, now_ms),
            PlainWish::ExtendTimer { step, limit_s } => self.extend_timer(*step, *limit_s),
            PlainWish::Open { round } => self.open(*round),
            PlainWish::Close { round } => self.step_round(*round, |state| state.close(now_ms)),
            PlainWish::UndoClose { round } => self.step_round(*round, |state| state.undo_close(now_ms)),
            PlainWish::Ask { round, number, asked } => self.ask(*round, *number, asked),
            PlainWish::Decline { round, number, asked } => {
                self.end_request(*round, *number, asked, RequestState::Declined)
            }
            PlainWish::Withdraw { round, number, asked } => {
                self.end_request(*round, *number, asked, RequestState::Withdrawn)
            }
            PlainWish::Repeat { round } => self.repeat(*round),
            PlainWish::Reorder { steps } => self.reorder(steps),
            PlainWish::RemoveStep { step } => self.remove_step(*step),
            PlainWish::SetAbsent { subject, absent } => self.set_absent(*subject, *absent),
            PlainWish::SetScene { scene } => {
                self.scene = *scene;
                Ok(())
            }
            PlainWish::CloseMeeting => self.close_meeting(),
            PlainWish::Archive => self.archive(),
            PlainWish::ConfirmReissue { round, number } => self.confirm_reissue(*round, *number),
        }
    }

    fn open_checkin(&mut self) -> Result<(), Refusal> {
        match self.phase {
            Phase::Draft => self.phase = Phase::Checkin,
            Phase::Checkin | Phase::InSession => {}
            Phase::Closed | Phase::Archived => return Err(Refusal::WrongPhase),
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), Refusal> {
        match self.phase {
            Phase::Checkin => {
                self.phase = Phase::InSession;
                let first = self.plan.agenda.first().map(|step| step.id).ok_or(Refusal::UnknownStep)?;
                self.go_to(first)
            }
            Phase::InSession => Ok(()),
            Phase::Draft | Phase::Closed | Phase::Archived => Err(Refusal::WrongPhase),
        }
    }

    fn arm(
        &mut self,
        number: u32,
        (manifest_hash, fingerprint, promise): (&str, &str, &Option<String>),
        accounting: &Accounting,
        (small_groups, merged): (SmallGroups, &[Vec<String>]),
    ) -> Result<(), Refusal> {
        self.must_be_joinable()?;
        self.step_round(number, RoundState::arm)?;
        let round = self.round_mut(number)?;
        if round.manifest_hash.is_none() {
            round.manifest_hash = Some(manifest_hash.to_owned());
            round.fingerprint = Some(fingerprint.to_owned());
            round.promise.clone_from(promise);
            round.accounting = Some(accounting.clone());
            round.small_groups = small_groups;
            round.merged = merged.to_vec();
            round.paper.merge(merged);
        }
        Ok(())
    }

    fn open(&mut self, number: u32) -> Result<(), Refusal> {
        self.must_be(Phase::InSession)?;
        let step = self.round(number).ok_or(Refusal::UnknownRound)?.step;
        if self.current != Some(step) {
            return Err(Refusal::StepIsNotCurrent);
        }
        if self.rounds.iter().any(|round| round.number != number && round.state.takes_casts()) {
            return Err(Refusal::RoundIsRunning);
        }
        self.step_round(number, RoundState::open)
    }

    /// Notes who is not waited for any more. Who was left out stays out, so a repeat changes nothing.
    fn close_without(&mut self, number: u32, servers: &[LeftOutServer], now_ms: u64) -> Result<(), Refusal> {
        // As the record spells them.
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
        let is_named = |server: &LeftOutServer| {
            (1..=64).contains(&server.server.len())
                && server.server.chars().all(is_sign)
                && server.name.chars().count() <= 80
                && !server.name.chars().any(char::is_control)
        };
        let round = self.round_mut(number)?;
        let is_left_out = |server: &LeftOutServer| round.closed_without.iter().any(|left| left.server == server.server);
        if servers.is_empty() || !servers.iter().all(is_named) {
            return Err(Refusal::OutOfRange);
        }
        if servers.iter().all(is_left_out) {
            return Ok(());
        }
        round.state = round.state.do_without(now_ms)?;
        for server in servers {
            if !round.closed_without.iter().any(|left| left.server == server.server) {
                round.closed_without.push(server.clone());
            }
        }
        if round.closed_without.len() > LEFT_OUT_MAX { Err(Refusal::LimitIsReached) } else { Ok(()) }
    }

    fn freeze(&mut self, number: u32, accounting: &Accounting, tally: &Tally, now_ms: u64) -> Result<(), Refusal> {
        self.step_round(number, |state| state.freeze(now_ms))?;
        let round = self.round_mut(number)?;
        round.reissues.iter_mut().for_each(|reissue| reissue.request = None);
        round.kiosk.clear();
        if round.tally.is_none() {
            round.accounting = Some(accounting.clone());
            round.tally = Some(tally.clone());
        }
        Ok(())
    }

    pub(super) fn certify(&mut self, number: u32) -> Result<(), Refusal> {
        let round = self.round(number).ok_or(Refusal::UnknownRound)?;
        if round.waits_for_paper() {
            return Err(Refusal::PaperIsOpen);
        }
        if round.state == RoundState::Closed && !round.accounting.as_ref().is_some_and(Accounting::closes) {
            return Err(Refusal::AccountsDoNotClose);
        }
        self.step_round(number, RoundState::certify)
    }

    pub(super) fn publish(
        &mut self,
        number: u32,
        publication: Publication,
        record: Option<&PublicRecord>,
    ) -> Result<(), Refusal> {
        self.step_round(number, RoundState::publish)?;
        let round = self.round_mut(number)?;
        round.publication = Some(publication);
        round.record = record.cloned();
        Ok(())
    }

    pub(super) fn void(&mut self, number: u32, reason: &str) -> Result<(), Refusal> {
        if !(1..=200).contains(&reason.chars().count()) {
            return Err(Refusal::OutOfRange);
        }
        self.step_round(number, RoundState::void)?;
        let round = self.round_mut(number)?;
        round.void_reason.get_or_insert_with(|| reason.to_owned());
        round.paper.entries.clear();
        round.kiosk.clear();
        Ok(())
    }

    /// A void round is held again as the next number; the void one stays as it is (rule m9).
    fn repeat(&mut self, number: u32) -> Result<(), Refusal> {
        self.must_be_joinable()?;
        let round = self.round(number).ok_or(Refusal::UnknownRound)?;
        if round.state != RoundState::Void {
            return Err(Refusal::WrongRoundState);
        }
        let step = self.plan.step(round.step).ok_or(Refusal::UnknownStep)?.clone();
        let already = self.rounds.iter().any(|other| other.step == step.id && other.number > number);
        if already {
            return Ok(());
        }
        // What was imported has nothing to do with why it is void.
        let imported = round.imported.clone();
        self.add_round(&step)?;
        if let Some(next) = self.rounds.last_mut() {
            next.imported = imported;
        }
        Ok(())
    }

    fn close_meeting(&mut self) -> Result<(), Refusal> {
        match self.phase {
            Phase::InSession => {
                let running = self.rounds.iter().any(|round| round.state.takes_casts());
                if running {
                    return Err(Refusal::RoundIsRunning);
                }
                self.done.extend(self.current.take());
                self.timer = None;
                self.phase = Phase::Closed;
                Ok(())
            }
            Phase::Closed => Ok(()),
            Phase::Draft | Phase::Checkin | Phase::Archived => Err(Refusal::WrongPhase),
        }
    }

    fn archive(&mut self) -> Result<(), Refusal> {
        match self.phase {
            Phase::Closed | Phase::Archived => {
                self.phase = Phase::Archived;
                Ok(())
            }
            Phase::Draft | Phase::Checkin | Phase::InSession => Err(Refusal::WrongPhase),
        }
    }

    /// With the private keys the box could sign no record any more, so its signatures come into the meeting first.
    fn erase_people(&mut self, signatures: &[RoundSignatures]) -> Result<(), Refusal> {
        self.must_be(Phase::Archived)?;
        if self.people_erased {
            return Ok(());
        }
        for reissue in self.rounds.iter_mut().flat_map(|round| &mut round.reissues) {
            reissue.slip.clear();
            reissue.credential = None;
        }
        for of_round in signatures {
            self.round_mut(of_round.round)?.signatures.clone_from(&of_round.signatures);
        }
        self.people_erased = true;
        Ok(())
    }

    pub(super) fn add_round(&mut self, step: &Step) -> Result<(), Refusal> {
        if self.rounds.len() >= ROUNDS_MAX {
            return Err(Refusal::LimitIsReached);
        }
        let number = self.next_round_number();
        self.rounds.push(self.draft_round(number, step));
        Ok(())
    }

    fn draft_round(&self, number: u32, step: &Step) -> Round {
        let subjects = match step.subject {
            Some(subject) => vec![subject],
            None => self.plan.subjects.iter().map(|subject| subject.id).collect(),
        };
        let mut round = Round {
            number,
            step: step.id,
            subjects,
            state: RoundState::Draft,
            manifest_hash: None,
            fingerprint: None,
            promise: None,
            small_groups: SmallGroups::Refuse,
            merged: Vec::new(),
            accounting: None,
            tally: None,
            publication: None,
            record: None,
            void_reason: None,
            closed_without: Vec::new(),
            signatures: Vec::new(),
            reissues: Vec::new(),
            request: None,
            paper: Paper::default(),
            kiosk: std::collections::BTreeMap::new(),
            imported: Vec::new(),
        };
        // A form of its own may combine otherwise, or not at all; then its components are imported by the chair.
        let rules = &self.form_plan(&round).scoring;
        let fitting = self.plan.imported.iter().filter(|row| row.fits(rules)).cloned().collect::<Vec<_>>();
        round.imported = round.of_its_subjects(&fitting);
        round
    }

    fn next_round_number(&self) -> u32 {
        self.rounds.last().map_or(1, |round| round.number + 1)
    }

    fn step_round(
        &mut self,
        number: u32,
        transition: impl FnOnce(RoundState) -> Result<RoundState, Refusal>,
    ) -> Result<(), Refusal> {
        if self.phase == Phase::Archived {
            return Err(Refusal::WrongPhase);
        }
        let round = self.round_mut(number)?;
        round.state = transition(round.state)?;
        Ok(())
    }

    pub(super) fn round_mut(&mut self, number: u32) -> Result<&mut Round, Refusal> {
        self.rounds.iter_mut().find(|round| round.number == number).ok_or(Refusal::UnknownRound)
    }

    /// The round of that number.
    #[must_use]
    pub fn round(&self, number: u32) -> Option<&Round> {
        self.rounds.iter().find(|round| round.number == number)
    }

    pub(super) fn must_be(&self, phase: Phase) -> Result<(), Refusal> {
        if self.phase == phase { Ok(()) } else { Err(Refusal::WrongPhase) }
    }

    pub(super) fn must_be_before_close(&self) -> Result<(), Refusal> {
        match self.phase {
            Phase::Draft | Phase::Checkin | Phase::InSession => Ok(()),
            Phase::Closed | Phase::Archived => Err(Refusal::WrongPhase),
        }
    }

    /// Phones can join, and so get papers.
    fn must_be_joinable(&self) -> Result<(), Refusal> {
        match self.phase {
            Phase::Checkin | Phase::InSession => Ok(()),
            Phase::Draft | Phase::Closed | Phase::Archived => Err(Refusal::WrongPhase),
        }
    }
}
