//! Rule r5: both verifiers say the same of thousands of records, good ones and mutated ones. A seed names each of them.

use std::collections::BTreeMap;

use pingyi_rules::ballot::Edition;
use pingyi_rules::ballot::manifest::{GroupColumns, Manifest, Record};
use pingyi_rules::ballot::record::{ImportedRow, Variant};
use pingyi_rules::ballot::verify::FORM_ONLY;
use pingyi_rules::form::{MarkKind, OwnBranch};
use pingyi_rules::scoring::{
    Combination, Component, Gate, MissingGroup, MissingItem, Quota, QuotaLimit, QuotaRounding, RowPolicy, Rules,
    TieBreak, Trim,
};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use serde_json::{Value, json};

use super::fixtures::{Forgery, Poll, Voters, bands, ends_together, itemised, matched, rules};
use super::python::{self, Asked};

const POLLS: u64 = 40;
const MUTATIONS: u64 = 60;

fn random_rules(rng: &mut StdRng) -> Rules {
    let policy = |rng: &mut StdRng| {
        if rng.random() { RowPolicy::Exclude } else { RowPolicy::PointsHundredths(rng.random_range(0..9_999)) }
    };
    let limit = rng.random_range(0..=10_000);
    let quota = Quota {
        limit: if rng.random() { QuotaLimit::MaxTopBp(limit) } else { QuotaLimit::MinBelowTopBp(limit) },
        rounding: *[QuotaRounding::Floor, QuotaRounding::HalfUp, QuotaRounding::Ceil].choose(rng).unwrap(),
    };
    let ties = [TieBreak::TopRate, TieBreak::GroupMean("B".to_owned()), TieBreak::GroupMean("A".to_owned())];
    Rules {
        decimals: rng.random_range(0..=4),
        abstain: policy(rng),
        unknown: policy(rng),
        trim: rng.random::<bool>().then(|| Trim { more_than_rows: rng.random_range(2..6) }),
        missing_group: *[MissingGroup::Renormalise, MissingGroup::Zero, MissingGroup::Block].choose(rng).unwrap(),
        tie_breaks: ties[..rng.random_range(0..=3)].to_vec(),
        bands: if rng.random_bool(0.8) { bands() } else { Vec::new() },
        quota: None,
        ..Rules::default()
    }
    .with_quota(rng.random_bool(0.6).then_some(quota))
    .with_combination(rng.random_bool(0.4).then(|| random_combination(rng)))
}

fn random_combination(rng: &mut StdRng) -> Combination {
    let share_bp = rng.random_range(0..=10_000);
    let gate = |rng: &mut StdRng| Gate {
        component: rng.random_range(0..2),
        below_hundredths: rng.random_range(0..10_000),
        best_band: rng.random_range(0..3),
    };
    Combination {
        evaluation_share_bp: 10_000 - share_bp,
        components: vec![Component { name: "daily".to_owned(), share_bp }],
        gates: (0..rng.random_range(0..3)).map(|_| gate(rng)).collect(),
    }
}

/// What was imported of each row: mostly a value, sometimes none, with or without an adjustment and a cap.
fn random_imported(rng: &mut StdRng, has_bands: bool) -> Vec<ImportedRow> {
    let values = ["91", "0.0001", "88.5", "9999.9999", "60", ""];
    let adjustments = ["", "", "1.25", "-0.5", "-9000"];
    let row = |c| ImportedRow {
        adjustment: (*adjustments.choose(rng).unwrap()).to_owned(),
        best_band: if has_bands { rng.random_range(0..3) } else { 0 },
        c,
        components: vec![(*values.choose(rng).unwrap()).to_owned()],
    };
    (1..=3).map(row).collect()
}

trait WithQuota {
    fn with_quota(self, quota: Option<Quota>) -> Self;
    fn with_combination(self, combination: Option<Combination>) -> Self;
}

