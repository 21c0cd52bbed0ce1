//! Papers issued anew in watched meetings: which new slip leads to which, and which phone has one. It is made of the meetings'
//! documents alone, so a restart loses nothing.

use std::collections::HashMap;
use std::sync::Mutex;

use super::{NotDone, held};
use crate::secret;
use crate::server_secret::ServerSecret;
use crate::store::{Digest, Seat};
use pingyi_rules::meeting::reissue::Reissue;
use pingyi_rules::meeting::{Command, Meeting, Refusal, Round};

/// Seats that no store has: those of papers issued anew, by round and number.
const SEATS_FROM: u32 = 1_000_000_000;
const SEATS_A_ROUND: u32 = 1_000;

/// Those that stay known of meetings that nobody watches.
const KEPT_MAX: usize = 20_000;

/// A paper issued anew, by meeting, round and number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReissuePlace {
    /// The meeting's id.
    pub meeting: String,
    /// The round's number.
    pub round: u32,
    /// Which one of it.
    pub number: u32,
    /// The seat of whoever takes it.
    pub seat: Seat,
}

/// What is known of them.
pub struct Reissued {
    /// Under which the documents have the slips.
    secret: ServerSecret,
    // A std mutex: held for a look-up, or while a meeting's few are written anew.
    index: Mutex<Index>,
}

#[derive(Default)]
struct Index {
    by_slip: HashMap<Digest, ReissuePlace>,
    by_credential: HashMap<Digest, Seat>,
}

fn read(hex: &str) -> Option<Digest> {
    data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()
}

impl Reissued {
    pub(super) fn new(secret: ServerSecret) -> Self {
        Self { secret, index: Mutex::default() }
    }

    /// Takes over what a meeting says now.
    pub(super) fn follow(&self, meeting: &Meeting) {
        let mut index = held(&self.index);
        index.by_slip.retain(|_, place| place.meeting != meeting.id);
        index.by_credential.retain(|_, seat| seat.meeting != meeting.id);
        for round in &meeting.rounds {
            for reissue in round.reissues.iter().filter(|reissue| reissue.is_confirmed) {
                let seat = Seat {
                    meeting: meeting.id.clone(),
                    seat: SEATS_FROM + round.number * SEATS_A_ROUND + reissue.number,
                    group: reissue.group.clone(),
                    leads_subject: reissue.leads_subject,
                };
                if let Some(credential) = reissue.credential.as_deref().and_then(read) {
                    index.by_credential.insert(credential, seat.clone());
                }
                if let Some(slip) = read(&reissue.slip) {
                    let (meeting, round, number) = (meeting.id.clone(), round.number, reissue.number);
                    index.by_slip.insert(slip, ReissuePlace { meeting, round, number, seat });
                }
            }
        }
    }

    /// A meeting is not watched any more. A phone that took one of its papers comes back with nothing but a credential, which
    /// names no meeting: so they stay known, unless there are too many.
    pub(super) fn let_go(&self, meeting: &str) {
        let mut index = held(&self.index);
        if index.by_slip.len() + index.by_credential.len() > KEPT_MAX {
            index.by_slip.retain(|_, place| place.meeting != meeting);
            index.by_credential.retain(|_, seat| seat.meeting != meeting);
        }
    }

    /// What a confirmed slip leads to, by its digest.
    #[must_use]
    pub fn by_slip(&self, slip: &Digest) -> Option<ReissuePlace> {
        held(&self.index).by_slip.get(&self.secret.kept_code(slip)).cloned()
    }

    /// The seat of a phone that took one.
    #[must_use]
    pub fn seat(&self, credential: &Digest) -> Option<Seat> {
        held(&self.index).by_credential.get(credential).cloned()
    }
}

/// The round and number of a seat of this kind; nothing for a seat that a store has.
#[must_use]
pub fn place_of(seat: &Seat) -> Option<(u32, u32)> {
    let place = seat.seat.checked_sub(SEATS_FROM)?;
    Some((place / SEATS_A_ROUND, place % SEATS_A_ROUND))
}

/// Papers that were issued anew to a group.
pub(super) fn count(round: &Round, group: &str) -> u32 {
    let issued = round.reissues.iter().filter(|reissue| reissue.has_papers && reissue.group == group).count();
    u32::try_from(issued).unwrap_or(u32::MAX)
}

/// The chair's wish, with the hash of the new slip as it is kept.
pub(super) fn asking(
    round: u32,
    number: u32,
    group: String,
    leads_subject: Option<u16>,
    slip: &str,
    ours: &ServerSecret,
) -> Result<Command, NotDone> {
    let slip = secret::typed_slip(slip).ok_or(NotDone::Refused(Refusal::OutOfRange))?;
    let slip = data_encoding::HEXLOWER.encode(&ours.kept_code(&secret::slip_digest(&slip)));
    let reissue = Reissue {
        number,
        group,
        leads_subject,
        slip,
        is_confirmed: false,
        credential: None,
        has_papers: false,
        request: None,
    };
    Ok(Command::AskReissue { round, reissue })
}
