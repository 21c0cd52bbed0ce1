//! The bytes of a record: written member by member, and read so that every other spelling is refused. A ballot is handed out
//! as the slice of the file in which it is, so that a large record is in memory once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{ImportedRow, Issuance, LeftOut, PaperGroup, RECORD_BYTES_MAX, Reason, RecordHead, TallyPart};
use crate::ballot::canonical::canonical;
use crate::ballot::to_base64url;

/// What is written beside ballots or leaves.
#[derive(Clone, Copy, Debug)]
pub struct RecordParts<'a> {
    /// Everything that the signature covers beside manifest and root.
    pub head: &'a RecordHead,
    /// The manifest's canonical bytes.
    pub manifest: &'a [u8],
    /// Hex.
    pub manifest_hash: &'a str,
    /// Hex.
    pub root: &'a str,
    /// Base64url.
    pub box_sig: &'a str,
}

impl RecordParts<'_> {
    /// The whole file; `opinions` are leaves.
    #[must_use]
    pub fn with_ballots(&self, ballots: impl Iterator<Item = Vec<u8>>, opinions: &[[u8; 32]]) -> Vec<u8> {
        let mut out = b"{\"ballots\":[".to_vec();
        for (at, ballot) in ballots.enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&ballot);
        }
        out.extend_from_slice(b"],");
        self.write_rest(&mut out, Listed::Opinions(opinions));
        out
    }

    /// The sealed file.
    #[must_use]
    pub fn with_leaves(&self, leaves: &[[u8; 32]]) -> Vec<u8> {
        let mut out = b"{".to_vec();
        self.write_rest(&mut out, Listed::Leaves(leaves));
        out
    }

    /// All members after `ballots`, in the order of their names.
    fn write_rest(&self, out: &mut Vec<u8>, listed: Listed<'_>) {
        let head = self.head;
        let texts = |leaves: &[[u8; 32]]| leaves.iter().map(|leaf| to_base64url(leaf)).collect::<Vec<String>>();
        member(out, "box_sig", &self.box_sig);
        member(out, "format", &head.format);
        if let Some(imported) = &head.imported {
            member(out, "imported", imported);
        }
        member(out, "issuance", &head.issuance);
        if let Listed::Leaves(leaves) = listed {
            member(out, "leaves", &texts(leaves));
        }
        member(out, "left_out", &head.left_out);
        out.extend_from_slice(b"\"manifest\":");
        out.extend_from_slice(self.manifest);
        out.push(b',');
        member(out, "manifest_hash", &self.manifest_hash);
        if let Listed::Opinions(leaves) = listed {
            member(out, "opinions", &texts(leaves));
        }
        member(out, "paper", &head.paper);
        member(out, "root", &self.root);
        if let Some(sealed) = &head.sealed {
            member(out, "sealed", sealed);
        }
        member(out, "tally", &head.tally);
        out.pop();
        out.push(b'}');
    }
}

/// Leaves that a record lists.
#[derive(Clone, Copy)]
enum Listed<'a> {
    /// Those of the opinions, beside the ballots of a whole record.
    Opinions(&'a [[u8; 32]]),
    /// All of them, in place of the ballots.
    Leaves(&'a [[u8; 32]]),
}

/// `"name":value,`.
fn member(out: &mut Vec<u8>, name: &str, value: &impl Serialize) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    // Members hold integers within 32 bits and texts only: they have canonical bytes.
    let value = serde_json::to_value(value).ok().and_then(|value| canonical(&value).ok());
    out.extend_from_slice(&value.unwrap_or_default());
    out.push(b',');
}

