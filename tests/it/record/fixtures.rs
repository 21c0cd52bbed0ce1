//! Small rounds with real papers and their records, and whoever holds the box key and forges one.

use std::collections::BTreeMap;
use std::process::Command;

use ed25519_dalek::{Signer, SigningKey};
use pingyi_rules::ballot::canonical::canonical;
use pingyi_rules::ballot::manifest::{ManifestItem, Record};
use pingyi_rules::ballot::record::{
    self, BoxContents, ImportedRow, Issuance, PaperGroup, PaperRow, Reason, RecordInputs, SignedRecord, Variant,
};
use pingyi_rules::ballot::verify::{Fault, Proof, ProofItem, Summary, verify, verify_with_whole};
use pingyi_rules::ballot::{Ballot, Edition, Manifest, Opinion, merkle, receipt};
use pingyi_rules::form::{Live, Mark};
use pingyi_rules::scoring::{Band, ItemAnswer, MissingItem, Rules};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::python::Asked;
use crate::ballot::round::{Phone, ROWS, Round};

pub const MARKS: [&str; 5] = ["hao", "jiaohao", "cha", "bliaojie", ""];

/// A round that was closed, with everything of which its record is made.
pub struct Poll {
    pub round: Round,
    pub inputs: RecordInputs,
    /// The ballots of each voter; the first of group A are the first.
    pub sheets: Vec<Vec<Ballot>>,
    /// What each of them wrote.
    pub written: Vec<Vec<Opinion>>,
}

/// How many voters of A and of B, of whom one may be recused.
#[derive(Clone, Copy)]
pub struct Voters {
    pub a: u32,
    pub b: u32,
    pub recused: Option<u16>,
}

pub const STANDARD: Voters = Voters { a: 6, b: 7, recused: Some(2) };

/// Rules in the only spelling that a record has of them.
pub fn rules(rules: &Rules) -> Value {
    serde_json::to_value(rules).unwrap()
}

pub fn bands() -> Vec<Band> {
    let band = |id: &str, from_hundredths| Band {
        id: id.to_owned(),
        label: id.to_owned(),
        label_en: String::new(),
        from_hundredths,
    };
    vec![band("top", 8_500), band("middle", 6_000), band("low", 0)]
}

/// A mark, or the marks of the items that apply, or nothing.
fn random_row(round: &Round, row: usize, rng: &mut StdRng) -> String {
    let manifest = round.frozen.manifest();
    let mark = |rng: &mut StdRng, marks: usize| MARKS[rng.random_range(0..marks)];
    if manifest.items.is_empty() {
        return mark(rng, MARKS.len()).to_owned();
    }
    let without = &manifest.contests[row].without;
    let may_be_open = !manifest.needs_all_items();
    let item = |(place, rng): (usize, &mut StdRng)| match without.iter().any(|other| usize::from(*other) == place) {
        true => "",
        false if may_be_open && rng.random_bool(0.2) => "",
        false => mark(rng, manifest.scale.len()),
    };
    let items: Vec<&str> = (0..manifest.items.len()).map(|place| item((place, &mut *rng))).collect();
    let place = |mark: &str| manifest.scale.iter().position(|known| known.id == mark);
    if let Some(overall) = manifest.overall() {
        // The last item is drawn like any other before, so that a row without the others is drawn too, and is a blank one.
        let applies = |at: usize| !without.iter().any(|other| usize::from(*other) == at);
        let answer = |(at, mark): (usize, &&str)| match place(mark) {
            Some(place) => ItemAnswer::Mark(place),
            None if applies(at) => ItemAnswer::Open,
            None => ItemAnswer::NotApplicable,
        };
        let answers: Vec<ItemAnswer> = items.iter().enumerate().map(answer).collect();
        let Some(overall) = overall.of(&answers) else { return String::new() };
        let marked = [&items[..items.len() - 1], &[overall]].concat();
        return if rng.random_bool(0.1) { String::new() } else { marked.join(".") };
    }
    // A row without any mark is a blank one.
    let is_blank = rng.random_bool(0.1) || items.iter().all(|item| item.is_empty());
    if is_blank { String::new() } else { items.join(".") }
}

