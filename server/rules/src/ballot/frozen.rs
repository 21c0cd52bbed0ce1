//! A manifest that was checked and can no longer change: its bytes, its hash M, its fingerprint, its keys ready to verify with.
//! It decides whether a manifest may be voted under; what its rules mean is decided elsewhere.

use std::collections::HashSet;

use ed25519_dalek::VerifyingKey;
use serde::Deserialize;

use super::canonical::{self, NotCanonical};
use super::edition::Edition;
use super::manifest::{GROUP_ID_MAX, GROUPS_MAX, MANIFEST_BYTES_MAX, MARKS_MAX, Manifest, ROWS_MAX, SHEET};
use super::opinion::OPINIONS_MAX;
use super::seal::{SEAL_KEY_BYTES, seal};
use super::text::{fits, is_plain};
use super::token::{BadKey, PublicKey, TokenKey};
use super::{from_base64url, sha256};
use crate::form::ABSTAIN;
use crate::form::MarkKind;
use crate::form::scale::MARK_ID_MAX;

/// Why nobody may vote under a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadManifest {
    /// More than [`MANIFEST_BYTES_MAX`] bytes.
    TooLarge,
    /// Its bytes, or a value in it, are not canonical.
    NotCanonical(NotCanonical),
    /// A field is missing, unknown or of another type.
    OtherFields,
    /// A format that this code does not know.
    OtherFormat,
    /// The named field is outside its limits.
    OutOfLimits(&'static str),
    /// The keys are not one for each contest and group, in order.
    KeysMissing,
    /// A key is of another form than the only one in use.
    Key(BadKey),
    /// Two keys are the same: a token of one contest or group would pass in another.
    KeysRepeat,
    /// The box key is no Ed25519 key, or one of small order.
    BoxKey,
    /// The seal key is no X25519 key, or one that would make every envelope's key the same.
    SealKey,
}

/// A manifest under which a round can be held.
#[derive(Clone, Debug)]
pub struct Frozen {
    edition: Edition,
    manifest: Manifest,
    bytes: Vec<u8>,
    hash: [u8; 32],
    keys: Vec<TokenKey>,
    box_key: VerifyingKey,
    seal_key: [u8; SEAL_KEY_BYTES],
}

impl Manifest {
    /// Reads a manifest from its canonical bytes and checks it.
    ///
    /// # Errors
    /// Every reason in [`BadManifest`].
    pub fn parse(bytes: &[u8]) -> Result<Frozen, BadManifest> {
        Frozen::new(Self::read(bytes)?)
    }

    /// Reads a manifest from its canonical bytes without looking at its keys.
    ///
    /// # Errors
    /// Every reason in [`BadManifest`] but those of keys.
    pub fn read(bytes: &[u8]) -> Result<Self, BadManifest> {
        if bytes.len() > MANIFEST_BYTES_MAX {
            return Err(BadManifest::TooLarge);
        }
        let value = canonical::parse(bytes).map_err(BadManifest::NotCanonical)?;
        let manifest = Self::deserialize(value).map_err(|_| BadManifest::OtherFields)?;
        check_limits(&manifest)?;
        // A rule left out and a rule said to be nothing are one manifest; only the second is its spelling.
        let spelled = serde_json::to_value(&manifest).map_err(|_| BadManifest::OtherFields)?;
        if canonical::canonical(&spelled).map_err(BadManifest::NotCanonical)? == bytes {
            Ok(manifest)
        } else {
            Err(BadManifest::NotCanonical(NotCanonical::OtherSpelling))
        }
    }
}

impl Frozen {
    /// Checks a manifest and freezes it.
    ///
    /// # Errors
    /// Every reason in [`BadManifest`].
    pub fn new(manifest: Manifest) -> Result<Self, BadManifest> {
        let edition = check_limits(&manifest)?;
        let value = serde_json::to_value(&manifest).map_err(|_| BadManifest::OtherFields)?;
        let bytes = canonical::canonical(&value).map_err(BadManifest::NotCanonical)?;
        if bytes.len() > MANIFEST_BYTES_MAX {
            return Err(BadManifest::TooLarge);
        }
        let hash = sha256(&[&bytes]);
        let keys = token_keys(&manifest, &hash)?;
        let box_key = from_base64url::<32>(&manifest.box_key)
            .and_then(|key| VerifyingKey::from_bytes(&key).ok())
            .filter(|key| !key.is_weak())
            .ok_or(BadManifest::BoxKey)?;
        let seal_key = from_base64url(&manifest.seal_key)
            .filter(|key| seal(key, &hash, b"", &mut rand::rng()).is_some())
            .ok_or(BadManifest::SealKey)?;
        Ok(Self { edition, manifest, bytes, hash, keys, box_key, seal_key })
    }

    /// Which rules its record is made and checked by.
    #[must_use]
    pub const fn edition(&self) -> Edition {
        self.edition
    }

    /// What it says.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its canonical bytes (RFC 8785).
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// M: SHA-256 of [`bytes`](Self::bytes).
    #[must_use]
    pub const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// What projector, phones and print show of its hash.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.edition.fingerprint(&self.hash)
    }

    /// The key of a contest, 0 for the sheet, and a group; none if the manifest has no such place.
    #[must_use]
    pub fn key(&self, contest: u16, group: &str) -> Option<&TokenKey> {
        let groups = &self.manifest.groups;
        let at = groups.iter().position(|known| known.id == group)?;
        self.keys.get(usize::from(contest) * groups.len() + at)
    }

    /// The key that signs receipts and the record.
    #[must_use]
    pub const fn box_key(&self) -> &VerifyingKey {
        &self.box_key
    }

    /// The key that casts are sealed to.
    #[must_use]
    pub const fn seal_key(&self) -> &[u8; SEAL_KEY_BYTES] {
        &self.seal_key
    }

    /// The ids of the scale's grades, best first.
    #[must_use]
    pub fn grades(&self) -> Vec<&str> {
        self.manifest.scale.iter().filter(|mark| mark.kind == MarkKind::Grade).map(|mark| mark.id.as_str()).collect()
    }
}

