//! What each role may see of a meeting: the only place that decides it. Everything that reaches a screen, an export or a
//! print goes through here; nothing here writes, waits or knows a seat.

pub mod result;
pub mod rules;

use crate::ballot::SheetRules;
use crate::meeting::plan::{Live, Mark};
use crate::meeting::round::{CLOSING_MS, RoundState, SmallGroups, UNDO_MS};
use crate::meeting::tally::pooled;
use crate::meeting::{Meeting, Next, Round, Timer};
use crate::protocol::{
    self, ChairCommand, ChairView, Durability, GroupView, HistoryLine, LiveRow, LiveTally, MarkView, NextAction,
    PlanView, Preparation, ProjectorView, Role, RoundStage, RoundView, Situation, StepView, SubjectView, TimerState,
    TimerView, Turnout, VoterView,
};
use crate::scoring::{self, percentages};
use crate::store::Released;

/// Commands that the chair's history shows.
const HISTORY_SHOWN_MAX: usize = 50;

/// All that views are made of, at one moment.
#[derive(Clone, Debug)]
pub struct Moment<'a> {
    /// The meeting.
    pub meeting: &'a Meeting,
    /// The store's epoch.
    pub epoch: &'a str,
    /// The meeting's version in it.
    pub version: u32,
    /// [`digest`] of the plan.
    pub plan: &'a str,
    /// Head counts by group, in the order of the plan, for the round of now.
    pub turnout: &'a [Turnout],
    /// What the box released of the round of now.
    pub released: &'a Released,
    /// Phones connected.
    pub devices_online: u32,
    /// How far keys and papers are.
    pub preparation: Option<Preparation>,
    /// Groups too small to be secret, by id.
    pub small_groups: &'a [String],
    /// How safely ballots are kept.
    pub durability: Durability,
    /// The address to type.
    pub join_url: &'a str,
}

/// What every screen may know of the plan.
#[must_use]
pub fn plan(meeting: &Meeting, digest: &str) -> PlanView {
    let plan = &meeting.plan;
    PlanView {
        id: meeting.id.clone(),
        title: plan.title.clone(),
        host: plan.host.clone(),
        admission: plan.admission,
        groups: plan
            .groups
            .iter()
            .map(|group| GroupView {
                id: group.id.clone(),
                name: group.name.clone(),
                weight_percent: decimal(group.weight_bp),
                entitled: group.entitled,
                has_leaders: group.leaders > 0,
            })
            .collect(),
        scale: plan.scale.iter().map(mark).collect(),
        subjects: plan
            .subjects
            .iter()
            .map(|subject| SubjectView {
                id: subject.id,
                branch: subject.branch.clone(),
                secretary: subject.secretary.clone(),
                report: subject.report,
                minutes: subject.minutes,
                has_text: !subject.text.is_empty(),
                absent: meeting.absent.contains(&subject.id),
            })
            .collect(),
        agenda: plan
            .agenda
            .iter()
            .map(|step| StepView {
                id: step.id,
                kind: step.kind,
                subject: step.subject,
                done: meeting.done.contains(&step.id),
            })
            .collect(),
        sheet_rules: SheetRules::clone(&plan.sheet_rules),
        own_branch: plan.own_branch,
        live: plan.live,
        pool_k: plan.pool_k,
        k_min: plan.k_min,
        digest: digest.to_owned(),
    }
}

/// A digest of what [`plan`] shows: 16 hex digits.
#[must_use]
pub fn digest(meeting: &Meeting) -> String {
    use sha2::{Digest as _, Sha256};
    let shown = serde_json::to_vec(&plan(meeting, "")).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&Sha256::digest(&shown)[..8])
}

fn mark(mark: &Mark) -> MarkView {
    MarkView {
        id: mark.id.clone(),
        label: mark.label.clone(),
        label_en: mark.label_en.clone(),
        kind: mark.kind,
        points: decimal(mark.points_hundredths),
    }
}

/// Hundredths as a decimal without trailing zeros.
fn decimal(hundredths: u32) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match rest {
        0 => whole.to_string(),
        rest if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        rest => format!("{whole}.{rest:02}"),
    }
}

