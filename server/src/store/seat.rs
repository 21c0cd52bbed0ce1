//! Seats, papers and slips, as [`SeatStore`](super::SeatStore) is asked for them and answers.

use super::Digest;

/// A wish to sit down.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What proves the entitlement.
    pub by: ClaimBy,
    /// The hash of the phone's credential.
    pub credential: Digest,
    /// The subject that the voter says to lead; `Some(0)` for none of them, `None` where the voter was not asked.
    pub leads_subject: Option<u16>,
}

/// What proves the entitlement.
#[derive(Clone, Debug)]
pub enum ClaimBy {
    /// A slip, or a roster's seat with its personal code: the hash that [`NewSeat::code`] holds.
    Code(Digest),
    /// The next free seat of a group, in an open meeting.
    Open {
        /// The meeting's id.
        meeting: String,
        /// The group's id.
        group: String,
    },
}

/// A seat that somebody took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The meeting's id.
    pub meeting: String,
    /// The seat's number.
    pub seat: u32,
    /// The group's id.
    pub group: String,
    /// The subject for which this seat gets no ballot where own branches are recused.
    pub leads_subject: Option<u16>,
}

/// The outcome of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// The seat is this phone's, now or since before.
    Seated(Seat),
    /// The group has leaders and the claim did not say whom it leads: ask, then claim again. Nothing was changed.
    WhichBranch {
        /// The meeting's id.
        meeting: String,
        /// The group's id.
        group: String,
        /// Subjects led by somebody of this group that nobody has claimed, ascending.
        subjects: Vec<u16>,
        /// Whether the group has more seats than leaders.
        none_allowed: bool,
    },
    /// No such code, or no such meeting or group.
    Unknown,
    /// Another credential sits there.
    Taken,
    /// Another seat leads this subject.
    BranchIsTaken,
    /// Every seat of the group is taken.
    Full,
    /// The stored meeting is a draft: phones cannot join yet. Nothing was changed.
    NotYetOpen,
    /// The stored meeting is closed or archived. Nothing was changed; who sits already is still answered `Seated`.
    MeetingIsOver,
}

/// The outcome of a request for papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issued {
    /// The seat is noted as issued with this digest, now or since before: sign.
    Sign,
    /// The seat asked with another digest before: refuse.
    OtherPapers,
    /// The round issues no papers.
    NotNow,
}

/// Head counts of one group, from seats and papers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeatCount {
    /// Seats taken.
    pub present: u32,
    /// Seats taken whose voter leads a subject.
    pub leaders_present: u32,
    /// Seats with papers of the round.
    pub issued: u32,
    /// The series that the group's slips are of: 0 for the first one.
    pub slip_series: u32,
    /// Slips that were replaced, over all series.
    pub slips_void: u32,
}

/// Which series a group's slips are of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SlipSeries {
    pub(super) group: String,
    pub(super) series: u32,
    /// Slips that were replaced until now.
    pub(super) void: u32,
}

/// New codes for the free seats of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSlips {
    /// The group's id.
    pub group: String,
    /// One more than the series that the group's slips are of now; the first slips are series 0.
    pub series: u32,
    /// What [`NewSeat::code`] holds, one a free seat: the first one is for the lowest seat, so whoever asks shuffles them.
    pub codes: Vec<Digest>,
}

/// The outcome of giving new codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlipsReplaced {
    /// The free seats have them from this step on, and the document is stored, under this version.
    Now(u32),
    /// The group's slips are these since before. Nothing was changed.
    Before,
    /// So many seats of the group are free, which is another number. Nothing was changed.
    SeatsFree(u32),
    /// It is not the next series of the group, or a code comes twice or is somebody's already. Nothing was changed.
    Another,
    /// The stored meeting does not let phones in by slips, or is over. Nothing was changed.
    NotNow,
    /// Somebody else changed the meeting first: load again.
    Stale,
    /// There is no such meeting.
    Unknown,
}
