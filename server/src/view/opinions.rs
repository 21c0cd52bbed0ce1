//! What was written about the subjects of a round, and who may read it when (rule s65). It knows no voter; where a subject has
//! fewer opinions than the manifest's smallest number, not even how many there are is told.

use crate::protocol::{OpinionView, OpinionsRow, OpinionsView, Role};
use pingyi_rules::ballot::{Opinion, to_base64url};
use pingyi_rules::meeting::plan::Publication;
use pingyi_rules::meeting::{Round, RoundState};

/// Whether somebody of this role may read them: chair and scrutineers, once the result is released to the chair.
#[must_use]
pub fn may_read(role: Role, round: &Round) -> bool {
    let is_released = round.publication.is_some_and(|publication| publication >= Publication::Chair);
    matches!(role, Role::Chair | Role::Scrutineer) && round.state == RoundState::Published && is_released
}

/// What of a frozen box may be read; `opinions` are sorted by leaf.
#[must_use]
pub fn told(round: &Round, min: u32, opinions: &[Opinion]) -> OpinionsView {
    let row = |(contest, subject): (u16, &u16)| {
        let about = opinions.iter().filter(|opinion| opinion.contest == contest);
        let view = |opinion: &Opinion| OpinionView { n: to_base64url(&opinion.nonce), t: opinion.text.clone() };
        let written: Vec<OpinionView> = about.map(view).collect();
        let is_enough = written.len() >= min.max(1) as usize;
        OpinionsRow { subject: *subject, opinions: is_enough.then_some(written) }
    };
    OpinionsView { round: round.number, min, rows: (1..).zip(&round.subjects).map(row).collect() }
}