impl WithQuota for Rules {
    fn with_quota(self, quota: Option<Quota>) -> Self {
        Self { quota: quota.filter(|_| !self.bands.is_empty()), ..self }
    }

    fn with_combination(self, combination: Option<Combination>) -> Self {
        // A gate names a band.
        let without_gates = |it: Combination| Combination { gates: Vec::new(), ..it };
        let combination = combination.map(|it| if self.bands.is_empty() { without_gates(it) } else { it });
        Self { combination, ..self }
    }
}

fn random_manifest(manifest: &mut Manifest, rng: &mut StdRng) {
    manifest.scoring = rules(&random_rules(rng));
    manifest.k_min = rng.random_range(1..7);
    manifest.groups[0].weight_bp = rng.random_range(0..=10_000);
    manifest.groups[1].weight_bp = 10_000 - manifest.groups[0].weight_bp;
    manifest.round = rng.random_range(1..9);
    for mark in manifest.scale.iter_mut().filter(|mark| mark.kind == MarkKind::Grade) {
        mark.points_hundredths = rng.random_range(0..10_001);
    }
    if rng.random_bool(0.2) {
        manifest.group_columns = GroupColumns::TotalsOnly;
    }
    if rng.random_bool(0.3) {
        manifest.own_branch = OwnBranch::Allowed;
        manifest.scale[3].kind = MarkKind::Abstain;
    }
    if rng.random_bool(0.4) {
        let form = if rng.random() { itemised } else { matched };
        form(manifest, *[MissingItem::Require, MissingItem::Renormalise].choose(rng).unwrap());
    }
    manifest.sheet_rules.worst_reason = manifest.opinions && rng.random_bool(0.2);
    if rng.random_bool(0.4) {
        manifest.record = Record::Sealed;
    }
    if rng.random_bool(0.3) {
        manifest.format = Edition::First.manifest().to_owned();
    }
}

fn random_poll(seed: u64) -> Poll {
    let rng = &mut StdRng::seed_from_u64(seed);
    let voters = Voters {
        a: rng.random_range(0..7),
        b: rng.random_range(0..7),
        recused: rng.random::<bool>().then(|| rng.random_range(1..=3)),
    };
    let changes = rng.random();
    let mut poll = Poll::of(voters, seed, |manifest| random_manifest(manifest, &mut StdRng::seed_from_u64(changes)));
    let scoring = &poll.round.frozen.manifest().scoring;
    if scoring.get("combination").is_some() {
        poll.inputs.imported = random_imported(rng, scoring["bands"].as_array().is_some_and(|bands| !bands.is_empty()));
        if rng.random_bool(0.3) {
            poll.inputs.imported.pop();
        }
    }
    if !rng.random_bool(0.5) {
        return poll;
    }
    let poll = poll.with_paper(rng.random_range(4..9), rng.random_range(0..2));
    if rng.random() { poll.with_paper_of_a_leader(rng.random_range(1..=3)) } else { poll }
}

/// Every place in a value, as the steps to it.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| places(value, &format!("{here}/{name}"), found));
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(at, value)| places(value, &format!("{here}/{at}"), found));
        }
        _ => {}
    }
}

