//! Paper sheets of a watched meeting: handed out within those who are entitled, and added up before anything is kept.

use super::Preparer;
use crate::hub::NotDone;
use crate::hub::show::heads_of;
use pingyi_rules::meeting::heads::heads;
use pingyi_rules::meeting::paper::{EnteredBy, PaperCount, PaperEntry};
use pingyi_rules::meeting::{Command, Refusal};

impl Preparer<'_> {
    /// So many sheets are handed out; together with the papers of phones they are at most for everybody entitled (rule a4).
    pub(super) async fn issuing_paper(&self, number: u32, group: String, sheets: u32) -> Result<Command, NotDone> {
        let refused = |refusal| NotDone::Refused(refusal);
        let meeting = self.meeting;
        let round = meeting.round(number).ok_or(refused(Refusal::UnknownRound))?;
        let entitled = meeting.plan_of(round).group(&group).ok_or(refused(Refusal::OutOfRange))?.entitled;
        let seats = self.hub.store.seat_counts(&meeting.id, number).await.map_err(NotDone::Store)?;
        let on_phones = heads(&heads_of(&seats), &group, &round.merged);
        // Before papers are issued everybody who sits is going to have them.
        let phones = if round.manifest_hash.is_some() { on_phones.issued } else { on_phones.present };
        let before = round.paper.issued_to(std::slice::from_ref(&group));
        if sheets > before && u64::from(phones) + u64::from(sheets) > u64::from(entitled) {
            return Err(refused(Refusal::TooMuchPaper));
        }
        Ok(Command::IssuePaper { round: number, group, sheets })
    }

    /// Sheets are added up here and nowhere kept.
    pub(super) fn entering_paper(
        &self,
        number: u32,
        group: String,
        by: EnteredBy,
        entry: PaperEntry,
    ) -> Result<Command, NotDone> {
        let meeting = self.meeting;
        let round = meeting.round(number).ok_or(NotDone::Refused(Refusal::UnknownRound))?;
        let count = match entry {
            PaperEntry::Totals { count } => count,
            PaperEntry::Sheets { sheets } => {
                let plan = meeting.plan_of(round);
                PaperCount::of_sheets(&plan, &round.subjects, &sheets).map_err(NotDone::Refused)?
            }
        };
        Ok(Command::EnterPaper { round: number, group, by, count })
    }
}
