//! The end of a meeting's people: what the box signed comes into the meeting before its keys are destroyed.

use super::Preparer;
use crate::hub::NotDone;
use crate::view;
use pingyi_rules::ballot::record::RecordAudience;
use pingyi_rules::meeting::round::{RecordSignature, RoundSignatures};
use pingyi_rules::meeting::{Command, Phase, Refusal, Round, RoundState};

impl Preparer<'_> {
    /// The command with all that the box signed: without its keys no record could be made any more (rule s61).
    pub(super) async fn erasing(&self) -> Result<Command, NotDone> {
        let meeting = self.meeting;
        if meeting.phase != Phase::Archived {
            return Err(NotDone::Refused(Refusal::WrongPhase));
        }
        let mut signatures = Vec::new();
        let with_record = |round: &&Round| {
            matches!(round.state, RoundState::Certified | RoundState::Published) && !meeting.people_erased
        };
        for round in meeting.rounds.iter().filter(with_record) {
            signatures.push(RoundSignatures { round: round.number, signatures: self.signed(round).await? });
        }
        Ok(Command::ErasePeople { signatures })
    }

    async fn signed(&self, round: &Round) -> Result<Vec<RecordSignature>, NotDone> {
        let inputs = view::record::inputs(round);
        let mut signed: Vec<RecordSignature> = Vec::new();
        for audience in [RecordAudience::Whole, RecordAudience::Public, RecordAudience::Withheld] {
            let made = self.hub.ballot_box.record(&self.meeting.id, round.number, &inputs, audience).await;
            let of = made.map_err(NotDone::Store)?.map(|made| made.signature());
            signed.extend(of.filter(|of| !signed.contains(of)));
        }
        Ok(signed)
    }
}
