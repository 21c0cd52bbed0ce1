//! The history of a meeting: one line a change. What a line keeps of its command is said here for each of them, and so is the
//! name by which the chair's page tells it: a new command is neither remembered nor named by default.

use serde::{Deserialize, Serialize};

use super::command::Command;
use super::paper::PaperCount;
use super::reissue::Reissue;
use super::wish::PlainWish;

/// Most entries the history keeps; a meeting of a thousand steps needs fewer.
pub const HISTORY_MAX: usize = 20_000;

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// What was commanded.
    pub command: Command,
}

impl Command {
    /// As the history keeps it: without what only a phone has, and without marks.
    #[must_use]
    pub fn remembered(&self) -> Self {
        match self.clone() {
            Self::Plain(wish) => Self::Plain(wish.remembered()),
            Self::EnterPaper { round, group, by, .. } => {
                Self::EnterPaper { round, group, by, count: PaperCount::default() }
            }
            Self::ImportComponents { round, rows, .. } => Self::ImportComponents { round, rows, imported: Vec::new() },
            Self::AskReissue { round, reissue } => {
                Self::AskReissue { round, reissue: Reissue { slip: String::new(), ..reissue } }
            }
            Self::TakeReissue { round, number, .. } => Self::TakeReissue { round, number, credential: String::new() },
            Self::NoteReissue { round, number, .. } => Self::NoteReissue { round, number, request: String::new() },
            Self::SeatAtKiosk { round, .. } => {
                Self::SeatAtKiosk { round, group: String::new(), credential: String::new() }
            }
            Self::NoteLinks { .. } => Self::NoteLinks { links: Vec::new() },
            whole @ (Self::Arm { .. }
            | Self::CloseWithout { .. }
            | Self::Confirm { .. }
            | Self::AddStep { .. }
            | Self::ErasePeople { .. }
            | Self::IssuePaper { .. }
            | Self::Freeze { .. }
            | Self::ReplaceSlips { .. }
            | Self::GiveLink { .. }
            | Self::WithdrawLink { .. }
            | Self::Certify { .. }
            | Self::Publish { .. }
            | Self::Void { .. }) => whole,
        }
    }

    /// What the line is called: the command's name on the wire, with who entered or printed, what was asked for, or whose link
    /// it was, as `ask_certificate`.
    #[must_use]
    pub fn name(&self) -> String {
        let name = match self {
            Self::Plain(wish) => return wish.name(),
            Self::Confirm { asked, .. } => return format!("confirm_{}", asked.name()),
            Self::EnterPaper { by, .. } => return format!("enter_paper_{}", by.name()),
            Self::ReplaceSlips { by, .. } => return format!("replace_slips_{}", by.name()),
            Self::GiveLink { link } => return format!("give_link_{}", link.role.name()),
            Self::Arm { .. } => "arm",
            Self::CloseWithout { .. } => "close_without",
            Self::AddStep { .. } => "add_step",
            Self::ErasePeople { .. } => "erase_people",
            Self::IssuePaper { .. } => "issue_paper",
            Self::ImportComponents { .. } => "import_components",
            Self::AskReissue { .. } => "ask_reissue",
            Self::Freeze { .. } => "freeze",
            Self::SeatAtKiosk { .. } => "seat_at_kiosk",
            Self::TakeReissue { .. } => "take_reissue",
            Self::NoteReissue { .. } => "note_reissue",
            Self::NoteLinks { .. } => "note_links",
            Self::WithdrawLink { .. } => "withdraw_link",
            Self::Certify { .. } => "certify",
            Self::Publish { .. } => "publish",
            Self::Void { .. } => "void",
        };
        name.to_owned()
    }
}

impl PlainWish {
    fn remembered(self) -> Self {
        // Whole, each of these. Of a new one it is to be said here.
        let (Self::OpenCheckin
        | Self::Begin
        | Self::GoTo { .. }
        | Self::StartTimer { .. }
        | Self::PauseTimer { .. }
        | Self::ExtendTimer { .. }
        | Self::Open { .. }
        | Self::Close { .. }
        | Self::UndoClose { .. }
        | Self::Ask { .. }
        | Self::Decline { .. }
        | Self::Withdraw { .. }
        | Self::Repeat { .. }
        | Self::Reorder { .. }
        | Self::RemoveStep { .. }
        | Self::SetAbsent { .. }
        | Self::SetScene { .. }
        | Self::CloseMeeting
        | Self::Archive
        | Self::ConfirmReissue { .. }) = &self;
        self
    }

    fn name(&self) -> String {
        let name = match self {
            Self::Ask { asked, .. } => return format!("ask_{}", asked.name()),
            Self::Decline { asked, .. } => return format!("decline_{}", asked.name()),
            Self::Withdraw { asked, .. } => return format!("withdraw_{}", asked.name()),
            Self::OpenCheckin => "open_checkin",
            Self::Begin => "begin",
            Self::GoTo { .. } => "go_to",
            Self::StartTimer { .. } => "start_timer",
            Self::PauseTimer { .. } => "pause_timer",
            Self::ExtendTimer { .. } => "extend_timer",
            Self::Open { .. } => "open",
            Self::Close { .. } => "close",
            Self::UndoClose { .. } => "undo_close",
            Self::Repeat { .. } => "repeat",
            Self::Reorder { .. } => "reorder",
            Self::RemoveStep { .. } => "remove_step",
            Self::SetAbsent { .. } => "set_absent",
            Self::SetScene { .. } => "set_scene",
            Self::CloseMeeting => "close_meeting",
            Self::Archive => "archive",
            Self::ConfirmReissue { .. } => "confirm_reissue",
        };
        name.to_owned()
    }
}