fn token_keys(manifest: &Manifest, hash: &[u8; 32]) -> Result<Vec<TokenKey>, BadManifest> {
    let places = (SHEET..=row_count(manifest)).flat_map(|c| manifest.groups.iter().map(move |group| (c, &group.id)));
    let mut seen = HashSet::with_capacity(manifest.keys.len());
    let mut keys = Vec::with_capacity(manifest.keys.len());
    let mut listed = manifest.keys.iter();
    for (contest, group) in places {
        let key = listed.next().filter(|key| key.c == contest && key.g == *group).ok_or(BadManifest::KeysMissing)?;
        let spki = data_encoding::BASE64URL_NOPAD
            .decode(key.spki.as_bytes())
            .map_err(|_| BadManifest::Key(BadKey::OtherForm))?;
        let public = PublicKey::from_spki(&spki).map_err(BadManifest::Key)?;
        if !seen.insert(*public.id()) {
            return Err(BadManifest::KeysRepeat);
        }
        keys.push(TokenKey::new(public, hash, contest, group));
    }
    if listed.next().is_some() {
        return Err(BadManifest::KeysMissing);
    }
    Ok(keys)
}

fn row_count(manifest: &Manifest) -> u16 {
    // check_limits has bounded it by ROWS_MAX.
    u16::try_from(manifest.contests.len()).unwrap_or(u16::MAX)
}

fn check_limits(manifest: &Manifest) -> Result<Edition, BadManifest> {
    let edition = Edition::of_manifest(&manifest.format).ok_or(BadManifest::OtherFormat)?;
    let within = |holds: bool, field: &'static str| {
        if holds { Ok(()) } else { Err(BadManifest::OutOfLimits(field)) }
    };
    let meeting_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    within((1..=64).contains(&manifest.meeting.len()) && manifest.meeting.bytes().all(meeting_id), "meeting")?;
    within(fits(edition, &manifest.title, 1, 80), "title")?;
    within(manifest.round >= 1, "round")?;
    within((1..=1_000).contains(&manifest.k_min), "k_min")?;
    within((1..=1_000).contains(&manifest.opinions_min), "opinions_min")?;
    within((1..=1_000).contains(&manifest.pool_k), "pool_k")?;
    within(manifest.reissues_max <= 1_000, "reissues_max")?;
    within(contests_fit(edition, manifest), "contests")?;
    within(groups_fit(edition, manifest), "groups")?;
    within(scale_fits(edition, manifest), "scale")?;
    within(manifest.items_fit(edition), "items")?;
    within(edition == Edition::First || are_plain(&manifest.scoring), "scoring")?;
    let grades: Vec<&str> =
        manifest.scale.iter().filter(|mark| mark.kind == MarkKind::Grade).map(|mark| mark.id.as_str()).collect();
    let rules = &manifest.sheet_rules;
    let reasons_fit = !rules.worst_reason || manifest.opinions && manifest.contests.len() <= OPINIONS_MAX;
    within(rules.fit(&grades) && reasons_fit, "sheet_rules")?;
    Ok(edition)
}

fn contests_fit(edition: Edition, manifest: &Manifest) -> bool {
    let mut subjects = HashSet::new();
    (1..=ROWS_MAX).contains(&manifest.contests.len())
        && manifest.contests.iter().zip(1_u16..).all(|(contest, number)| {
            contest.c == number
                && contest.subject >= 1
                && subjects.insert(contest.subject)
                && fits(edition, &contest.branch, 1, 60)
                && fits(edition, &contest.secretary, 1, 40)
        })
}

fn groups_fit(edition: Edition, manifest: &Manifest) -> bool {
    let mut ids = HashSet::new();
    let weights: u64 = manifest.groups.iter().map(|group| u64::from(group.weight_bp)).sum();
    (1..=GROUPS_MAX).contains(&manifest.groups.len())
        && weights == 10_000
        && manifest.groups.iter().all(|group| {
            (1..=GROUP_ID_MAX).contains(&group.id.len())
                && group.id.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && ids.insert(group.id.as_str())
                && fits(edition, &group.name, 1, 40)
        })
}

fn scale_fits(edition: Edition, manifest: &Manifest) -> bool {
    let mut ids = HashSet::new();
    let is_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (2..=MARKS_MAX).contains(&manifest.scale.len())
        && manifest.scale.iter().any(|mark| mark.kind == MarkKind::Grade)
        && manifest.scale.iter().all(|mark| {
            (1..=MARK_ID_MAX).contains(&mark.id.len())
                && mark.id.bytes().all(is_id)
                && mark.id != ABSTAIN
                && ids.insert(mark.id.as_str())
                && fits(edition, &mark.label, 1, 20)
                && fits(edition, &mark.label_en, 0, 40)
                && mark.points_hundredths <= 1_000_000
                && (mark.kind == MarkKind::Grade || mark.points_hundredths == 0)
        })
}

/// Whether every text in a value is plain, at any depth.
fn are_plain(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => is_plain(text),
        serde_json::Value::Array(values) => values.iter().all(are_plain),
        serde_json::Value::Object(members) => members.values().all(are_plain),
        _ => true,
    }
}