/// A record as it is in its file.
#[derive(Debug)]
pub struct RecordFile<'a> {
    /// Each ballot's bytes; nothing in a sealed record.
    pub ballots: Option<Vec<&'a [u8]>>,
    /// The leaves of a sealed record; nothing in a whole one.
    pub leaves: Option<Vec<[u8; 32]>>,
    /// The leaves of the opinions in a whole record; nothing in a sealed one, whose leaves they are among.
    pub opinions: Option<Vec<[u8; 32]>>,
    /// The manifest's bytes.
    pub manifest: &'a [u8],
    /// M as the record tells it.
    pub manifest_hash: [u8; 32],
    /// The root as the record tells it.
    pub root: [u8; 32],
    /// The record's signature.
    pub box_sig: [u8; 64],
    /// The rest.
    pub head: RecordHead,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    #[serde(borrow)]
    ballots: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    box_sig: Cow<'a, str>,
    format: String,
    imported: Option<Vec<ImportedRow>>,
    issuance: Vec<Issuance>,
    #[serde(borrow)]
    leaves: Option<Vec<Cow<'a, str>>>,
    left_out: Vec<LeftOut>,
    #[serde(borrow)]
    manifest: &'a RawValue,
    manifest_hash: String,
    #[serde(borrow)]
    opinions: Option<Vec<Cow<'a, str>>>,
    paper: BTreeMap<String, PaperGroup>,
    root: String,
    sealed: Option<Vec<Reason>>,
    tally: Option<TallyPart>,
}

/// Reads a record; nothing for anything but its one spelling. The manifest's own spelling and each ballot's are the caller's
/// to check.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<RecordFile<'_>> {
    if bytes.len() > RECORD_BYTES_MAX {
        return None;
    }
    let wire: Wire<'_> = serde_json::from_slice(bytes).ok()?;
    let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    let listed = |leaves: Option<Vec<Cow<'_, str>>>| -> Option<Option<Vec<[u8; 32]>>> {
        let Some(leaves) = leaves else { return Some(None) };
        leaves.iter().map(|leaf| crate::ballot::from_base64url(leaf)).collect::<Option<Vec<_>>>().map(Some)
    };
    let file = RecordFile {
        ballots: wire.ballots.map(|ballots| ballots.into_iter().map(|ballot| ballot.get().as_bytes()).collect()),
        leaves: listed(wire.leaves)?,
        opinions: listed(wire.opinions)?,
        manifest: wire.manifest.get().as_bytes(),
        manifest_hash: hex(&wire.manifest_hash)?,
        root: hex(&wire.root)?,
        box_sig: crate::ballot::from_base64url(&wire.box_sig)?,
        head: RecordHead {
            format: wire.format,
            imported: wire.imported,
            issuance: wire.issuance,
            left_out: wire.left_out,
            paper: wire.paper,
            sealed: wire.sealed,
            tally: wire.tally,
        },
    };
    file.is_spelled(bytes).then_some(file)
}

impl RecordFile<'_> {
    /// Whether writing what was read gives the file again.
    fn is_spelled(&self, bytes: &[u8]) -> bool {
        let parts = RecordParts {
            head: &self.head,
            manifest: self.manifest,
            manifest_hash: &data_encoding::HEXLOWER.encode(&self.manifest_hash),
            root: &data_encoding::HEXLOWER.encode(&self.root),
            box_sig: &to_base64url(&self.box_sig),
        };
        match (&self.ballots, &self.leaves, &self.opinions) {
            (None, Some(leaves), None) => parts.with_leaves(leaves) == bytes,
            (Some(ballots), None, Some(opinions)) => {
                let mut rest = Vec::new();
                parts.write_rest(&mut rest, Listed::Opinions(opinions));
                without_ballots(bytes, ballots) == Some(&rest)
            }
            _ => false,
        }
    }
}

/// What follows the ballots, where they stand at the beginning with nothing but commas between them.
fn without_ballots<'a>(bytes: &'a [u8], ballots: &[&[u8]]) -> Option<&'a [u8]> {
    let mut rest = bytes.strip_prefix(b"{\"ballots\":[")?;
    for (at, ballot) in ballots.iter().enumerate() {
        if at > 0 {
            rest = rest.strip_prefix(b",")?;
        }
        rest = rest.strip_prefix(*ballot)?;
    }
    rest.strip_prefix(b"],")
}
