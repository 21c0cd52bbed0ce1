//! A new meeting from its plan and its seats: the id, the links of its roles and the codes of its voters are made here,
//! given to whoever created it, and never stored but as digests.

use serde::{Deserialize, Serialize};

use crate::channel;
use crate::links;
use crate::randomness::NoRandomness;
use crate::role::Role;
use crate::secret;
use crate::server_secret::ServerSecret;
use crate::store::{NewMeeting, NewSeat};
use pingyi_rules::meeting::plan::{Admission, EntitledSeat, Plan};
use pingyi_rules::meeting::{Links, Meeting};

/// What a server is asked to make: `POST /api/meetings` with the operator key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingRequest {
    /// The plan, checked by the folder's reader.
    pub plan: Plan,
    /// The entitled voters.
    pub seats: Vec<EntitledSeat>,
}

/// What the creator gets, once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Handout {
    /// The meeting's id.
    pub meeting: String,
    /// The hash of the key that requests about it are sealed to; it is in every link.
    pub key_hash: String,
    /// The capability of each role.
    pub capabilities: Vec<(Role, String)>,
    /// The code of each seat, by seat; empty in an open meeting.
    pub codes: Vec<SeatCode>,
}

/// One voter's code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeatCode {
    /// The seat.
    pub seat: u32,
    /// A slip's ten characters, or a roster's six digits.
    pub code: String,
}

/// The roles that get a link.
const ROLES: [Role; 4] = [Role::Chair, Role::Projector, Role::Teller, Role::Scrutineer];

/// Makes a meeting that can be stored, and what its creator gets.
///
/// # Errors
/// [`NoRandomness`].
pub fn make(request: MeetingRequest, ours: &ServerSecret) -> Result<(NewMeeting, Handout), NoRandomness> {
    let MeetingRequest { plan, seats } = request;
    with_secrets(Meeting::new(secret::meeting_id()?, plan), seats, ours)
}

/// A meeting with links and codes of its own: a new one, or one that comes back from its archive.
///
/// # Errors
/// [`NoRandomness`].
pub fn with_secrets(
    mut meeting: Meeting,
    seats: Vec<EntitledSeat>,
    ours: &ServerSecret,
) -> Result<(NewMeeting, Handout), NoRandomness> {
    let id = meeting.id.clone();
    let admission = meeting.plan.admission;
    let mut codes = Vec::with_capacity(seats.len());
    let mut new_seats = Vec::with_capacity(seats.len());
    for entitled in seats {
        let seat = entitled.seat;
        let (code, digest) = match admission {
            Admission::Roster => {
                let code = secret::personal_code()?;
                let digest = secret::personal_digest(&id, seat, &code);
                (code, digest)
            }
            // An open seat is taken without a code; it has one all the same, which nobody knows.
            Admission::Slips | Admission::Open => {
                let code = secret::slip()?;
                let digest = secret::slip_digest(&code);
                (code, digest)
            }
        };
        if admission != Admission::Open {
            codes.push(SeatCode { seat, code });
        }
        new_seats.push(NewSeat { entitled: stored_seat(admission, entitled), code: digest });
    }
    let mut capabilities = Vec::with_capacity(ROLES.len());
    for role in ROLES {
        capabilities.push((role, secret::token()?));
    }
    let digests: Vec<_> =
        capabilities.iter().map(|(role, secret)| (*role, secret::capability_digest(secret))).collect();
    meeting.links = Links(Some(links::of_creation(&digests)));
    let key_hash = channel::hash_for(ours, &id);
    let handout = Handout { meeting: id, key_hash, capabilities, codes };
    Ok((NewMeeting { meeting, seats: new_seats, links: digests }, handout))
}

/// Only a roster's seats have a name, a role and a branch of their own: slips are drawn from a pile, and no list joins slip
/// and person.
fn stored_seat(admission: Admission, entitled: EntitledSeat) -> EntitledSeat {
    match admission {
        Admission::Roster => entitled,
        Admission::Slips | Admission::Open => {
            EntitledSeat { name: String::new(), role: String::new(), leads_subject: None, ..entitled }
        }
    }
}

impl Handout {
    /// The link of a role on a server.
    #[must_use]
    pub fn link(&self, base_url: &str, role: Role) -> Option<String> {
        let page = match role {
            Role::Projector => "screen",
            Role::Chair | Role::Teller | Role::Scrutineer => "chair",
            Role::Voter => return None,
        };
        let (_, capability) = self.capabilities.iter().find(|(known, _)| *known == role)?;
        let Self { meeting, key_hash, .. } = self;
        Some(format!("{base_url}/{page}#k={capability}&m={meeting}&h={key_hash}"))
    }

    /// Where phones join, for a code to scan.
    #[must_use]
    pub fn join_link(&self, base_url: &str) -> String {
        channel::join_link(base_url, &self.meeting, &self.key_hash)
    }

    /// Where a slip leads.
    #[must_use]
    pub fn slip_link(&self, base_url: &str, code: &str) -> String {
        format!("{base_url}/m/{}#s={code}&h={}", self.meeting, self.key_hash)
    }
}