/// Two items, of which the second does not apply to the second row; what cannot stand beside items goes.
pub fn itemised(manifest: &mut Manifest, missing_item: MissingItem) {
    let item = |label: &str| ManifestItem { label: label.to_owned(), label_en: String::new() };
    manifest.items = vec![item("履职"), item("作风"), item("廉洁")];
    manifest.contests[1].without = vec![1];
    manifest.scale.truncate(3);
    manifest.live = Live::Turnout;
    manifest.sheet_rules = pingyi_rules::form::SheetRules::default();
    manifest.scoring["item_weights_bp"] = serde_json::json!([5_000, 3_000, 2_000]);
    manifest.scoring["missing_item"] = serde_json::to_value(missing_item).unwrap();
}

/// The same, with the overall mark as the last item, which must match the others.
pub fn matched(manifest: &mut Manifest, missing_item: MissingItem) {
    itemised(manifest, missing_item);
    manifest.items.push(ManifestItem { label: "总体评价".to_owned(), label_en: "Overall".to_owned() });
    let begins = manifest.scale.iter().zip([8_500, 6_000, 0]);
    let band = |(mark, from_hundredths): (&Mark, u32)| Band {
        id: mark.id.clone(),
        label: mark.label.clone(),
        label_en: String::new(),
        from_hundredths,
    };
    let before: Rules = serde_json::from_value(manifest.scoring.clone()).unwrap();
    let item_weights_bp = vec![5_000, 3_000, 2_000, 0];
    manifest.scoring = rules(&Rules { bands: begins.map(band).collect(), item_weights_bp, ..before });
    manifest.sheet_rules.overall_matches = true;
}

impl Poll {
    /// Voters with random marks, under a manifest with changes.
    pub fn of(voters: Voters, seed: u64, change: impl FnOnce(&mut Manifest)) -> Self {
        let round = Round::with(|manifest| {
            manifest.scoring = rules(&Rules { bands: bands(), ..Rules::default() });
            change(manifest);
        });
        let mut rng = StdRng::seed_from_u64(seed);
        let (mut sheets, mut written) = (Vec::new(), Vec::new());
        for (group, number) in [("A", voters.a), ("B", voters.b)] {
            for voter in 0..number {
                let recused = voters.recused.filter(|_| group == "B" && voter == 0);
                let mut phone: Phone<'_> = round.phone(group, recused, rng.random());
                let rows: [String; ROWS as usize] = std::array::from_fn(|row| random_row(&round, row, &mut rng));
                let marks: [&str; ROWS as usize] = std::array::from_fn(|row| rows[row].as_str());
                if voter % 2 == 0 && round.frozen.manifest().opinions {
                    phone.written = vec![(1, format!("{group}{voter}的意见"))];
                }
                let batch = phone.fills_in(marks);
                sheets.push(batch.ballots);
                written.push(batch.opinions);
            }
        }
        let issued = |g: &str, issued| Issuance { g: g.to_owned(), eligible: issued + 2, issued, reissued: 0 };
        let inputs = RecordInputs {
            issuance: vec![issued("A", voters.a), issued("B", voters.b)],
            left_out: Vec::new(),
            paper: BTreeMap::new(),
            imported: Vec::new(),
        };
        Self { inputs, round, sheets, written }
    }

    pub fn standard() -> Self {
        Self::of(STANDARD, 1, |_| {})
    }

    /// The same in a meeting that gives the public leaves only.
    pub fn of_leaves() -> Self {
        Self::of(STANDARD, 1, |manifest| manifest.record = Record::Sealed)
    }

    /// The same as it was made before there was a second edition.
    pub fn of_before() -> Self {
        Self::of(STANDARD, 1, |manifest| manifest.format = Edition::First.manifest().to_owned())
    }

    /// Puts paper sheets of group A beside the phones', all of one mark but for one blank and one void row.
    pub fn with_paper(mut self, returned: u32, invalid: u32) -> Self {
        let valid = returned - invalid;
        let manifest = self.round.frozen.manifest();
        let has_items = !manifest.items.is_empty();
        let mut marks = vec![0; if has_items { 0 } else { manifest.scale.len() }];
        marks.iter_mut().take(1).for_each(|mark| *mark = valid - 2);
        let items = u16::try_from(manifest.items.len()).unwrap();
        let applies = |c: u16, item: u16| !manifest.contests[usize::from(c) - 1].without.contains(&item);
        let answer = |c| {
            let mut parts: Vec<&str> = (0..items).map(|item| if applies(c, item) { "hao" } else { "" }).collect();
            let answers: Vec<ItemAnswer> = (0..items)
                .map(|item| if applies(c, item) { ItemAnswer::Mark(0) } else { ItemAnswer::NotApplicable })
                .collect();
            let overall = manifest.overall();
            if let Some(overall) = overall.as_ref().and_then(|overall| overall.of(&answers)) {
                *parts.last_mut().unwrap() = overall;
            }
            parts.join(".")
        };
        let answers = |c| if has_items { BTreeMap::from([(answer(c), valid - 2)]) } else { BTreeMap::new() };
        let row =
            |c| PaperRow { c, marks: marks.clone(), answers: answers(c), abstained: 1, recused: Some(0), void: 1 };
        let rows = (1..=ROWS).map(row).collect();
        let paper = PaperGroup { issued: returned, returned, invalid, recused: None, rows };
        self.inputs.paper.insert("A".to_owned(), paper);
        self.inputs.issuance[0].eligible += returned;
        self
    }

