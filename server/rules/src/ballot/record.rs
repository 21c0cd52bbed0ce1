//! The record of a round: one file of canonical JSON from which anybody can count again. Its format is described in RECORD.md
//! beside this file. Pure: made from the manifest, head counts and the frozen box alone, so the same bytes come out every time.

mod combined;
mod count;
mod file;
mod paper;
mod reason;

pub use combined::ImportedRow;
pub(crate) use combined::{fits as imported_fits, totals};
pub use count::{ContestCount, Counted, counted, put, rules};
pub(crate) use count::{nothing, published};
pub(super) use count::{rows_told, told};
pub use file::{RecordFile, RecordParts, parse};
pub use paper::{PaperGroup, PaperRow};
pub use reason::Reason;
pub(super) use reason::{fit as reasons_fit, of as reasons_of};

use std::collections::BTreeMap;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::canonical::canonical;
use super::{Ballot, BoxItem, Edition, Frozen, Opinion, merkle, sha256, to_base64url};

/// Most bytes of a record: 10,000 voters with 70 rows need 450 MB.
pub const RECORD_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// Most papers, sheets or paper ballots that a record tells of one group.
pub const COUNT_MAX: u32 = 1_000_000;
/// Most servers that a record names as left out.
pub const LEFT_OUT_MAX: usize = 100;

/// The same in every edition: the head, which is signed, says which one it is.
const SIGNATURE_DOMAIN: &[u8] = b"pingyi-record/1\0";

/// The papers of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuance {
    /// The group's id.
    pub g: String,
    /// Voters entitled (应到).
    pub eligible: u32,
    /// Seats with papers (发出).
    pub issued: u32,
    /// Papers issued anew to voters who lost theirs.
    pub reissued: u32,
}

/// A server that took sheets and that the count did not wait for (rule m12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// What people call it, up to 80 characters.
    pub name: String,
    /// Its id, 1 to 64 of `A-Z a-z 0-9 - _`.
    pub server: String,
    /// Sheets that it took: so many at most are not counted.
    pub sheets: u32,
}

/// What a frozen box holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoxContents {
    /// Its ballots.
    pub ballots: Vec<Ballot>,
    /// What was written. A record has the leaves of it only.
    pub opinions: Vec<Opinion>,
}

impl BoxContents {
    /// The items of a box, apart.
    #[must_use]
    pub fn of(items: Vec<BoxItem>) -> Self {
        let mut contents = Self::default();
        for item in items {
            match item {
                BoxItem::Ballot(ballot) => contents.ballots.push(ballot),
                BoxItem::Opinion(opinion) => contents.opinions.push(opinion),
            }
        }
        contents
    }
}

/// The leaves of ballots and of opinions as one ascending list.
pub(super) fn all_leaves(ballots: impl Iterator<Item = [u8; 32]>, opinions: &[[u8; 32]]) -> Vec<[u8; 32]> {
    let mut leaves: Vec<[u8; 32]> = ballots.chain(opinions.iter().copied()).collect();
    leaves.sort_unstable();
    leaves
}

/// What a record is made of beside the manifest and the box: what the meeting knows of the round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordInputs {
    /// One entry a group, in the manifest's order.
    pub issuance: Vec<Issuance>,
    /// Servers that the count did not wait for.
    pub left_out: Vec<LeftOut>,
    /// As in [`RecordHead`].
    pub paper: BTreeMap<String, PaperGroup>,
    /// What was imported, by contest; told where the manifest combines scores.
    pub imported: Vec<ImportedRow>,
}

/// What was counted, as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TallyPart {
    /// One row a contest, from contest 1 on.
    pub rows: Vec<TallyRow>,
    /// The sheets, which are contest 0.
    pub sheets: SheetCounts,
}

/// The sheets of all groups, on phones and on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetCounts {
    /// Sheets returned (收回).
    pub returned: u32,
    /// Of them invalid (无效).
    pub invalid: u32,
    /// Valid sheets without a ballot for a contest, over all contests: left out where the counts of a contest are not told, and in
    /// the first edition, whose rows tell their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recused: Option<u32>,
    /// By group, in the manifest's order; nothing where a group is too small.
    pub groups: Option<Vec<SheetsOfGroup>>,
}

/// The sheets of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetsOfGroup {
    /// The group's id.
    pub g: String,
    /// Sheets returned.
    pub returned: u32,
    /// Of them invalid.
    pub invalid: u32,
}

