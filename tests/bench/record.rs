//! A record of 10,000 voters with 8 rows: made, checked, and what the checking process takes: `cargo bench --bench record`.
//! `-- 1000` takes another number of voters. Papers are really signed, so setting up takes minutes.
#![expect(clippy::unwrap_used, reason = "a benchmark that panics has measured nothing, and says so")]

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Instant;

use ed25519_dalek::SigningKey;
use pingyi::rehearsal::blinding::Blinding;
use pingyi::signer::{BlindSign, RsaSigner};
use pingyi_rules::ballot::manifest::{Contest, ManifestKey};
use pingyi_rules::ballot::phone::{self, PhoneToken};
use pingyi_rules::ballot::record::{self, BoxContents, Issuance, RecordInputs, Variant};
use pingyi_rules::ballot::verify::verify;
use pingyi_rules::ballot::{Ballot, Frozen, Manifest};
use pingyi_rules::scoring::Rules;
use rand::SeedableRng;
use rand::rngs::StdRng;

const ROWS: u16 = 8;
const VOTERS: u32 = 10_000;
/// Voters whose papers are blinded together.
const AT_ONCE: usize = 100;

fn main() {
    let voters = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(VOTERS);
    let (frozen, signers, box_key) = round();
    let begun = Instant::now();
    let contents = BoxContents { ballots: cast(&frozen, &signers, voters), opinions: Vec::new() };
    println!("{voters} voters, {} ballots; set up in {:.0} s", contents.ballots.len(), begun.elapsed().as_secs_f64());
    let issuance = vec![Issuance { g: "A".into(), eligible: voters, issued: voters, reissued: 0 }];
    let inputs = RecordInputs { issuance, left_out: Vec::new(), paper: BTreeMap::new(), imported: Vec::new() };
    let begun = Instant::now();
    let made = record::make(&frozen, &box_key, &inputs, &contents, Variant::Whole).unwrap();
    println!(
        "{:<44} {:>8.2} s   {:.1} MB",
        "make the record",
        begun.elapsed().as_secs_f64(),
        megabytes(made.bytes.len())
    );
    drop(contents);
    let begun = Instant::now();
    verify(&made.bytes, None, &|_, _| {}).unwrap();
    println!("{:<44} {:>8.2} s", "check it, in this process", begun.elapsed().as_secs_f64());
    by_itself(&made.bytes);
}

/// `pingyi verify` on a file, and the most memory that it had.
fn by_itself(bytes: &[u8]) {
    let file = std::env::temp_dir().join(format!("pingyi-record-{}.json", std::process::id()));
    std::fs::write(&file, bytes).unwrap();
    let begun = Instant::now();
    let mut child =
        Command::new(env!("CARGO_BIN_EXE_pingyi")).arg("verify").arg(&file).stdout(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most_kib: u64 = 0;
    while child.try_wait().unwrap().is_none() {
        // Where there is no such file, only the time is told.
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = told.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        most_kib = most_kib.max(peak.unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(child.wait().unwrap().success());
    let took = begun.elapsed().as_secs_f64();
    println!("{:<44} {took:>8.2} s   {} MiB (goal 15 s, 300 MiB)", "pingyi verify", most_kib / 1024);
    std::fs::remove_file(file).unwrap();
}

fn round() -> (Frozen, Vec<RsaSigner>, SigningKey) {
    // Any good manifest will do to start from; its keys and rows are replaced.
    let exchanged: serde_json::Value = serde_json::from_str(include_str!("../vectors/papers_rust.json")).unwrap();
    let mut manifest = Manifest::parse(exchanged["manifest"].as_str().unwrap().as_bytes()).unwrap().manifest().clone();
    let box_key = SigningKey::from_bytes(&[7; 32]);
    let signers: Vec<RsaSigner> = (0..=ROWS).map(|_| RsaSigner::generate().unwrap()).collect();
    let spki = |signer: &RsaSigner| data_encoding::BASE64URL_NOPAD.encode(signer.public().spki());
    manifest.groups.truncate(1);
    manifest.groups[0].weight_bp = 10_000;
    let row = manifest.contests[0].clone();
    manifest.contests = (1..=ROWS).map(|c| Contest { c, subject: c, ..row.clone() }).collect();
    manifest.keys =
        signers.iter().zip(0..).map(|(signer, c)| ManifestKey { c, g: "A".into(), spki: spki(signer) }).collect();
    manifest.scoring = serde_json::to_value(Rules::default()).unwrap();
    manifest.box_key = data_encoding::BASE64URL_NOPAD.encode(box_key.verifying_key().as_bytes());
    (Frozen::new(manifest).unwrap(), signers, box_key)
}

fn cast(frozen: &Frozen, signers: &[RsaSigner], voters: u32) -> Vec<Ballot> {
    let halves = [0, 1].map(|half| (voters + half) / 2);
    std::thread::scope(|scope| {
        let working = halves.map(|voters| scope.spawn(move || cast_half(frozen, signers, voters as usize)));
        working.into_iter().flat_map(|half| half.join().unwrap()).collect()
    })
}

fn cast_half(frozen: &Frozen, signers: &[RsaSigner], voters: usize) -> Vec<Ballot> {
    let mut rng = StdRng::from_rng(&mut rand::rng());
    let marks = frozen.grades().into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut ballots = Vec::new();
    for from in (0..voters).step_by(AT_ONCE) {
        let number = AT_ONCE.min(voters - from);
        let mut papers: Vec<Vec<PhoneToken>> = vec![Vec::new(); number];
        for (contest, signer) in (0..).zip(signers) {
            let key = frozen.key(contest, "A").unwrap();
            for (blinding, papers) in Blinding::many(key, contest, number, &mut rng).unwrap().iter().zip(&mut papers) {
                papers.push(blinding.finalize(key, &signer.blind_sign(&blinding.blinded).unwrap()).unwrap());
            }
        }
        for (voter, papers) in papers.iter().enumerate() {
            let mark = |row: u16| Some(marks[(voter + usize::from(row)) % marks.len()].clone());
            ballots.extend(phone::fill_in(frozen, "A", papers, mark, &[], &mut rng).ballots);
        }
    }
    ballots
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
