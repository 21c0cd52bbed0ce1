//! What each role may see of a meeting: the only place that decides it. Everything that reaches a screen, an export or a
//! print goes through here; nothing here writes, waits or knows a seat.

pub mod archived;
pub mod chain;
pub mod combined;
pub mod explained;
pub mod form;
pub mod opinions;
pub mod paper;
pub mod prints;
pub mod record;
pub mod requests;
pub mod result;
pub mod rules;
pub mod slips;

use std::borrow::Cow;

use crate::protocol::{
    self, BoxKeyView, ChairView, Destroyed, Durability, GroupView, HistoryLine, LiveRow, LiveTally, MergedGroup,
    NextAction, PlanView, Preparation, ProjectorView, Role, RoundStateView, RoundView, Situation, SlipsView, StepView,
    SubjectView, TimerState, TimerView, Turnout, VoterView,
};
use crate::store::{MissingServer, Released};
use pingyi_rules::ballot::fingerprint::fingerprint;
use pingyi_rules::ballot::{sha256, to_base64url};
use pingyi_rules::form::Live;
use pingyi_rules::form::SheetRules;
use pingyi_rules::meeting::plan::{Group, Plan};
use pingyi_rules::meeting::reissue::REISSUES_MAX;
use pingyi_rules::meeting::round::{CLOSING_MS, LeftOutServer, RoundState, SmallGroups, UNDO_MS};
use pingyi_rules::meeting::{CoSigned, HistoryEntry, Meeting, Next, PlainWish, Round, Timer, Wish};
use pingyi_rules::scoring::{self, percentages};

/// Commands that the chair's history shows.
const HISTORY_SHOWN_MAX: usize = 50;

/// All that views are made of, at one moment.
#[derive(Clone, Debug)]
pub struct ViewInputs<'a> {
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
    /// Screens of scrutineers connected.
    pub scrutineers_online: u32,
    /// How far keys and papers are.
    pub preparation: Option<Preparation>,
    /// Groups too small to be secret, by id.
    pub small_groups: &'a [String],
    /// Of these the ones that are too small only where one of them is recused.
    pub small_by_recusal: &'a [String],
    /// Groups that would vote as one, where that helps.
    pub merging: &'a [Vec<String>],
    /// How far the slips of each group are.
    pub slips: &'a [SlipsView],
    /// How safely ballots are kept.
    pub durability: Durability,
    /// Servers that the count waits for.
    pub missing_servers: &'a [MissingServer],
    /// What was destroyed of the meeting's people, by place.
    pub destroyed: &'a [Destroyed],
    /// The address to type.
    pub join_url: &'a str,
    /// Where phones join the meeting, as it is in the code on the wall.
    pub join_link: String,
    /// The meeting's box key.
    pub box_key: Option<[u8; 32]>,
}

/// What every screen may know of the plan.
#[must_use]
pub fn plan(meeting: &Meeting, digest: &str) -> PlanView {
    let now = meeting.round_of_now();
    let plan = &*plan_of_now(meeting);
    let [title, title_en] = now.and_then(|round| form::title(&meeting.plan, round.step)).unwrap_or_default();
    PlanView {
        id: meeting.id.clone(),
        title: plan.title.clone(),
        host: plan.host.clone(),
        admission: plan.admission,
        groups: plan.groups.iter().map(group).collect(),
        forms: form::others(&meeting.plan),
        form: title,
        form_en: title_en,
        scale: plan.shown_scale().iter().map(form::mark).collect(),
        numeric: plan.numeric,
        items: form::items(plan),
        needs_all_items: plan.scoring.missing_item == scoring::MissingItem::Require,
        overall: form::overall(plan),
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
                without_items: plan.without(subject.id),
            })
            .collect(),
        agenda: plan
            .agenda
            .iter()
            .map(|step| StepView {
                id: step.id,
                kind: step.kind,
                subject: step.subject,
                form: form::title(&meeting.plan, step.id),
                done: meeting.done.contains(&step.id),
            })
            .collect(),
        sheet_rules: SheetRules::clone(&plan.sheet_rules),
        own_branch: plan.own_branch,
        live: plan.live,
        pool_k: plan.pool_k,
        k_min: plan.k_min,
        opinions_min: plan.opinions.then_some(plan.opinions_min),
        digest: digest.to_owned(),
    }
}