/// One small change at a random place.
fn mutate(value: &mut Value, rng: &mut StdRng) {
    let mut found = Vec::new();
    // Ballots have most of the places; half of the changes are made elsewhere.
    let part = value.as_object().and_then(|members| members.keys().nth(rng.random_range(0..members.len())).cloned());
    let part = part.filter(|_| rng.random_bool(0.8)).unwrap_or_default();
    match value.get(&part) {
        Some(inside) => places(inside, &format!("/{part}"), &mut found),
        None => places(value, "", &mut found),
    }
    let place = found.choose(rng).cloned().unwrap_or_default();
    let Some(here) = value.pointer_mut(&place) else { return };
    match here {
        Value::Number(number) => {
            let old = number.as_i64().unwrap_or(0);
            let new = [old + 1, old - 1, 0, 1_000_001, 4_294_967_295, 4_294_967_296, -old];
            *here = json!(new.choose(rng).unwrap());
        }
        Value::String(text) => change_text(text, rng),
        Value::Bool(flag) => *flag = !*flag,
        Value::Null => *here = [json!(0), json!("1.00"), json!([]), json!({})].choose(rng).unwrap().clone(),
        Value::Array(values) if !values.is_empty() => {
            let (a, b) = (rng.random_range(0..values.len()), rng.random_range(0..values.len()));
            match rng.random_range(0..4) {
                0 => values.swap(a, b),
                1 => drop(values.remove(a)),
                2 => values.push(values[a].clone()),
                _ => *here = Value::Null,
            }
        }
        Value::Object(members) if !members.is_empty() => {
            let name = members.keys().nth(rng.random_range(0..members.len())).cloned().unwrap_or_default();
            match rng.random_range(0..3) {
                0 => drop(members.remove(&name)),
                1 => drop(members.insert("extra".to_owned(), json!(1))),
                _ => *here = Value::Null,
            }
        }
        other => *other = json!(rng.random_range(0..3)),
    }
}

/// One change that keeps the form: what somebody would do who wants another result.
fn forge(value: &mut Value, rng: &mut StdRng) {
    let list = if value["ballots"].is_array() { "ballots" } else { "leaves" };
    let ballots = value[list].as_array().map_or(0, Vec::len);
    if value["sealed"].is_array() && rng.random_bool(0.15) {
        let named = ["record", "items", "hidden", "channel", "withheld"].into_iter().filter(|_| rng.random_bool(0.3));
        value["sealed"] = json!(named.collect::<Vec<_>>());
        return;
    }
    if ballots >= 2 && rng.random_bool(0.5) {
        let (a, b) = (rng.random_range(0..ballots), rng.random_range(0..ballots));
        let other = value[list][b].clone();
        let listed = value[list].as_array_mut().unwrap();
        let field = *["a", "c", "g", "pk", "s", "tk"].choose(rng).unwrap();
        match rng.random_range(0..4) {
            0 => drop(listed.remove(a)),
            1 => listed.push(other),
            2 => listed.swap(a, b),
            _ if list == "ballots" => listed[a][field] = other[field].clone(),
            _ => listed[a] = other,
        }
        return;
    }
    let part = *[
        "/tally",
        "/tally/rows",
        "/tally/sheets",
        "/tally",
        "/issuance",
        "/left_out",
        "/paper",
        "/manifest/scale",
        "/imported",
    ]
    .choose(rng)
    .unwrap();
    let mut found = Vec::new();
    if let Some(inside) = value.pointer(part) {
        places(inside, part, &mut found);
    }
    let is_figure = |place: &&String| {
        let name = place.rsplit('/').next().unwrap_or_default();
        let is_number = matches!(value.pointer(place), Some(Value::Number(_))) && !["c", "weight_bp"].contains(&name);
        is_number
            || place.contains("/components/")
            || ["score", "mean", "groups", "total", "adjustment"].contains(&name)
    };
    let figures: Vec<&String> = found.iter().filter(is_figure).collect();
    let (Some(place), Some(other)) = (figures.choose(rng), figures.choose(rng)) else { return };
    let other = value.pointer(other).cloned().unwrap_or_default();
    let Some(here) = value.pointer_mut(place) else { return };
    match here {
        Value::Number(number) => {
            let old = number.as_i64().unwrap_or(0);
            *here = json!((old + [1, -1, 2, -2].choose(rng).unwrap()).max(0));
        }
        Value::String(text) if rng.random() => *text = "77.77".to_owned(),
        other_text if other.is_string() => *other_text = other,
        _ => *here = Value::Null,
    }
}

