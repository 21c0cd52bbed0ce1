//! What changes a meeting: a wish, with what the server adds to it, or what the server itself has to say. Each command names what
//! it acts on, so that repeating it changes nothing. Histories keep commands in this form, and digests cover it: it stays.

use serde::{Deserialize, Serialize};

use super::accounting::Accounting;
use super::links::Link;
use super::paper::{EnteredBy, PaperCount};
use super::plan::{Publication, Step};
use super::reissue::Reissue;
use super::request::CoSigned;
use super::round::{LeftOutServer, PublicRecord, RoundSignatures, SmallGroups};
use super::slips::PrintedBy;
use super::tally::Tally;
use super::wish::PlainWish;
use crate::scoring::Imported;

/// A change of a meeting. First the wishes that the server adds something to, in the order of [`Wish`](super::Wish); then what
/// the server says; then what only histories from before have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[serde(expecting = "no command of this name has these fields")]
pub enum Command {
    /// Freeze what decides the result, and issue papers.
    Arm {
        /// The round's number.
        round: u32,
        /// SHA-256 of the manifest, 64 hex digits.
        manifest_hash: String,
        /// Its fingerprint.
        fingerprint: String,
        /// The box key's signature of it, base64url; nothing in histories of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        promise: Option<String>,
        /// Who is there at this moment.
        accounting: Accounting,
        /// What to do where a group is too small to be secret.
        small_groups: SmallGroups,
        /// The groups that vote as one.
        #[serde(default)]
        merged: Vec<Vec<String>>,
    },
    /// Count without servers that took sheets and do not come back.
    CloseWithout {
        /// The round's number.
        round: u32,
        /// The servers, each with what is at stake.
        servers: Vec<LeftOutServer>,
    },
    /// The scrutineer agrees, and it is done.
    Confirm {
        /// The round's number.
        round: u32,
        /// Which request.
        number: u32,
        /// What it asks for: nobody agrees to something else than was read.
        asked: CoSigned,
        /// For a publication: the record that everybody can download from now on.
        #[serde(default)]
        record: Option<PublicRecord>,
    },
    /// Put a further step into the agenda.
    AddStep {
        /// The step, with an id that is new.
        step: Step,
        /// The id of the step that it follows; 0 for the first place.
        after: u32,
    },
    /// Destroy what is kept of its people.
    ErasePeople {
        /// What the box signed of each round that has a record: its keys are among what is destroyed.
        signatures: Vec<RoundSignatures>,
    },
    /// So many paper sheets were handed out to a group in all.
    IssuePaper {
        /// The round's number.
        round: u32,
        /// The group of the round.
        group: String,
        /// All that it has, which makes a repeat harmless.
        sheets: u32,
    },
    /// The paper of a group was counted by one of two people.
    EnterPaper {
        /// The round's number.
        round: u32,
        /// The group of the round.
        group: String,
        /// By whom.
        by: EnteredBy,
        /// What is on it, added up.
        count: PaperCount,
    },
    /// The components that the score is combined with were imported, in place of those before.
    ImportComponents {
        /// The round's number.
        round: u32,
        /// How many rows: what the history keeps of it.
        rows: u32,
        /// The rows.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        imported: Vec<Imported>,
    },
    /// A voter lost the papers: others are asked for.
    AskReissue {
        /// The round's number.
        round: u32,
        /// For whom, and the next number of the round.
        reissue: Reissue,
    },
    /// The box is frozen and counted: said by the server, never by a person.
    Freeze {
        /// The round's number.
        round: u32,
        /// The closed accounts.
        accounting: Accounting,
        /// What was counted.
        tally: Tally,
    },
    /// A seat was taken at a shared tablet: said by the server.
    SeatAtKiosk {
        /// The open round.
        round: u32,
        /// The seat's group.
        group: String,
        /// The hash of its credential, hex.
        credential: String,
    },
    /// A phone took it: said by the server.
    TakeReissue {
        /// The round's number.
        round: u32,
        /// Which one.
        number: u32,
        /// The hash of the phone's credential, hex.
        credential: String,
    },
    /// Its papers are issued: said by the server, before a signature leaves.
    NoteReissue {
        /// The round's number.
        round: u32,
        /// Which one.
        number: u32,
        /// The digest of the request, hex.
        request: String,
    },
    /// The unused slips of a group were replaced: they open nothing any more.
    ReplaceSlips {
        /// The group's id.
        group: String,
        /// Which series the new ones are, from 1.
        series: u32,
        /// How many there are.
        slips: u32,
        /// Who printed them.
        by: PrintedBy,
    },
    /// The links of a meeting from before they were noted: said by the server.
    NoteLinks {
        /// All that its store has.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        links: Vec<Link>,
    },
    /// A role has one more link: said by the server.
    GiveLink {
        /// The link.
        link: Link,
    },
    /// The operator took a link back.
    WithdrawLink {
        /// Its id.
        link: String,
    },
    /// The chair alone certified: only in the history of a meeting from before [`Command::Ask`], and refused.
    Certify {
        /// The round's number.
        round: u32,
    },
    /// The chair alone published: only in such a history, and refused.
    Publish {
        /// The round's number.
        round: u32,
        /// Who sees it.
        publication: Publication,
        /// The record that everybody can download from now on.
        #[serde(default)]
        record: Option<PublicRecord>,
    },
    /// The chair alone declared it void: only in such a history, and refused.
    Void {
        /// The round's number.
        round: u32,
        /// Why, 1 to 200 characters.
        reason: String,
    },
    /// A wish as it was sent.
    #[serde(untagged)]
    Plain(PlainWish),
}

impl From<PlainWish> for Command {
    fn from(wish: PlainWish) -> Self {
        Self::Plain(wish)
    }
}
