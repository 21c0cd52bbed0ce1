//! The manifest: everything that decides the result of one round, frozen before the first ballot, and public.
//! Its hash M is in every token, ballot and receipt, so that none fits another round. It knows no seat and no head count.

use serde::{Deserialize, Serialize};

use super::edition::Edition;
use crate::form::{Live, Mark, OwnBranch, SheetRules};

/// The format that this code writes; it reads those of every [`Edition`].
pub const FORMAT: &str = Edition::Second.manifest();
/// Most rows of a sheet.
pub const ROWS_MAX: usize = 200;
/// Most groups.
pub const GROUPS_MAX: usize = 16;
/// Most marks of a scale: every whole number to 100, and some beside them.
pub const MARKS_MAX: usize = 112;
/// Most bytes of a manifest: keys for every row and group, and the texts.
pub const MANIFEST_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Longest group id, in ASCII letters and digits.
pub const GROUP_ID_MAX: usize = 8;
/// The contest of the sheet itself: it makes 收回 countable.
pub const SHEET: u16 = 0;

/// Everything that decides the result of one round. Its canonical bytes are what voters, projector and verifiers agree on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// That of an [`Edition`].
    pub format: String,
    /// The meeting's id, 1 to 64 of `A-Z a-z 0-9 - _`.
    pub meeting: String,
    /// What the banner says, 1 to 80 characters.
    pub title: String,
    /// The round's number in the meeting, from 1.
    pub round: u32,
    /// The rows of the sheet, numbered 1…n in order. Contest 0, the sheet, is always there and never listed.
    pub contests: Vec<Contest>,
    /// The groups, 1 to [`GROUPS_MAX`], in the order in which they are printed; their weights add up to 10,000.
    pub groups: Vec<ManifestGroup>,
    /// The marks, 2 to [`MARKS_MAX`], best first, at least one of them a grade.
    pub scale: Vec<Mark>,
    /// What each row is marked by, 2 to [`ITEMS_MAX`](crate::form::items::ITEMS_MAX), each weighing as the scoring rules say; none where a row has one overall
    /// mark, and then it is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ManifestItem>,
    /// Whether a reporter marks the own branch.
    pub own_branch: OwnBranch,
    /// What a sheet must satisfy.
    pub sheet_rules: SheetRules,
    /// The scoring rules as the scoring module writes them: integers, strings and nesting only.
    pub scoring: serde_json::Value,
    /// The smallest number of ballots for which a group's figures are shown, 1 to 1,000.
    pub k_min: u32,
    /// Whether a voter may write an opinion about each subject.
    pub opinions: bool,
    /// The smallest number of opinions about a subject that are shown, 1 to 1,000.
    pub opinions_min: u32,
    /// Whether figures by group are shown at all: a group too small at arming makes them totals only.
    pub group_columns: GroupColumns,
    /// What the projector shows while the round is open.
    pub live: Live,
    /// The pool rule's k, 1 to 1,000.
    pub pool_k: u32,
    /// Who gets the ballots of the record.
    pub record: Record,
    /// How many papers may be issued anew to voters who lost theirs, 0 to 1,000.
    pub reissues_max: u32,
    /// A key for every contest, 0 included, and group: in the order of the contests, then of the groups.
    pub keys: Vec<ManifestKey>,
    /// The Ed25519 key that signs receipts and the record, base64url.
    pub box_key: String,
    /// The X25519 key that casts are sealed to on their way, base64url.
    pub seal_key: String,
}

/// A row of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// Its number, 1 to [`ROWS_MAX`].
    pub c: u16,
    /// The subject's id in the meeting, 1 to 65,535.
    pub subject: u16,
    /// As `第一党支部`, 1 to 60 characters.
    pub branch: String,
    /// Who reports, 1 to 40 characters.
    pub secretary: String,
    /// The places of the items that do not apply, from 0, ascending; never all of them, and left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<u16>,
}

/// One of several criteria by which a row is marked. Which subjects it does not apply to, each [`Contest`] says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestItem {
    /// As `政治建设`, 1 to 40 characters.
    pub label: String,
    /// As `Political work`, up to 60 characters; empty for none.
    pub label_en: String,
}

/// A group of voters, without any head count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestGroup {
    /// 1 to [`GROUP_ID_MAX`] ASCII letters or digits.
    pub id: String,
    /// As `党委委员`, 1 to 40 characters.
    pub name: String,
    /// Basis points, 0 to 10,000.
    pub weight_bp: u32,
    /// Whether some of its voters get no ballot for one row; where that row is the only one, they get no paper at all.
    pub recuses: bool,
}

/// Whether figures by group are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupColumns {
    /// By group, but for those below `k_min`.
    Shown,
    /// Totals only.
    TotalsOnly,
}

/// Who gets the ballots of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// Everybody.
    Open,
    /// The scrutineers; the public gets the leaves.
    Sealed,
}

/// A token key in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestKey {
    /// The contest, 0 for the sheet.
    pub c: u16,
    /// The group's id.
    pub g: String,
    /// The key's `SubjectPublicKeyInfo` in DER, base64url.
    pub spki: String,
}
