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

/// A record, and beside it a proof and the whole record, where there are any.
pub type Asked = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

fn without_whole(asked: &[(Vec<u8>, Option<Vec<u8>>)]) -> Vec<Asked> {
    asked.iter().map(|(record, proof)| (record.clone(), proof.clone(), None)).collect()
}

/// The verdicts of the browser's verifier, run by node.
pub fn browser_verdicts(asked: &[(Vec<u8>, Option<Vec<u8>>)]) -> Vec<u8> {
    browser_verdicts_together(&without_whole(asked))
}

/// The same of records with the whole ones beside them.
pub fn browser_verdicts_together(asked: &[Asked]) -> Vec<u8> {
    in_halves(asked, in_node)
}

/// The verdicts of tests/verify.py on records with their proofs, in two processes for the two cores.
pub fn verdicts(asked: &[(Vec<u8>, Option<Vec<u8>>)]) -> Vec<u8> {
    verdicts_together(&without_whole(asked))
}

/// The same of records with the whole ones beside them.
pub fn verdicts_together(asked: &[Asked]) -> Vec<u8> {
    in_halves(asked, || {
        let mut command = verify_py();
        command.arg("--batch");
        command
    })
}

/// The verdicts of tests/verify.py on proofs of fraud without a record.
pub fn fraud_verdicts(proofs: &[Vec<u8>]) -> Vec<u8> {
    let mut command = verify_py();
    command.arg("--batch");
    lines(&proofs.iter().map(|proof| format!("- {} -", BASE64.encode(proof))).collect::<Vec<_>>(), command)
}

/// Those of the browser's verifier.
pub fn browser_fraud_verdicts(proofs: &[Vec<u8>]) -> Vec<u8> {
    lines(&proofs.iter().map(|proof| format!("- {} -", BASE64.encode(proof))).collect::<Vec<_>>(), in_node())
}

fn in_node() -> Command {
    let mut command = Command::new("node");
    command.arg("verify_batch.mjs").current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../web-client"));
    command
}

fn in_halves(asked: &[Asked], verifier: impl Fn() -> Command + Sync) -> Vec<u8> {
    let halves = asked.split_at(asked.len() / 2);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| batch(halves.0, verifier()));
        let second = batch(halves.1, verifier());
        [first.join().unwrap(), second].concat()
    })
}

fn batch(asked: &[Asked], verifier: Command) -> Vec<u8> {
    let beside = |file: &Option<Vec<u8>>| file.as_ref().map_or("-".to_owned(), |bytes| BASE64.encode(bytes));
    let line =
        |(record, proof, whole): &Asked| format!("{} {} {}", BASE64.encode(record), beside(proof), beside(whole));
    lines(&asked.iter().map(line).collect::<Vec<_>>(), verifier)
}

fn lines(asked: &[String], mut verifier: Command) -> Vec<u8> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for line in asked {
        writeln!(file, "{line}").unwrap();
    }
    file.flush().unwrap();
    let done = verifier.arg(file.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8(done.stdout).unwrap();
    let verdicts: Vec<u8> = said.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(verdicts.len(), asked.len());
    verdicts
}