/// One contest, over all groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TallyRow {
    /// The contest.
    pub c: u16,
    /// Ballots by mark, in the order of the scale; empty where the counts would tell of too few ballots. Then all other counts
    /// of the row are 0. Where rows have several items: for each item one after the other, by mark and then those that leave it
    /// empty, so that every item's counts have one sum.
    pub marks: Vec<u32>,
    /// Rows that nobody marked.
    pub abstained: u32,
    /// Sheets without a ballot for this contest: in the first edition only, because a leader's own is the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recused: Option<u32>,
    /// Paper rows that broke a rule.
    pub void: u32,
    /// By group, in the manifest's order; nothing where a group is too small.
    pub groups: Option<Vec<TallyGroup>>,
    /// The weighted score as printed.
    pub score: Option<String>,
    /// 1, 2, 2, 4.
    pub rank: Option<u32>,
    /// The id of the suggested band.
    pub suggested_grade: Option<String>,
    /// The share of the best mark in percent, as printed.
    pub top_rate_percent: Option<String>,
    /// The score combined with what was imported, as printed; then the suggested grade follows from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// 1, 2, 2, 4, by the printed total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_rank: Option<u32>,
}

impl TallyPart {
    /// Whether anything of it is held back: sheets or figures of groups, or the counts of a contest.
    #[must_use]
    pub fn hides(&self) -> bool {
        self.sheets.groups.is_none() || self.rows.iter().any(|row| row.groups.is_none() || !row.tells_counts())
    }
}

impl TallyRow {
    /// Whether its counts are told.
    #[must_use]
    pub fn tells_counts(&self) -> bool {
        !self.marks.is_empty()
    }
}

/// One group in one contest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TallyGroup {
    /// The group's id.
    pub g: String,
    /// Ballots by mark as in the row.
    pub marks: Vec<u32>,
    /// Rows that nobody marked.
    pub abstained: u32,
    /// Sheets without a ballot for this contest: in the first edition only, because a leader's own is the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recused: Option<u32>,
    /// Paper rows that broke a rule.
    pub void: u32,
    /// The group's mean as printed.
    pub mean: Option<String>,
}

/// What a record tells beside manifest and ballots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordHead {
    /// That of the manifest's [`Edition`].
    pub format: String,
    /// One entry a group, in the manifest's order.
    pub issuance: Vec<Issuance>,
    /// Servers that the count did not wait for, ascending by id; empty in nearly every record.
    pub left_out: Vec<LeftOut>,
    /// By group id; empty where nothing was cast on paper.
    pub paper: BTreeMap<String, PaperGroup>,
    /// What was imported, by contest; only where the manifest combines scores, and the tally is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported: Option<Vec<ImportedRow>>,
    /// Why there are leaves in place of ballots; only where there are, and not in the first edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Vec<Reason>>,
    /// What was counted; nothing in a sealed record of a result that is not released to the hall.
    pub tally: Option<TallyPart>,
}

impl RecordHead {
    /// SHA-256 of the head's canonical bytes.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        // A head holds integers and texts only, so it has canonical bytes.
        let bytes = serde_json::to_value(self).ok().and_then(|value| canonical(&value).ok()).unwrap_or_default();
        sha256(&[&bytes])
    }
}

/// Which record is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// With every ballot.
    Whole,
    /// Leaves in place of ballots.
    Sealed,
    /// Leaves, and no tally: the result is not released to the hall.
    Withheld,
}

/// Whom a record is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordAudience {
    /// The scrutineers: everything.
    Whole,
    /// Everybody, once the scores are released: ballots, or leaves where ballots would tell of small groups.
    Public,
    /// Everybody, while the result is for others: leaves, and no figure.
    Withheld,
}

/// A record in one of its variants, signed.
#[derive(Clone, Debug)]
pub struct SignedRecord {
    /// The file.
    pub bytes: Vec<u8>,
    /// The leaves in order.
    pub leaves: Vec<[u8; 32]>,
    /// SHA-256 of the file.
    pub digest: [u8; 32],
    /// The Merkle root over the leaves.
    pub root: [u8; 32],
    /// [`RecordHead::hash`].
    pub head: [u8; 32],
    /// The box key's signature over M, root and head.
    pub box_sig: [u8; 64],
}

/// What the box key signs: `"pingyi-record/1\0" ‖ M ‖ root ‖ SHA-256(canonical head)`.
#[must_use]
pub fn message(m: &[u8; 32], root: &[u8; 32], head: &[u8; 32]) -> Vec<u8> {
    [SIGNATURE_DOMAIN, m, root, head].concat()
}

/// Whether the record's signature is the box key's.
#[must_use]
pub fn is_signed(box_key: &VerifyingKey, m: &[u8; 32], root: &[u8; 32], head: &[u8; 32], box_sig: &[u8; 64]) -> bool {
    box_key.verify_strict(&message(m, root, head), &Signature::from_bytes(box_sig)).is_ok()
}

