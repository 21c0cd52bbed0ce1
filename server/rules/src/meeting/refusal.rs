//! Every way in which a meeting says no.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// The meeting has no form of this id.
    UnknownForm,
    /// The order does not name every step once.
    OrderIsIncomplete,
    /// A text or a number is out of its range.
    OutOfRange,
    /// The agenda, or the list of rounds, is full.
    LimitIsReached,
    /// The accounts do not close: something is wrong with the count.
    AccountsDoNotClose,
    /// More paper sheets than voters without papers on a phone.
    TooMuchPaper,
    /// Paper sheets were handed out that are not entered twice and alike.
    PaperIsOpen,
    /// The figures of a paper entry do not add up to its valid sheets.
    PaperDoesNotAddUp,
    /// More own branches are left out on paper than can be.
    PaperRecusal,
    /// A paper sheet breaks a rule of the sheet: it is an invalid one.
    PaperSheetBreaksRule,
    /// Chair and scrutineer do it together: the chair asks, the scrutineer confirms.
    NeedsBoth,
    /// Something else is asked for by now.
    RequestIsAnother,
    /// It was confirmed, declined or withdrawn.
    RequestIsOver,
    /// Phones are not let in by slips here.
    NoSlips,
    /// New slips that are not as many as the free seats: somebody sat down meanwhile.
    SlipsDoNotFit,
    /// Somebody else replaced the slips of this group meanwhile.
    SlipsAreAnother,
    /// The meeting has no link of this id.
    UnknownLink,
    /// The role has as many links as it may have: withdraw one first.
    TooManyLinks,
}
