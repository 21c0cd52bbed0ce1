//! What a scrutineer confirms. For a publication the record that everybody can download is made first, so that its digest is on
//! the screens with the result.

use super::Preparer;
use crate::hub::NotDone;
use crate::view;
use pingyi_rules::meeting::{CoSigned, Command, RoundState};

impl Preparer<'_> {
    pub(super) async fn confirming(&self, number: u32, request: u32, asked: CoSigned) -> Result<Command, NotDone> {
        let meeting = self.meeting;
        let mut record = None;
        if let CoSigned::Publication { publication } = asked
            && let Some(round) = meeting.round(number)
            && round.waiting_request().is_some_and(|waiting| waiting.number == request && waiting.asked == asked)
            && matches!(round.state, RoundState::Certified | RoundState::Published)
        {
            let inputs = view::record::inputs(round);
            let made = self.hub.ballot_box.record(&meeting.id, number, &inputs, view::record::at(publication)).await;
            record = made.map_err(NotDone::Store)?.map(|made| made.public());
        }
        Ok(Command::Confirm { round: number, number: request, asked, record })
    }
}