/// Makes the record of a frozen box in one variant; nothing for a sealed one where no rule asks for it (rule r44).
#[must_use]
pub fn make(
    frozen: &Frozen,
    box_key: &SigningKey,
    inputs: &RecordInputs,
    contents: &BoxContents,
    variant: Variant,
) -> Option<SignedRecord> {
    let counted = counted(frozen, &inputs.paper, &contents.ballots);
    let reasons = reason::of(frozen, &counted);
    let may_be = variant != Variant::Sealed || frozen.edition() == Edition::First || !reasons.is_empty();
    let sign = |_: &[u8; 32], message: &[u8]| box_key.sign(message).to_bytes();
    may_be.then(|| write(frozen, sign, inputs, contents, variant, (&counted, reasons)))
}

/// Makes what this audience gets, with a signature from elsewhere: `sign` is given the head's hash and the message. Answers which
/// variant it is.
#[must_use]
pub fn make_for(
    audience: RecordAudience,
    frozen: &Frozen,
    sign: impl FnOnce(&[u8; 32], &[u8]) -> [u8; 64],
    inputs: &RecordInputs,
    contents: &BoxContents,
) -> (SignedRecord, Variant) {
    let counted = counted(frozen, &inputs.paper, &contents.ballots);
    let reasons = reason::of(frozen, &counted);
    let variant = match audience {
        RecordAudience::Whole => Variant::Whole,
        RecordAudience::Public if reasons.is_empty() => Variant::Whole,
        RecordAudience::Public => Variant::Sealed,
        RecordAudience::Withheld => Variant::Withheld,
    };
    (write(frozen, sign, inputs, contents, variant, (&counted, reasons)), variant)
}

fn write(
    frozen: &Frozen,
    sign: impl FnOnce(&[u8; 32], &[u8]) -> [u8; 64],
    inputs: &RecordInputs,
    contents: &BoxContents,
    variant: Variant,
    (counted, reasons): (&Counted, Vec<Reason>),
) -> SignedRecord {
    let edition = frozen.edition();
    let ballots = &contents.ballots;
    let mut listed: Vec<([u8; 32], &Ballot)> = ballots.iter().map(|ballot| (ballot.leaf(), ballot)).collect();
    listed.sort_unstable_by_key(|(leaf, _)| *leaf);
    let mut opinions: Vec<[u8; 32]> = contents.opinions.iter().map(Opinion::leaf).collect();
    opinions.sort_unstable();
    let leaves = all_leaves(listed.iter().map(|(leaf, _)| *leaf), &opinions);
    let root = merkle::root(&leaves);
    let tally = counted.tally(frozen).combined(frozen.manifest(), &inputs.imported);
    let combines = rules(frozen.manifest()).is_some_and(|rules| rules.combination.is_some());
    let on_paper = inputs.paper.iter().filter_map(|(group, paper)| Some((group.clone(), paper.told(edition)?)));
    let sealed = match variant {
        _ if edition == Edition::First => None,
        Variant::Whole => None,
        Variant::Sealed => Some(reasons),
        Variant::Withheld => Some(reason::visible(frozen.manifest(), None)),
    };
    let head = RecordHead {
        format: edition.record().to_owned(),
        issuance: inputs.issuance.clone(),
        left_out: inputs.left_out.clone(),
        // Paper ballots by group would tell of small groups what the tally hides.
        paper: if variant == Variant::Whole { on_paper.collect() } else { BTreeMap::new() },
        imported: (combines && variant != Variant::Withheld).then(|| inputs.imported.clone()),
        sealed,
        tally: (variant != Variant::Withheld).then_some(tally),
    };
    let head_hash = head.hash();
    let box_sig = sign(&head_hash, &message(frozen.hash(), &root, &head_hash));
    let parts = RecordParts {
        head: &head,
        manifest: frozen.bytes(),
        manifest_hash: &data_encoding::HEXLOWER.encode(frozen.hash()),
        root: &data_encoding::HEXLOWER.encode(&root),
        box_sig: &to_base64url(&box_sig),
    };
    let bytes = match variant {
        Variant::Whole => parts.with_ballots(listed.iter().map(|(_, ballot)| ballot.canonical()), &opinions),
        Variant::Sealed | Variant::Withheld => parts.with_leaves(&leaves),
    };
    SignedRecord { digest: sha256(&[&bytes]), bytes, leaves, root, head: head_hash, box_sig }
}

/// Why the public gets the leaves in place of the ballots: where the meeting says so, where rows have several items (rule r16), and
/// where ballots would tell of a small group what the tally hides, or of the few on a channel what the tally has together (rule
/// r14). None: it gets the ballots.
#[must_use]
pub fn reasons(frozen: &Frozen, paper: &BTreeMap<String, PaperGroup>, ballots: &[Ballot]) -> Vec<Reason> {
    reason::of(frozen, &counted(frozen, paper, ballots))
}