    /// Components for the first rows, by contest: value and adjustment.
    pub fn with_imported(mut self, rows: &[(&str, &str)]) -> Self {
        let row = |(c, (value, adjustment)): (u16, &(&str, &str))| ImportedRow {
            adjustment: (*adjustment).to_owned(),
            best_band: 0,
            c,
            components: vec![(*value).to_owned()],
        };
        self.inputs.imported = (1u16..).zip(rows).map(row).collect();
        self
    }

    /// One of the paper sheets has no row for a subject: its voter leads it.
    pub fn with_paper_of_a_leader(mut self, contest: u16) -> Self {
        if let Some(row) = self.inputs.paper.get_mut("A").and_then(|paper| paper.rows.get_mut(usize::from(contest) - 1))
        {
            row.marks.iter_mut().take(1).chain(row.answers.values_mut()).for_each(|rows| *rows -= 1);
            // No answer stands there without a row.
            row.answers.retain(|_, rows| *rows > 0);
            row.recused = Some(1);
        }
        self
    }

    pub fn ballots(&self) -> Vec<Ballot> {
        self.sheets.iter().flatten().cloned().collect()
    }

    pub fn made(&self, variant: Variant) -> SignedRecord {
        self.makes(variant).expect("a rule asks for it")
    }

    /// Nothing for a sealed one that no rule asks for.
    pub fn makes(&self, variant: Variant) -> Option<SignedRecord> {
        let Self { round, inputs, .. } = self;
        let contents = BoxContents { ballots: self.ballots(), opinions: self.written.concat() };
        record::make(&round.frozen, &round.box_key, inputs, &contents, variant)
    }

    pub fn reasons(&self) -> Vec<Reason> {
        record::reasons(&self.round.frozen, &self.inputs.paper, &self.ballots())
    }

    pub fn record(&self) -> Vec<u8> {
        self.made(Variant::Whole).bytes
    }

    /// The proof that a voter's phone keeps.
    pub fn proof(&self, voter: usize) -> Vec<u8> {
        let m = self.round.frozen.hash();
        let item = |leaf: [u8; 32]| ProofItem {
            leaf: base64url(&leaf),
            receipt: base64url(&receipt::sign(&self.round.box_key, m, &leaf)),
        };
        let own = self.written[voter].iter().map(|opinion| item(opinion.leaf()));
        let proof = Proof {
            format: "pingyi-proof/1".to_owned(),
            manifest_hash: data_encoding::HEXLOWER.encode(m),
            ballots: self.sheets[voter].iter().map(|ballot| item(ballot.leaf())).chain(own).collect(),
        };
        canonical(&serde_json::to_value(proof).unwrap()).unwrap()
    }

    /// The record in the hands of somebody who may change it.
    pub fn forged(&self) -> Forgery {
        self.forged_of(Variant::Whole)
    }

    pub fn forged_of(&self, variant: Variant) -> Forgery {
        let value = serde_json::from_slice(&self.made(variant).bytes).unwrap();
        Forgery { value, box_key: self.round.box_key.clone() }
    }
}

pub fn base64url(bytes: &[u8]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(bytes)
}

pub fn verified(bytes: &[u8]) -> Result<Summary, Fault> {
    verify(bytes, None, &|_, _| {})
}

/// What a verifier ends with.
pub fn verdict(bytes: &[u8], proof: Option<&[u8]>) -> u8 {
    match verify(bytes, proof, &|_, _| {}) {
        Ok(summary) => summary.exit_code(),
        Err(fault) => fault.check.exit_code(),
    }
}

