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

pub use crate::store::CastVerdict;
pub use chair::*;
pub use command::*;
pub use joining::*;
pub use plan::*;
pub use problem::*;
pub use result::*;
pub use screens::*;
pub use sealed::*;

// Domain types that travel as they are: the wire has no spelling of its own for them, and stores name them without it.
pub use crate::durability::Durability;
pub use crate::inventory::{Destroyed, InventoryKind, InventoryLine, InventoryPlace};
pub use crate::role::Role;

/// Raised whenever an old page would misread the wire; such a page reloads itself.
pub const PROTOCOL: u32 = 3;