/// The plan with the form of the round of now.
#[must_use]
pub fn plan_of_now(meeting: &Meeting) -> Cow<'_, Plan> {
    meeting.round_of_now().map_or(Cow::Borrowed(&meeting.plan), |round| meeting.form_plan(round))
}

/// A digest of what [`plan`] shows: 16 hex digits.
#[must_use]
pub fn digest(meeting: &Meeting) -> String {
    use sha2::{Digest as _, Sha256};
    let shown = serde_json::to_vec(&plan(meeting, "")).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&Sha256::digest(&shown)[..8])
}

fn group(group: &Group) -> GroupView {
    GroupView {
        id: group.id.clone(),
        name: group.name.clone(),
        weight_percent: decimal(group.weight_bp),
        entitled: group.entitled,
        has_leaders: group.leaders > 0,
    }
}

/// The groups that vote as one in a round.
fn merged(meeting: &Meeting, round: &Round) -> Vec<MergedGroup> {
    let plan = meeting.plan_of(round);
    let lists = round.merged.iter();
    let column = |groups: &Vec<String>| plan.group(groups.first()?).map(group);
    lists.filter_map(|groups| Some(MergedGroup { groups: groups.clone(), column: column(groups)? })).collect()
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

fn situation(inputs: &ViewInputs) -> Situation {
    let meeting = inputs.meeting;
    Situation {
        epoch: inputs.epoch.to_owned(),
        version: inputs.version,
        plan: inputs.plan.to_owned(),
        phase: meeting.phase,
        step: meeting.current,
        timer: meeting.timer.as_ref().map(timer),
        round: meeting.round_of_now().map(|of_now| round(meeting, of_now)),
        box_key: inputs
            .box_key
            .map(|key| BoxKeyView { key: to_base64url(&key), fingerprint: fingerprint(&sha256(&[&key])) }),
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

/// A round, as everybody may know it.
#[must_use]
pub fn round(meeting: &Meeting, round: &Round) -> RoundView {
    RoundView {
        number: round.number,
        state: match round.state {
            RoundState::Draft => RoundStateView::Draft,
            RoundState::Armed => RoundStateView::Armed,
            RoundState::Open => RoundStateView::Open,
            RoundState::Closing { .. } => RoundStateView::Closing,
            RoundState::Closed => RoundStateView::Closed,
            RoundState::Certified => RoundStateView::Certified,
            RoundState::Published => RoundStateView::Published,
            RoundState::Void => RoundStateView::Void,
        },
        subjects: round.subjects.clone(),
        merged: merged(meeting, round),
        manifest_hash: round.manifest_hash.clone(),
        fingerprint: round.fingerprint.clone(),
        promise: round.promise.clone(),
        closes_at_ms: match round.state {
            RoundState::Closing { ends_at_ms } => Some(ends_at_ms),
            _ => None,
        },
        void_reason: round.void_reason.clone(),
    }
}

/// What every phone sees: nothing that changes when somebody casts, so that a cast causes no other traffic (rule s9).
#[must_use]
pub fn voter(inputs: &ViewInputs) -> VoterView {
    VoterView { now: situation(inputs), result: result::for_hall(inputs.meeting) }
}

/// What the hall sees.
#[must_use]
pub fn projector(inputs: &ViewInputs) -> ProjectorView {
    let meeting = inputs.meeting;
    let shows_turnout = meeting.plan.live != Live::Off || !is_taking(meeting);
    let shown: Vec<Turnout> = inputs
        .turnout
        .iter()
        .map(|group| Turnout { returned: if shows_turnout { group.returned } else { 0 }, ..group.clone() })
        .collect();
    ProjectorView {
        now: situation(inputs),
        scene: meeting.scene,
        join_url: inputs.join_url.to_owned(),
        join_qr: inputs.join_link.clone(),
        total: total(&shown),
        groups: if tells_groups(inputs) { shown } else { Vec::new() },
        paper_open: meeting.round_of_now().map_or(0, paper::open),
        tally: live_tally(inputs),
        result: result::for_hall(meeting),
    }
}

/// Whether the hall may see heads by group: once papers are out, one that is too small could be had from the total and all
/// others. Before that they are the heads that come in through the door.
fn tells_groups(inputs: &ViewInputs) -> bool {
    let meeting = inputs.meeting;
    if meeting.round_of_now().is_none_or(|round| round.state == RoundState::Draft) {
        return true;
    }
    let is_small = |group: &Turnout| (1..meeting.plan.k_min).contains(&group.present);
    let counted = meeting.round_of_now().and_then(|round| result::published(meeting, round));
    inputs.small_groups.is_empty()
        && !inputs.turnout.iter().any(is_small)
        && counted.is_none_or(|counted| counted.shows_sheets)
}

fn is_taking(meeting: &Meeting) -> bool {
    meeting.round_of_now().is_some_and(|round| round.state.takes_casts())
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
fn live_tally(inputs: &ViewInputs) -> Option<LiveTally> {
    let meeting = inputs.meeting;
    if meeting.plan.live != Live::Tally {
        return None;
    }
    let round = meeting.round_of_now()?;
    // Phones alone, and then with a few paper sheets, would tell those by their difference: until all is counted it stays
    // where it was.
    let plan = &*meeting.form_plan(round);
    let rows: Vec<LiveRow> = if round.state.takes_casts() || round.waits_for_paper() {
        (1u16..).zip(&round.subjects).map(|(contest, subject)| released_row(inputs, plan, contest, *subject)).collect()
    } else if round.state.is_counted() {
        let published = result::published(meeting, round)?;
        let counted = round.tally.as_ref()?.rows.iter().zip(&published.shows_totals);
        counted
            .map(|(row, shows)| {
                if !shows {
                    // As before the first release.
                    return nothing_yet(plan, row.subject);
                }
                let sum = row.total();
                let marks = plan.shown_marks(&sum.marks);
                LiveRow { subject: row.subject, percents: percentages(&marks), marks, abstained: sum.abstained }
            })
            .collect()
    } else {
        return None;
    };
    Some(LiveTally { pool_k: meeting.plan.pool_k, rows })
}

fn nothing_yet(plan: &Plan, subject: u16) -> LiveRow {
    LiveRow { subject, marks: vec![0; plan.shown_scale().len()], abstained: 0, percents: Vec::new() }
}

fn released_row(inputs: &ViewInputs, plan: &Plan, contest: u16, subject: u16) -> LiveRow {
    let released = inputs.released.contests.get(&contest);
    let of = |mark: &str| {
        released.and_then(|answers| answers.get(&pingyi_rules::ballot::cast::row_answer(mark))).copied().unwrap_or(0)
    };
    let marks: Vec<u32> = plan.scale.iter().map(|mark| of(&mark.id)).collect();
    let marks = plan.shown_marks(&marks);
    let percents = if marks.iter().sum::<u32>() > 0 { percentages(&marks) } else { Vec::new() };
    LiveRow { subject, marks, abstained: of(pingyi_rules::form::ABSTAIN), percents }
}

/// What the chair sees; teller and scrutineer see the same without the primary button.
#[must_use]
pub fn chair(inputs: &ViewInputs, role: Role) -> ChairView {
    let meeting = inputs.meeting;
    let total = total(inputs.turnout);
    ChairView {
        now: situation(inputs),
        role,
        scene: meeting.scene,
        next: meeting.next().filter(|_| role == Role::Chair).map(|next| next_button(meeting, next)),
        undo_until_ms: meeting.round_of_now().and_then(|round| match round.state {
            RoundState::Closing { ends_at_ms } => Some(ends_at_ms - CLOSING_MS + UNDO_MS),
            _ => None,
        }),
        turnout_is_too_low: !meeting.plan.turnout.is_reached(total.entitled, total.present),
        total,
        groups: inputs.turnout.to_vec(),
        devices_online: inputs.devices_online,
        preparation: inputs.preparation.clone(),
        rounds: meeting.rounds.iter().map(|each| round(meeting, each)).collect(),
        tally: live_tally(inputs),
        result: result::for_chair(meeting),
        small_groups: inputs.small_groups.to_vec(),
        small_by_recusal: inputs.small_by_recusal.to_vec(),
        merging: inputs.merging.to_vec(),
        durability: inputs.durability,
        missing_servers: missing_servers(inputs),
        left_out: meeting.round_of_now().map(|round| round.closed_without.clone()).unwrap_or_default(),
        join_url: inputs.join_url.to_owned(),
        join_qr: inputs.join_link.clone(),
        requests: requests::of(meeting),
        next_request: requests::next_number(meeting),
        scrutineers_online: inputs.scrutineers_online,
        reissues: requests::reissues(meeting),
        slips: if matches!(role, Role::Chair | Role::Teller) { inputs.slips.to_vec() } else { Vec::new() },
        paper: paper::of_now(meeting, role, inputs.turnout),
        components: combined::components(meeting),
        reissues_max: REISSUES_MAX,
        destroyed: meeting.people_erased.then(|| inputs.destroyed.to_vec()),
        history: history(meeting, HISTORY_SHOWN_MAX),
    }
}

fn missing_servers(inputs: &ViewInputs) -> Vec<LeftOutServer> {
    let missing = inputs.missing_servers.iter();
    missing
        .map(|missing| LeftOutServer {
            server: missing.server.clone(),
            name: missing.name.clone(),
            sheets: missing.sheets,
        })
        .collect()
}

fn history(meeting: &Meeting, most: usize) -> Vec<HistoryLine> {
    let lines = meeting.history.iter().rev().take(most);
    let line = |entry: &HistoryEntry| HistoryLine {
        at_ms: entry.at_ms,
        command: entry.command.name(),
        form: form::added(&meeting.plan, &entry.command),
    };
    lines.map(line).collect()
}

fn next_button(meeting: &Meeting, next: Next) -> protocol::NextButton {
    let asking = |round, asked| {
        let number = meeting.round(round).map_or(1, Round::next_request);
        PlainWish::Ask { round, number, asked }.into()
    };
    let (action, command, hold) = match next {
        Next::OpenCheckin => (NextAction::OpenCheckin, PlainWish::OpenCheckin.into(), false),
        Next::Begin => (NextAction::Begin, PlainWish::Begin.into(), false),
        Next::GoTo(step) => (NextAction::GoTo, PlainWish::GoTo { step }.into(), false),
        Next::StartTimer(step) => (NextAction::StartTimer, PlainWish::StartTimer { step }.into(), false),
        Next::Arm(round) => (NextAction::Arm, Wish::Arm { round, small_groups: SmallGroups::Refuse }, true),
        Next::Open(round) => (NextAction::Open, PlainWish::Open { round }.into(), false),
        Next::Close(round) => (NextAction::Close, PlainWish::Close { round }.into(), false),
        // They can be taken back until the scrutineer has agreed.
        Next::Certify(round) => (NextAction::Certify, asking(round, CoSigned::Certificate), false),
        Next::Publish(round) => {
            let publication = meeting.plan.publication;
            (NextAction::Publish, asking(round, CoSigned::Publication { publication }), false)
        }
        Next::Repeat(round) => (NextAction::Repeat, PlainWish::Repeat { round }.into(), true),
        Next::CloseMeeting => (NextAction::CloseMeeting, PlainWish::CloseMeeting.into(), true),
        Next::Archive => (NextAction::Archive, PlainWish::Archive.into(), true),
    };
    protocol::NextButton { action, command, hold }
}
