//! What needs the scrutineer as well, as chair and scrutineer see it: what the chair asks for, and papers issued anew.

use super::result;
use crate::protocol::{ReissueView, RequestView};
use pingyi_rules::meeting::reissue::Reissue;
use pingyi_rules::meeting::request::RequestState;
use pingyi_rules::meeting::{Meeting, Phase, Round, RoundState};

/// What waits for the scrutineer, and what was declined last of the round of now.
pub(super) fn of(meeting: &Meeting) -> Vec<RequestView> {
    if meeting.phase == Phase::Archived {
        return Vec::new();
    }
    let of_now = meeting.round_of_now().map(|round| round.number);
    let view = |round: &Round| {
        let request = round.request.as_ref()?;
        let is_shown = match request.state {
            // A draft is void once its step is removed.
            RequestState::Waiting => round.state != RoundState::Void,
            RequestState::Declined => of_now == Some(round.number),
            RequestState::Confirmed | RequestState::Withdrawn => false,
        };
        is_shown.then(|| RequestView {
            round: round.number,
            number: request.number,
            asked: request.asked.clone(),
            state: request.state,
            accounts: result::accounts(meeting, round),
        })
    };
    meeting.rounds.iter().filter_map(view).collect()
}

/// The number that the next request of the round of now has.
pub(super) fn next_number(meeting: &Meeting) -> u32 {
    meeting.round_of_now().map_or(1, Round::next_request)
}

/// Papers issued anew in the round of now.
pub(super) fn reissues(meeting: &Meeting) -> Vec<ReissueView> {
    let view = |reissue: &Reissue| ReissueView {
        number: reissue.number,
        group: reissue.group.clone(),
        leads_subject: reissue.leads_subject,
        is_confirmed: reissue.is_confirmed,
        has_papers: reissue.has_papers,
    };
    meeting.round_of_now().map(|round| round.reissues.iter().map(view).collect()).unwrap_or_default()
}