fn situation(moment: &Moment) -> Situation {
    let meeting = moment.meeting;
    Situation {
        epoch: moment.epoch.to_owned(),
        version: moment.version,
        plan: moment.plan.to_owned(),
        phase: meeting.phase,
        step: meeting.current,
        timer: meeting.timer.as_ref().map(timer),
        round: meeting.round_of_now().map(round),
    }
}

fn timer(timer: &Timer) -> TimerView {
    let limit_ms = u64::from(timer.limit_s) * 1000;
    let left_ms = limit_ms.cast_signed() - timer.used_ms.cast_signed();
    let state = match timer.running_since_ms {
        Some(since) => TimerState::Running { ends_at_ms: since.saturating_add_signed(left_ms) },
        None if timer.used_ms == 0 => TimerState::Ready,
        None => TimerState::Paused { left_ms },
    };
    TimerView { limit_s: timer.limit_s, state }
}

fn round(round: &Round) -> RoundView {
    RoundView {
        number: round.number,
        state: match round.state {
            RoundState::Draft => RoundStage::Draft,
            RoundState::Armed => RoundStage::Armed,
            RoundState::Open => RoundStage::Open,
            RoundState::Closing { .. } => RoundStage::Closing,
            RoundState::Closed => RoundStage::Closed,
            RoundState::Certified => RoundStage::Certified,
            RoundState::Published => RoundStage::Published,
            RoundState::Void => RoundStage::Void,
        },
        subjects: round.subjects.clone(),
        manifest_hash: round.manifest_hash.clone(),
        fingerprint: round.fingerprint.clone(),
        closes_at_ms: match round.state {
            RoundState::Closing { ends_at_ms } => Some(ends_at_ms),
            _ => None,
        },
        void_reason: round.void_reason.clone(),
    }
}

/// What every phone sees: nothing that changes when somebody casts, so that a cast causes no other traffic (rule s9).
#[must_use]
pub fn voter(moment: &Moment) -> VoterView {
    VoterView { now: situation(moment), result: result::for_hall(moment.meeting) }
}

/// What the hall sees.
#[must_use]
pub fn projector(moment: &Moment) -> ProjectorView {
    let meeting = moment.meeting;
    let shows_turnout = meeting.plan.live != Live::Off || !is_taking(meeting);
    let shown: Vec<Turnout> = moment
        .turnout
        .iter()
        .map(|group| Turnout { returned: if shows_turnout { group.returned } else { 0 }, ..group.clone() })
        .collect();
    ProjectorView {
        now: situation(moment),
        scene: meeting.scene,
        join_url: moment.join_url.to_owned(),
        join_qr: join_qr(moment),
        total: total(&shown),
        groups: shown.into_iter().filter(|group| group.present >= meeting.plan.k_min).collect(),
        tally: live_tally(moment),
        result: result::for_hall(meeting),
    }
}

fn is_taking(meeting: &Meeting) -> bool {
    meeting.round_of_now().is_some_and(|round| round.state.takes_casts())
}

fn join_qr(moment: &Moment) -> String {
    format!("{}/m/{}", moment.join_url, moment.meeting.id)
}

fn total(groups: &[Turnout]) -> Turnout {
    groups.iter().fold(Turnout::default(), |sum, group| Turnout {
        group: String::new(),
        entitled: sum.entitled + group.entitled,
        present: sum.present + group.present,
        issued: sum.issued + group.issued,
        returned: sum.returned + group.returned,
    })
}

/// Counts of each mark: while casts are taken what the pool rule released; after the count all of it, if the meeting chose
/// to show it live.
fn live_tally(moment: &Moment) -> Option<LiveTally> {
    let meeting = moment.meeting;
    if meeting.plan.live != Live::Tally {
        return None;
    }
    let round = meeting.round_of_now()?;
    let rows: Vec<LiveRow> = if round.state.takes_casts() {
        (1u16..).zip(&round.subjects).map(|(contest, subject)| released_row(moment, contest, *subject)).collect()
    } else if round.state.is_counted() {
        let counted = round.tally.as_ref()?.rows.iter();
        counted
            .map(|row| {
                let sum = pooled(row);
                LiveRow {
                    subject: row.subject,
                    percents: percentages(&sum.marks),
                    marks: sum.marks,
                    abstained: sum.abstained,
                }
            })
            .collect()
    } else {
        return None;
    };
    Some(LiveTally { pool_k: meeting.plan.pool_k, rows })
}

