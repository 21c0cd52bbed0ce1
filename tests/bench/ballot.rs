//! What secrecy costs, on one core: `cargo bench --bench ballot`. Prints the median of each step; nothing here can fail a test.
#![expect(clippy::unwrap_used, reason = "a benchmark that panics has measured nothing, and says so")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use pingyi::rehearsal::blinding::Blinding;
use pingyi::signer::{BlindSign, RsaSigner};
use pingyi_rules::ballot::check::check_ballot;
use pingyi_rules::ballot::manifest::{Contest, ManifestKey};
use pingyi_rules::ballot::phone;
use pingyi_rules::ballot::{Batch, Frozen, Manifest, check, receipt};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// Rows of the measured sheet; with the sheet itself, nine items.
const ROWS: u16 = 8;

fn median(what: &str, repeats: usize, mut step: impl FnMut()) {
    let mut took: Vec<Duration> = (0..repeats)
        .map(|_| {
            let start = Instant::now();
            step();
            start.elapsed()
        })
        .collect();
    took.sort_unstable();
    println!("{what:<44} {:>10.1} µs", took[repeats / 2].as_secs_f64() * 1e6);
}

fn main() {
    // Any good manifest will do to start from; its keys and rows are replaced.
    let exchanged: serde_json::Value = serde_json::from_str(include_str!("../vectors/papers_rust.json")).unwrap();
    let start = Manifest::parse(exchanged["manifest"].as_str().unwrap().as_bytes()).unwrap();
    let box_key = SigningKey::from_bytes(&[7; 32]);
    let signers: Vec<RsaSigner> = (0..=ROWS).map(|_| RsaSigner::generate().unwrap()).collect();
    let mut manifest = start.manifest().clone();
    manifest.groups.truncate(1);
    manifest.groups[0].weight_bp = 10_000;
    let row = manifest.contests[0].clone();
    manifest.contests = (1..=ROWS).map(|c| Contest { c, subject: c, ..row.clone() }).collect();
    manifest.keys = signers
        .iter()
        .zip(0..)
        .map(|(signer, c)| ManifestKey {
            c,
            g: "A".into(),
            spki: data_encoding::BASE64URL_NOPAD.encode(signer.public().spki()),
        })
        .collect();
    let frozen = Frozen::new(manifest).unwrap();
    let mut rng = StdRng::seed_from_u64(1);
    let key = frozen.key(0, "A").unwrap();
    let blinding = Blinding::new(key, 0, &mut rng).unwrap();
    let answer = signers[0].blind_sign(&blinding.blinded).unwrap();
    let paper = blinding.finalize(key, &answer).unwrap();
    let pk = SigningKey::from_bytes(&paper.secret).verifying_key().to_bytes();

    median("make a token key", 20, || {
        black_box(RsaSigner::generate().unwrap());
    });
    median("issuer: sign one blinded message", 2_000, || {
        black_box(signers[0].blind_sign(&blinding.blinded).unwrap());
    });
    median("phone (Rust): blind one", 2_000, || {
        black_box(Blinding::new(key, 0, &mut rng).unwrap());
    });
    median("phone (Rust): blind 10 for one key", 500, || {
        black_box(Blinding::many(key, 0, 10, &mut rng).unwrap());
    });
    median("phone (Rust): finalize one", 2_000, || {
        black_box(blinding.finalize(key, &answer).unwrap());
    });
    median("box: check one token", 2_000, || assert!(key.is_good(&pk, &paper.token)));

    let papers: Vec<_> = (0..=ROWS)
        .map(|c| {
            let key = frozen.key(c, "A").unwrap();
            let blinding = Blinding::new(key, c, &mut rng).unwrap();
            let answer = signers[usize::from(c)].blind_sign(&blinding.blinded).unwrap();
            blinding.finalize(key, &answer).unwrap()
        })
        .collect();
    let mark = |_| Some("hao".to_owned());
    let batch = phone::fill_in(&frozen, "A", &papers, mark, &[], &mut rng);
    let body = phone::body(&frozen, &batch);
    median("phone (Rust): fill in a sheet of 8 rows", 500, || {
        black_box(phone::fill_in(&frozen, "A", &papers, mark, &[], &mut rng));
    });
    median("box: read a cast of 9 items", 2_000, || {
        black_box(Batch::parse(&body).unwrap());
    });
    median("box: read and check a cast of 9 items", 1_000, || {
        black_box(check(&frozen, &Batch::parse(&body).unwrap()).unwrap());
    });
    let ballot = &batch.ballots[0];
    median("box: check one ballot, token and signature", 2_000, || {
        check_ballot(&frozen, ballot).unwrap();
    });
    let leaf = batch.ballots[0].leaf();
    median("box: sign one receipt", 2_000, || {
        black_box(receipt::sign(&box_key, frozen.hash(), &leaf));
    });
    println!("a cast of 9 items: {} bytes", body.len());
}
