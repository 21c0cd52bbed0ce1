//! What can be asked of a meeting, and every way in which it says no.
//! Each command names what it acts on, so that repeating it changes nothing.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Scene;
use super::accounting::Accounting;
use super::links::Link;
use super::paper::{EnteredBy, PaperCount};
use super::plan::{Publication, Step};
use super::reissue::Reissue;
use super::request::CoSigned;
use super::round::{LeftOut, PublicRecord, RoundSignatures, SmallGroups};
use super::slips::PrintedBy;
use super::tally::Tally;
use crate::scoring::Imported;

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
        /// Its fingerprint.
        fingerprint: String,
        /// The box key's signature of it, base64url; nothing in histories of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        promise: Option<String>,
        /// Who is there at this moment.
        accounting: Accounting,
        /// What to do where a group is too small to be secret.
        small_groups: SmallGroups,
        /// The groups that vote as one.
        #[serde(default)]
        merged: Vec<Vec<String>>,
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
    /// Count without servers that took sheets and do not come back.
    CloseWithout {
        /// The round's number.
        round: u32,
        /// The servers, each with what is at stake.
        servers: Vec<LeftOut>,
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
    /// The chair asks for what needs the scrutineer as well.
    Ask {
        /// The round's number.
        round: u32,
        /// One more than that of the last request of the round.
        number: u32,
        /// What.
        asked: CoSigned,
    },
    /// The scrutineer agrees, and it is done.
    Confirm {
        /// The round's number.
        round: u32,
        /// Which request.
        number: u32,
        /// What it asks for: nobody agrees to something else than was read.
        asked: CoSigned,
        /// For a publication: the record that everybody can download from now on.
        #[serde(default)]
        record: Option<PublicRecord>,
    },
    /// The scrutineer does not agree, and nothing changes.
    Decline {
        /// The round's number.
        round: u32,
        /// Which request.
        number: u32,
        /// What it asks for.
        asked: CoSigned,
    },
    /// The chair takes it back, and nothing changes.
    Withdraw {
        /// The round's number.
        round: u32,
        /// Which request.
        number: u32,
        /// What it asks for.
        asked: CoSigned,
    },
    /// The chair alone certified: only in the history of a meeting from before [`Command::Ask`], and refused.
    Certify {
        /// The round's number.
        round: u32,
    },
    /// The chair alone published: only in such a history, and refused.
    Publish {
        /// The round's number.
        round: u32,
        /// Who sees it.
        publication: Publication,
        /// The record that everybody can download from now on.
        #[serde(default)]
        record: Option<PublicRecord>,
    },
    /// The chair alone declared it void: only in such a history, and refused.
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
    /// Destroy what is kept of its people.
    ErasePeople {
        /// What the box signed of each round that has a record: its keys are among what is destroyed.
        signatures: Vec<RoundSignatures>,
    },
    /// A seat was taken at a shared tablet: said by the server.
    SeatAtKiosk {
        /// The open round.
        round: u32,
        /// The seat's group.
        group: String,
        /// The hash of its credential, hex.
        credential: String,
    },
    /// So many paper sheets were handed out to a group in all.
    IssuePaper {
        /// The round's number.
        round: u32,
        /// The group of the round.
        group: String,
        /// All that it has, which makes a repeat harmless.
        sheets: u32,
    },
    /// The paper of a group was counted by one of two people.
    EnterPaper {
        /// The round's number.
        round: u32,
        /// The group of the round.
        group: String,
        /// By whom.
        by: EnteredBy,
        /// What is on it, added up.
        count: PaperCount,
    },
    /// The components that the score is combined with were imported, in place of those before.
    ImportComponents {
        /// The round's number.
        round: u32,
        /// How many rows: what the history keeps of it.
        rows: u32,
        /// The rows.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        imported: Vec<Imported>,
    },
    /// A voter lost the papers: others are asked for.
    AskReissue {
        /// The round's number.
        round: u32,
        /// For whom, and the next number of the round.
        reissue: Reissue,
    },
    /// A scrutineer agrees.
    ConfirmReissue {
        /// The round's number.
        round: u32,
        /// Which one.
        number: u32,
    },
    /// A phone took it: said by the server.
    TakeReissue {
        /// The round's number.
        round: u32,
        /// Which one.
        number: u32,
        /// The hash of the phone's credential, hex.
        credential: String,
    },
    /// Its papers are issued: said by the server, before a signature leaves.
    NoteReissue {
        /// The round's number.
        round: u32,
        /// Which one.
        number: u32,
        /// The digest of the request, hex.
        request: String,
    },
    /// The unused slips of a group were replaced: they open nothing any more.
    ReplaceSlips {
        /// The group's id.
        group: String,
        /// Which series the new ones are, from 1.
        series: u32,
        /// How many there are.
        slips: u32,
        /// Who printed them.
        by: PrintedBy,
    },
    /// The links of a meeting from before they were noted: said by the server.
    NoteLinks {
        /// All that its store has.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        links: Vec<Link>,
    },
    /// A role has one more link: said by the server.
    GiveLink {
        /// The link.
        link: Link,
    },
    /// The operator took a link back.
    WithdrawLink {
        /// Its id.
        link: String,
    },
}

impl Command {
    /// As the history keeps it: without what only a phone has, and without marks.
    #[must_use]
    pub fn remembered(&self) -> Self {
        let mut kept = self.clone();
        match &mut kept {
            Self::AskReissue { reissue, .. } => reissue.slip.clear(),
            Self::TakeReissue { credential, .. } => credential.clear(),
            Self::NoteReissue { request, .. } => request.clear(),
            Self::SeatAtKiosk { group, credential, .. } => {
                group.clear();
                credential.clear();
            }
            Self::ImportComponents { imported, .. } => imported.clear(),
            Self::EnterPaper { count, .. } => *count = PaperCount::default(),
            Self::NoteLinks { links } => links.clear(),
            _ => {}
        }
        kept
    }
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