fn released_row(moment: &Moment, contest: u16, subject: u16) -> LiveRow {
    let released = moment.released.contests.get(&contest);
    let of = |mark: &str| {
        released.and_then(|answers| answers.get(&crate::ballot::cast::row_answer(mark))).copied().unwrap_or(0)
    };
    let marks: Vec<u32> = moment.meeting.plan.scale.iter().map(|mark| of(&mark.id)).collect();
    let percents = if marks.iter().sum::<u32>() > 0 { percentages(&marks) } else { Vec::new() };
    LiveRow { subject, marks, abstained: of(crate::ballot::manifest::ABSTAIN), percents }
}

/// What the chair sees; teller and scrutineer see the same without the primary button.
#[must_use]
pub fn chair(moment: &Moment, role: Role) -> ChairView {
    let meeting = moment.meeting;
    let total = total(moment.turnout);
    ChairView {
        now: situation(moment),
        role,
        scene: meeting.scene,
        next: meeting.next().filter(|_| role == Role::Chair).map(|next| next_button(meeting, next)),
        undo_until_ms: meeting.round_of_now().and_then(|round| match round.state {
            RoundState::Closing { ends_at_ms } => Some(ends_at_ms - CLOSING_MS + UNDO_MS),
            _ => None,
        }),
        turnout_is_too_low: !meeting.plan.turnout.is_reached(total.entitled, total.present),
        total,
        groups: moment.turnout.to_vec(),
        devices_online: moment.devices_online,
        preparation: moment.preparation.clone(),
        rounds: meeting.rounds.iter().map(round).collect(),
        tally: live_tally(moment),
        result: result::for_chair(meeting),
        small_groups: moment.small_groups.to_vec(),
        durability: moment.durability,
        join_url: moment.join_url.to_owned(),
        join_qr: join_qr(moment),
        history: history(meeting),
    }
}

fn history(meeting: &Meeting) -> Vec<HistoryLine> {
    let name = |command: &crate::meeting::Command| {
        let value = serde_json::to_value(command).unwrap_or_default();
        value.get("do").and_then(|name| name.as_str()).unwrap_or_default().to_owned()
    };
    let lines = meeting.history.iter().rev().take(HISTORY_SHOWN_MAX);
    lines.map(|entry| HistoryLine { at_ms: entry.at_ms, command: name(&entry.command) }).collect()
}

fn next_button(meeting: &Meeting, next: Next) -> protocol::Next {
    let (action, command, hold) = match next {
        Next::OpenCheckin => (NextAction::OpenCheckin, ChairCommand::OpenCheckin, false),
        Next::Begin => (NextAction::Begin, ChairCommand::Begin, false),
        Next::GoTo(step) => (NextAction::GoTo, ChairCommand::GoTo { step }, false),
        Next::StartTimer(step) => (NextAction::StartTimer, ChairCommand::StartTimer { step }, false),
        Next::Arm(round) => (NextAction::Arm, ChairCommand::Arm { round, small_groups: SmallGroups::Refuse }, true),
        Next::Open(round) => (NextAction::Open, ChairCommand::Open { round }, false),
        Next::Close(round) => (NextAction::Close, ChairCommand::Close { round }, false),
        Next::Certify(round) => (NextAction::Certify, ChairCommand::Certify { round }, true),
        Next::Publish(round) => {
            let publication = meeting.plan.publication;
            (NextAction::Publish, ChairCommand::Publish { round, publication }, true)
        }
        Next::Repeat(round) => (NextAction::Repeat, ChairCommand::Repeat { round }, true),
        Next::CloseMeeting => (NextAction::CloseMeeting, ChairCommand::CloseMeeting, true),
        Next::Archive => (NextAction::Archive, ChairCommand::Archive, true),
    };
    protocol::Next { action, command, hold }
}

/// The worth of each mark of the scale for the count.
#[must_use]
pub fn worths(meeting: &Meeting) -> Vec<scoring::Worth> {
    use crate::meeting::plan::MarkKind;
    let worth = |mark: &Mark| match mark.kind {
        MarkKind::Grade => scoring::Worth::PointsHundredths(mark.points_hundredths),
        MarkKind::Unknown => scoring::Worth::Unknown,
        MarkKind::Abstain => scoring::Worth::Abstain,
    };
    meeting.plan.scale.iter().map(worth).collect()
}
