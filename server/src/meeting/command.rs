//! What can be asked of a meeting, and every way in which it says no.
//! Each command names what it acts on, so that repeating it changes nothing.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Scene;
use super::accounting::Accounting;
use super::plan::{Publication, Step};
use super::round::SmallGroups;
use super::tally::Tally;

/// A change that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Phones may join.
    OpenCheckin,
    /// The agenda begins with its first step.
    Begin,
    /// Make this step current: the next one, or any other.
    GoTo {
        /// A step's id.
        step: u32,
    },
    /// Start the report's timer, or let it run again after a pause.
    StartTimer {
        /// The current step.
        step: u32,
    },
    /// Stop it for a while.
    PauseTimer {
        /// The current step.
        step: u32,
    },
    /// Give the reporter more time.
    ExtendTimer {
        /// The current step.
        step: u32,
        /// The limit in force after it, in seconds, 1 to 7,200; naming the whole limit makes a repeat harmless.
        limit_s: u32,
    },
    /// Freeze what decides the result, and issue papers.
    Arm {
        /// The round's number.
        round: u32,
        /// SHA-256 of the manifest, 64 hex digits.
        manifest_hash: String,
        /// Its 16 digits, 4-4-4-4.
        fingerprint: String,
        /// Who is there at this moment.
        accounting: Accounting,
        /// What to do where a group is too small to be secret.
        small_groups: SmallGroups,
    },
    /// Casts are taken from now on.
    Open {
        /// The round's number.
        round: u32,
    },
    /// Ten more seconds for phones that are sending.
    Close {
        /// The round's number.
        round: u32,
    },
    /// Take a close back, within three seconds.
    UndoClose {
        /// The round's number.
        round: u32,
    },
    /// The box is frozen and counted: said by the server, never by a person.
    Freeze {
        /// The round's number.
        round: u32,
        /// The closed accounts.
        accounting: Accounting,
        /// What was counted.
        tally: Tally,
    },
    /// The count was witnessed.
    Certify {
        /// The round's number.
        round: u32,
    },
    /// Let an audience see the result.
    Publish {
        /// The round's number.
        round: u32,
        /// Who sees it.
        publication: Publication,
    },
    /// The round does not count; it stays in the record with its reason.
    Void {
        /// The round's number.
        round: u32,
        /// Why, 1 to 200 characters.
        reason: String,
    },
    /// A void round is held again as the next round.
    Repeat {
        /// The void round's number.
        round: u32,
    },
    /// Change the order of the steps that are still to come.
    Reorder {
        /// Every step's id, in the new order.
        steps: Vec<u32>,
    },
    /// Put a further step into the agenda.
    AddStep {
        /// The step, with an id that is new.
        step: Step,
        /// The id of the step that it follows; 0 for the first place.
        after: u32,
    },
    /// Take a step out that is still to come.
    RemoveStep {
        /// A step's id.
        step: u32,
    },
    /// A subject did not come, or came after all.
    SetAbsent {
        /// The subject's number.
        subject: u16,
        /// Whether the subject is absent.
        absent: bool,
    },
    /// What the projector shows.
    SetScene {
        /// The scene.
        scene: Scene,
    },
    /// The meeting is over.
    CloseMeeting,
    /// Seal it.
    Archive,
}

/// Why a command was not carried out. The sentence is chosen by the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Not in this phase of the meeting.
    WrongPhase,
    /// No step has this id.
    UnknownStep,
    /// The step is not the one that runs.
    StepIsNotCurrent,
    /// The step is over or runs: it cannot be moved or removed.
    StepIsFixed,
    /// The step has no timer.
    StepHasNoTimer,
    /// No round has this number.
    UnknownRound,
    /// The round is not in a state that allows it.
    WrongRoundState,
    /// A round is open or closing: close it first.
    RoundIsRunning,
    /// The round's keys are still being made.
    KeysAreNotReady,
    /// A group has too few voters present to stay secret: choose what to do.
    GroupIsTooSmall,
    /// Fewer are present than the turnout rule asks for.
    TurnoutIsTooLow,
    /// The three seconds are over.
    UndoIsTooLate,
    /// The ten seconds of closing are not over.
    ClosingIsNotOver,
    /// No subject has this number.
    UnknownSubject,
    /// The order does not name every step once.
    OrderIsIncomplete,
    /// A text or a number is out of its range.
    OutOfRange,
    /// The agenda, or the list of rounds, is full.
    LimitIsReached,
    /// The accounts do not close: something is wrong with the count.
    AccountsDoNotClose,
}
