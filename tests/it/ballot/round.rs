//! A small round to test with: three rows, groups A and B (B recuses), committed keys, phones with papers.

use std::sync::OnceLock;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ed25519_dalek::SigningKey;
use pingyi::rehearsal::blinding::Blinding;
use pingyi::signer::{BlindSign, RsaSigner};
use pingyi_rules::ballot::cast::row_answer;
use pingyi_rules::ballot::manifest::{Contest, FORMAT, GroupColumns, ManifestGroup, ManifestKey, Record, SHEET};
use pingyi_rules::ballot::phone::{self, PhoneToken};
use pingyi_rules::ballot::seal::SealKey;
use pingyi_rules::ballot::{Ballot, Batch, Frozen, Manifest};
use pingyi_rules::form::{Live, Mark, MarkKind, OwnBranch};
use rand::SeedableRng;
use rand::rngs::StdRng;

pub const ROWS: u16 = 3;

pub struct Round {
    pub frozen: Frozen,
    pub signers: &'static [RsaSigner],
    pub box_key: SigningKey,
}

/// The committed keys: contest-major, group A before group B.
pub fn signers() -> &'static [RsaSigner] {
    static SIGNERS: OnceLock<Vec<RsaSigner>> = OnceLock::new();
    SIGNERS.get_or_init(|| {
        let file: serde_json::Value = serde_json::from_str(include_str!("../../vectors/token_keys.json")).unwrap();
        let keys = file["keys"].as_array().unwrap();
        let stored = keys.iter().map(|key| BASE64.decode(key.as_str().unwrap().as_bytes()).unwrap());
        stored.map(|key| RsaSigner::from_pkcs8(&key).unwrap()).collect()
    })
}

pub fn manifest(signers: &[RsaSigner], box_key: &SigningKey) -> Manifest {
    let mark = |id: &str, label: &str, label_en: &str, kind, points_hundredths| Mark {
        id: id.into(),
        label: label.into(),
        label_en: label_en.into(),
        kind,
        points_hundredths,
    };
    let group = |id: &str, name: &str, weight_bp, recuses| ManifestGroup {
        id: id.into(),
        name: name.into(),
        weight_bp,
        recuses,
    };
    let places = (SHEET..=ROWS).flat_map(|c| ["A", "B"].map(|g| (c, g)));
    Manifest {
        format: FORMAT.into(),
        meeting: "m-2026".into(),
        title: "2026年度述职评议会".into(),
        round: 1,
        contests: (1..=ROWS)
            .map(|c| Contest {
                c,
                subject: c * 10,
                branch: format!("第{c}党支部"),
                secretary: format!("书记{c}"),
                without: Vec::new(),
            })
            .collect(),
        groups: vec![group("A", "党委委员", 6_000, false), group("B", "支部书记", 4_000, true)],
        items: Vec::new(),
        scale: vec![
            mark("hao", "好", "Good", MarkKind::Grade, 10_000),
            mark("jiaohao", "较好", "Fairly good", MarkKind::Grade, 8_000),
            mark("cha", "差", "Poor", MarkKind::Grade, 4_000),
            mark("bliaojie", "不了解", "Don’t know", MarkKind::Unknown, 0),
        ],
        own_branch: OwnBranch::Recused,
        sheet_rules: pingyi_rules::form::SheetRules::default(),
        scoring: serde_json::json!({"abstain": "exclude", "decimals": 2}),
        k_min: 5,
        opinions: true,
        opinions_min: 10,
        group_columns: GroupColumns::Shown,
        live: Live::Tally,
        pool_k: 5,
        record: Record::Open,
        reissues_max: 2,
        keys: places
            .zip(signers)
            .map(|((c, g), signer)| ManifestKey {
                c,
                g: g.into(),
                spki: BASE64URL_NOPAD.encode(signer.public().spki()),
            })
            .collect(),
        box_key: BASE64URL_NOPAD.encode(box_key.verifying_key().as_bytes()),
        seal_key: BASE64URL_NOPAD.encode(&seal_key().public()),
    }
}

/// The same in every test, as the token keys are.
pub fn seal_key() -> SealKey {
    SealKey::from_bytes(&[9; 32]).unwrap()
}

impl Round {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Manifest)) -> Self {
        let (signers, box_key) = (signers(), SigningKey::from_bytes(&[7; 32]));
        let mut manifest = manifest(signers, &box_key);
        change(&mut manifest);
        Self { frozen: Frozen::new(manifest).unwrap(), signers, box_key }
    }

    pub fn signer(&self, contest: u16, group: &str) -> &RsaSigner {
        &self.signers[usize::from(contest) * 2 + usize::from(group == "B")]
    }

    pub fn paper(&self, contest: u16, group: &str, rng: &mut StdRng) -> PhoneToken {
        let key = self.frozen.key(contest, group).unwrap();
        let blinding = Blinding::new(key, contest, rng).unwrap();
        let answer = self.signer(contest, group).blind_sign(&blinding.blinded).unwrap();
        blinding.finalize(key, &answer).unwrap()
    }

    /// A phone of a group with a paper for the sheet and each row but the recused one.
    pub fn phone(&self, group: &'static str, recused: Option<u16>, seed: u64) -> Phone<'_> {
        let mut rng = StdRng::seed_from_u64(seed);
        let contests = (SHEET..=ROWS).filter(|c| Some(*c) != recused);
        let papers = contests.map(|contest| self.paper(contest, group, &mut rng)).collect();
        Phone { round: self, group, papers, written: Vec::new(), rng }
    }
}

pub struct Phone<'a> {
    round: &'a Round,
    pub group: &'static str,
    pub papers: Vec<PhoneToken>,
    /// What the voter writes about rows.
    pub written: Vec<(u16, String)>,
    pub rng: StdRng,
}

impl Phone<'_> {
    /// Fills in the sheet: `marks` from row 1 on, `""` for a blank row.
    pub fn fills_in(&mut self, marks: [&str; ROWS as usize]) -> Batch {
        let mark_of = |row: u16| Some(marks[usize::from(row) - 1].to_owned()).filter(|mark| !mark.is_empty());
        phone::fill_in(&self.round.frozen, self.group, &self.papers, mark_of, &self.written, &mut self.rng)
    }

    /// Signs one row anew, as only the owner of the paper can.
    pub fn signs(&self, contest: u16, mark: &str) -> Ballot {
        self.signs_answer(contest, row_answer(mark))
    }

    pub fn signs_answer(&self, contest: u16, answer: String) -> Ballot {
        let paper = self.papers.iter().find(|paper| paper.contest == contest).unwrap();
        phone::sign(&self.round.frozen, self.group, paper, answer)
    }
}

/// The batch's ballot of a contest.
pub fn at(batch: &mut Batch, contest: u16) -> &mut Ballot {
    batch.ballots.iter_mut().find(|ballot| ballot.contest == contest).unwrap()
}
