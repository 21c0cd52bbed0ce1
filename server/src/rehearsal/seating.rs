//! Who comes with which proof: slips are drawn from the pile of a voter's group, roster codes are everybody's own, an open
//! meeting asks for the group. The draw is here and nowhere else, so nothing on the server joins slip and person.

use rand::seq::SliceRandom;

use super::phone::Voter;
use super::sheets::SheetSource;
use crate::creation::{Handout, SeatCode};
use crate::folder::Folder;
use crate::protocol::JoinBy;
use pingyi_rules::meeting::plan::{Admission, EntitledSeat};

/// Everybody of the folder who comes with a phone, or to the shared tablet, with a proof and a sheet.
#[must_use]
pub fn voters(folder: &Folder, handout: &Handout, sheets: &SheetSource) -> Vec<Voter> {
    let coming = folder.seats.iter().filter(|seat| seat.present).collect();
    seated(folder, handout, sheets, coming).0
}

/// Those of the folder who come with a phone, or to the shared tablet, and the codes that nobody of them drew.
#[must_use]
pub fn seated(
    folder: &Folder,
    handout: &Handout,
    sheets: &SheetSource,
    coming: Vec<&EntitledSeat>,
) -> (Vec<Voter>, Vec<SeatCode>) {
    let group_of = |seat: u32| folder.seats.iter().find(|known| known.seat == seat).map(|known| known.group.as_str());
    let mut pile: Vec<SeatCode> = handout.codes.clone();
    if folder.plan.admission == Admission::Slips {
        pile.shuffle(&mut rand::rng());
    }
    let mut voters = Vec::with_capacity(coming.len());
    for seat in coming.into_iter().filter(|seat| sheets.on_paper(seat.seat).is_none()) {
        let fits = |code: &SeatCode| match folder.plan.admission {
            Admission::Slips => group_of(code.seat) == Some(seat.group.as_str()),
            Admission::Roster | Admission::Open => code.seat == seat.seat,
        };
        let drawn = pile.iter().position(fits).map(|at| pile.remove(at));
        let meeting = handout.meeting.clone();
        let by = match (folder.plan.admission, drawn) {
            (Admission::Slips, Some(drawn)) => JoinBy::Slip { code: drawn.code },
            (Admission::Roster, Some(drawn)) => JoinBy::Roster { meeting, seat: seat.seat, code: drawn.code },
            (Admission::Open, _) => JoinBy::Open { meeting, group: seat.group.clone() },
            // A handout of another folder has no code for this voter, who therefore stays outside.
            (Admission::Slips | Admission::Roster, None) => continue,
        };
        let marks = sheets.of(&folder.plan, seat.seat, seat.leads_subject);
        voters.push(Voter { by, leads: seat.leads_subject, marks, at_kiosk: sheets.at_kiosk(seat.seat) });
    }
    (voters, pile)
}