fn change_text(text: &mut String, rng: &mut StdRng) {
    let mut letters: Vec<char> = text.chars().collect();
    let letter = *['A', 'b', '0', '9', 'f', '=', '"', '\\', '\n', '\u{7f}', '好', '😀'].choose(rng).unwrap();
    let at = rng.random_range(0..=letters.len());
    match (rng.random_range(0..3), at < letters.len()) {
        (0, true) => drop(letters.remove(at)),
        (1, true) => letters[at] = letter,
        _ => letters.insert(at, letter),
    }
    *text = letters.into_iter().collect();
}

/// A record that was mutated, and put right again in some of its parts.
fn mutated(poll: &Poll, rng: &mut StdRng) -> Vec<u8> {
    let mut variant = *[Variant::Whole, Variant::Whole, Variant::Sealed, Variant::Withheld].choose(rng).unwrap();
    if poll.makes(variant).is_none() {
        variant = Variant::Withheld;
    }
    let mut forgery: Forgery = poll.forged_of(variant);
    for _ in 0..rng.random_range(1..3) {
        if rng.random_bool(0.85) {
            forge(&mut forgery.value, rng);
        } else {
            mutate(&mut forgery.value, rng);
        }
    }
    if !forgery.value.is_object() {
        return forgery.bytes();
    }
    if rng.random_bool(0.7) {
        forgery = forgery.hashed();
    }
    if rng.random_bool(0.7) {
        forgery = forgery.rooted();
    }
    if rng.random_bool(0.8) {
        forgery = forgery.signed();
    }
    let mut bytes = forgery.bytes();
    if rng.random_bool(0.1) && !bytes.is_empty() {
        let at = rng.random_range(0..bytes.len());
        bytes[at] = rng.next_u32().to_le_bytes()[0];
    }
    bytes
}

/// Records that the browser's verifier is asked about too: its signatures take a hundred times as long.
const BROWSER_EVERY: usize = 12;

#[test]
fn slow_r5_r12_all_verifiers_agree_on_random_and_mutated_records() {
    let mut asked = Vec::new();
    for seed in 0..POLLS {
        let poll = random_poll(seed);
        let rng = &mut StdRng::seed_from_u64(seed);
        let proof = (!poll.sheets.is_empty()).then(|| poll.proof(0));
        for variant in [Variant::Whole, Variant::Sealed, Variant::Withheld] {
            let made = poll.makes(variant).unwrap_or_else(|| poll.made(Variant::Withheld));
            asked.push((made.bytes, proof.clone(), None));
        }
        for _ in 0..MUTATIONS {
            // Beside some of them the whole record, which is as often another one.
            let whole = rng.random_bool(0.2).then(|| if rng.random() { poll.record() } else { mutated(&poll, rng) });
            asked.push((mutated(&poll, rng), proof.clone().filter(|_| rng.random_bool(0.2)), whole));
        }
    }
    let second = python::verdicts_together(&asked);
    let some: Vec<Asked> = asked.iter().step_by(BROWSER_EVERY).cloned().collect();
    let mut third = python::browser_verdicts_together(&some).into_iter();
    let mut seen: BTreeMap<u8, usize> = BTreeMap::new();
    let each = usize::try_from(MUTATIONS).unwrap() + 3;
    for (at, (asked, second)) in asked.iter().zip(second).enumerate() {
        let first = ends_together(asked);
        let text = String::from_utf8_lossy(&asked.0);
        assert_eq!(first, second, "poll {}, record {}:\n{text}", at / each, at % each);
        let third = if at % BROWSER_EVERY == 0 { third.next().unwrap() } else { first };
        assert_eq!(first, third, "in the browser: poll {}, record {}:\n{text}", at / each, at % each);
        let good = [0, FORM_ONLY, FORM_ONLY].get(at % each);
        assert!(good.is_none_or(|good| first == *good), "poll {} gave a bad record: {first}\n{text}", at / each);
        *seen.entry(first).or_default() += 1;
    }
    println!("verdicts: {seen:?}");
    assert!(
        asked.len() > 2_000 && seen.len() >= 16 && seen[&13] < asked.len() / 2,
        "the mutations reach few checks: {seen:?}"
    );
}
