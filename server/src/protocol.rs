//! The wire: every message between a screen and the server; nothing outside this folder knows its JSON.
//! It decides nothing: what a role may see is decided in `view`, what a command does in `meeting`.
//! The types are exported to `web-client/src/protocol.ts`; a test holds that file fresh.

mod chair;
mod command;
mod joining;
mod plan;
mod problem;
mod result;
mod screens;
mod sealed;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use crate::store::CastVerdict;
pub use chair::*;
pub use command::*;
pub use joining::*;
pub use plan::*;
pub use problem::*;
pub use result::*;
pub use screens::*;
pub use sealed::*;

/// Raised whenever an old page would misread the wire; such a page reloads itself.
pub const PROTOCOL: u32 = 3;

/// Who a session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A phone with a seat.
    Voter,
    /// The chair (主持人), or a deputy with the chair's link.
    Chair,
    /// 计票人.
    Teller,
    /// 监票人.
    Scrutineer,
    /// 大屏.
    Projector,
}
