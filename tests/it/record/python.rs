//! The second verifier, and the browser's, asked about a whole batch of records at once. They answer with exit codes.

use std::io::Write;
use std::process::Command;
use std::sync::OnceLock;

use data_encoding::BASE64;

/// A Python that has `cryptography`: the first on the path, or else the system's.
fn python() -> &'static str {
    static PYTHON: OnceLock<&str> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let can = |python: &&str| {
            Command::new(python).args(["-c", "import cryptography"]).output().is_ok_and(|done| done.status.success())
        };
        ["python3", "/usr/bin/python3"].into_iter().find(can).expect("tests/run installs python3-cryptography")
    })
}

pub fn verify_py() -> Command {
    let mut command = Command::new(python());
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/verify.py"));
    command
}

/// The verdicts of the browser's verifier, run by node.
pub fn browser_verdicts(asked: &[(Vec<u8>, Option<Vec<u8>>)]) -> Vec<u8> {
    let client = concat!(env!("CARGO_MANIFEST_DIR"), "/../web-client");
    in_halves(asked, || {
        let mut command = Command::new("node");
        command.arg("verify_batch.mjs").current_dir(client);
        command
    })
}

/// The verdicts of tests/verify.py on records with their proofs, in two processes for the two cores.
pub fn verdicts(asked: &[(Vec<u8>, Option<Vec<u8>>)]) -> Vec<u8> {
    in_halves(asked, || {
        let mut command = verify_py();
        command.arg("--batch");
        command
    })
}

fn in_halves(asked: &[(Vec<u8>, Option<Vec<u8>>)], verifier: impl Fn() -> Command + Sync) -> Vec<u8> {
    let halves = asked.split_at(asked.len() / 2);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| batch(halves.0, verifier()));
        let second = batch(halves.1, verifier());
        [first.join().unwrap(), second].concat()
    })
}

fn batch(asked: &[(Vec<u8>, Option<Vec<u8>>)], mut verifier: Command) -> Vec<u8> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for (record, proof) in asked {
        let proof = proof.as_ref().map(|proof| format!(" {}", BASE64.encode(proof))).unwrap_or_default();
        writeln!(file, "{}{proof}", BASE64.encode(record)).unwrap();
    }
    file.flush().unwrap();
    let done = verifier.arg(file.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8(done.stdout).unwrap();
    let verdicts: Vec<u8> = said.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(verdicts.len(), asked.len());
    verdicts
}
