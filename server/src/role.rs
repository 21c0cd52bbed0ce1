//! Who somebody is in a meeting. Links, sessions, stores and the wire name a role; what each may do or see is decided elsewhere.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