/// The same of a public record and the whole one, and perhaps a proof.
pub fn ends_together((record, proof, whole): &Asked) -> u8 {
    let Some(whole) = whole else { return verdict(record, proof.as_deref()) };
    match verify_with_whole(record, whole, proof.as_deref(), &|_, _| {}) {
        Ok(summary) => summary.exit_code(),
        Err(fault) => fault.check.exit_code(),
    }
}

/// The fingerprints of a round's rules that `pingyi verify` and tests/verify.py print of its record.
pub fn shown_by_verifiers(round: &Round) -> [String; 2] {
    let issued = |g: &str| Issuance { g: g.to_owned(), eligible: 2, issued: 2, reissued: 0 };
    let inputs = RecordInputs { issuance: vec![issued("A"), issued("B")], ..RecordInputs::default() };
    let made = record::make(&round.frozen, &round.box_key, &inputs, &BoxContents::default(), Variant::Whole).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), made.bytes).unwrap();
    let mut first = Command::new(env!("CARGO_BIN_EXE_pingyi"));
    first.arg("verify");
    [first, super::python::verify_py()].map(|mut verifier| {
        let done = verifier.args(["--language", "en"]).arg(file.path()).output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        let line = said.lines().find_map(|line| line.strip_prefix("Fingerprint"));
        line.unwrap_or_else(|| panic!("{said} {}", String::from_utf8_lossy(&done.stderr))).trim().to_owned()
    })
}

/// A record that is changed, and put right again as far as the one who changed it can.
#[derive(Clone)]
pub struct Forgery {
    pub value: Value,
    pub box_key: SigningKey,
}

impl Forgery {
    pub fn with(mut self, change: impl FnOnce(&mut Value)) -> Self {
        change(&mut self.value);
        self
    }

    fn leaves(&self) -> Vec<[u8; 32]> {
        let listed = self.value["ballots"].as_array().into_iter().flatten();
        let of_ballots = listed.map(leaf);
        let names = ["leaves", "opinions"];
        let sealed = names.iter().flat_map(|name| self.value[name].as_array().into_iter().flatten());
        let of_leaves = sealed
            .filter_map(|leaf| data_encoding::BASE64URL_NOPAD.decode(leaf.as_str()?.as_bytes()).ok()?.try_into().ok());
        let mut leaves: Vec<[u8; 32]> = of_ballots.chain(of_leaves).collect();
        if self.value["opinions"].is_array() {
            leaves.sort_unstable();
        }
        leaves
    }

    /// Ballots in the order of their leaves, with their root.
    pub fn rooted(mut self) -> Self {
        if let Some(ballots) = self.value.get_mut("ballots").and_then(Value::as_array_mut) {
            ballots.sort_by_key(leaf);
        }
        self.value["root"] = data_encoding::HEXLOWER.encode(&merkle::root(&self.leaves())).into();
        self
    }

    /// With the hash of its manifest.
    pub fn hashed(mut self) -> Self {
        let bytes = canonical(&self.value["manifest"]).unwrap_or_default();
        self.value["manifest_hash"] = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)).into();
        self
    }

    /// Signed by the box key.
    pub fn signed(mut self) -> Self {
        let hex = |value: &Value| {
            data_encoding::HEXLOWER.decode(value.as_str().unwrap_or_default().as_bytes()).unwrap_or_default()
        };
        let mut head = serde_json::Map::new();
        for name in ["format", "imported", "issuance", "left_out", "paper", "sealed", "tally"] {
            if !["imported", "sealed"].contains(&name) || self.value.get(name).is_some() {
                head.insert(name.to_owned(), self.value[name].clone());
            }
        }
        let head = canonical(&Value::Object(head)).unwrap_or_default();
        let head = Sha256::digest(head);
        let (m, root) = (hex(&self.value["manifest_hash"]), hex(&self.value["root"]));
        let message = [b"pingyi-record/1\0", m.as_slice(), root.as_slice(), head.as_slice()].concat();
        self.value["box_sig"] = base64url(&self.box_key.sign(&message).to_bytes()).into();
        self
    }

    /// The file; empty where a change left nothing that can be spelled.
    pub fn bytes(&self) -> Vec<u8> {
        canonical(&self.value).unwrap_or_default()
    }
}

fn leaf(ballot: &Value) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(canonical(ballot).unwrap_or_default());
    hash.finalize().into()
}
