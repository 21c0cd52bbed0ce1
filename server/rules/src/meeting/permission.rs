//! Who may wish what: said for each wish, so that a new one is nobody's before somebody says whose it is. Where two must agree,
//! each link does its own half alone (rule m15).

use super::links::LinkRole;
use super::paper::EnteredBy;
use super::wish::{PlainWish, Wish};

/// Whether a role may wish it.
#[must_use]
pub fn may(role: LinkRole, wish: &Wish) -> bool {
    match wish {
        Wish::Plain(wish) => may_plainly(role, wish),
        Wish::Arm { .. }
        | Wish::CloseWithout { .. }
        | Wish::AddStep { .. }
        | Wish::ErasePeople
        | Wish::ImportComponents { .. }
        | Wish::AskReissue { .. } => role == LinkRole::Chair,
        Wish::Confirm { .. } => role == LinkRole::Scrutineer,
        Wish::IssuePaper { .. } => matches!(role, LinkRole::Chair | LinkRole::Teller),
        Wish::EnterPaper { by: EnteredBy::Teller, .. } => role == LinkRole::Teller,
        Wish::EnterPaper { by: EnteredBy::Scrutineer, .. } => role == LinkRole::Scrutineer,
    }
}

fn may_plainly(role: LinkRole, wish: &PlainWish) -> bool {
    match wish {
        PlainWish::OpenCheckin
        | PlainWish::Begin
        | PlainWish::GoTo { .. }
        | PlainWish::StartTimer { .. }
        | PlainWish::PauseTimer { .. }
        | PlainWish::ExtendTimer { .. }
        | PlainWish::Open { .. }
        | PlainWish::Close { .. }
        | PlainWish::UndoClose { .. }
        | PlainWish::Ask { .. }
        | PlainWish::Withdraw { .. }
        | PlainWish::Repeat { .. }
        | PlainWish::Reorder { .. }
        | PlainWish::RemoveStep { .. }
        | PlainWish::SetAbsent { .. }
        | PlainWish::SetScene { .. }
        | PlainWish::CloseMeeting
        | PlainWish::Archive => role == LinkRole::Chair,
        PlainWish::Decline { .. } | PlainWish::ConfirmReissue { .. } => role == LinkRole::Scrutineer,
    }
}
