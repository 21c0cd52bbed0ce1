//! What people ask of a meeting, as it travels. Each wish names what it acts on, so that repeating it changes nothing. Most are
//! carried out as they were sent; the others wait for what only the server can add, and become a [`Command`](super::Command)
//! with it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Scene;
use super::imported::ComponentsRow;
use super::paper::{EnteredBy, PaperEntry};
use super::plan::StepKind;
use super::request::CoSigned;
use super::round::SmallGroups;

/// `POST /api/meetings/{id}/commands` with the chair's session, or with the one that the command names. Safe to repeat: each
/// names what it acts on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[serde(expecting = "no wish of this name has these fields")]
#[ts(rename = "ChairCommand")]
pub enum Wish {
    /// Freeze the manifest and issue papers.
    Arm {
        /// The round's number.
        round: u32,
        /// What to do where a group is too small.
        small_groups: SmallGroups,
    },
    /// Count without these servers, which took sheets and do not come back.
    CloseWithout {
        /// The round's number.
        round: u32,
        /// Their ids, as `ChairView::missing_servers` names them.
        servers: Vec<String>,
    },
    /// The scrutineer agrees, with the scrutineer's session, and it is done.
    Confirm {
        /// The round's number.
        round: u32,
        /// Which request.
        number: u32,
        /// What the own screen shows; refused where something else is asked for.
        asked: CoSigned,
    },
    /// A further step.
    AddStep {
        /// What happens.
        step_kind: StepKind,
        /// Whose turn it is.
        subject: Option<u16>,
        /// The new step's id: one more than the highest so far.
        step: u32,
        /// The id of the step that it follows; 0 for the first place.
        after: u32,
        /// The id of an evaluation's form; nothing for the meeting's first one.
        #[serde(default)]
        #[ts(optional = nullable)]
        form: Option<String>,
    },
    /// Destroy what is kept of its people: seats, slips, papers, sessions and private keys. Only once it is sealed.
    ErasePeople,
    /// So many paper sheets were handed out to a group in all: by chair or teller, until the round closes.
    IssuePaper {
        /// The round's number.
        round: u32,
        /// The group of the round.
        group: String,
        /// All that it has.
        sheets: u32,
    },
    /// The paper of a group as one of two people counted it, with the session of that role.
    EnterPaper {
        /// The round's number.
        round: u32,
        /// The group of the round.
        group: String,
        /// Whose session it is.
        by: EnteredBy,
        /// What is on it.
        entry: PaperEntry,
    },
    /// The components that the score of a round is combined with, as a `ComponentsPreview` gave them: in place of those
    /// before, until the count is certified.
    ImportComponents {
        /// The round's number.
        round: u32,
        /// One row a subject, at most 200.
        rows: Vec<ComponentsRow>,
    },
    /// A voter lost the papers: ask for others, which a scrutineer confirms.
    AskReissue {
        /// The round's number.
        round: u32,
        /// One more than the last.
        number: u32,
        /// The voter's group.
        group: String,
        /// The subject that the voter leads, if any.
        leads_subject: Option<u16>,
        /// A new slip's code, made by the chair's page; the server keeps only its hash.
        slip: String,
    },
    /// One that needs nothing else.
    #[serde(untagged)]
    Plain(#[ts(inline)] PlainWish),
}

/// A wish that is carried out as it was sent, and that histories keep in the same form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum PlainWish {
    /// Phones may join.
    OpenCheckin,
    /// The agenda begins.
    Begin,
    /// Make this step current.
    GoTo {
        /// A step's id.
        step: u32,
    },
    /// Start the timer, or go on after a pause.
    StartTimer {
        /// The current step.
        step: u32,
    },
    /// Pause it.
    PauseTimer {
        /// The current step.
        step: u32,
    },
    /// Set the whole limit.
    ExtendTimer {
        /// The current step.
        step: u32,
        /// Seconds, 1 to 7,200.
        limit_s: u32,
    },
    /// Take casts.
    Open {
        /// The round's number.
        round: u32,
    },
    /// Ten more seconds, then the box is frozen.
    Close {
        /// The round's number.
        round: u32,
    },
    /// Take a close back.
    UndoClose {
        /// The round's number.
        round: u32,
    },
    /// Ask for what chair and scrutineer do together; what still waits gives way to it.
    Ask {
        /// The round's number.
        round: u32,
        /// One more than that of the last request of the round, from 1.
        number: u32,
        /// What.
        asked: CoSigned,
    },
    /// The scrutineer does not agree, with the scrutineer's session.
    Decline {
        /// The round's number.
        round: u32,
        /// Which request.
        number: u32,
        /// What it asks for.
        asked: CoSigned,
    },
    /// The chair takes it back.
    Withdraw {
        /// The round's number.
        round: u32,
        /// Which request.
        number: u32,
        /// What it asks for.
        asked: CoSigned,
    },
    /// Hold it again as the next round.
    Repeat {
        /// The void round's number.
        round: u32,
    },
    /// A new order of the steps.
    Reorder {
        /// Every step's id.
        steps: Vec<u32>,
    },
    /// Take out a step that is still to come.
    RemoveStep {
        /// A step's id.
        step: u32,
    },
    /// A subject did not come.
    SetAbsent {
        /// The subject's number.
        subject: u16,
        /// Whether absent.
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
    /// The scrutineer agrees, with the scrutineer's session.
    ConfirmReissue {
        /// The round's number.
        round: u32,
        /// Which one.
        number: u32,
    },
}

impl From<PlainWish> for Wish {
    fn from(wish: PlainWish) -> Self {
        Self::Plain(wish)
    }
}
