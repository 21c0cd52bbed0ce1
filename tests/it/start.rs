//! Rule y13: `cargo start` on machines that lack something.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, built alone as cargo would.
fn built(folder: &Path) -> PathBuf {
    let program = folder.join("start");
    let source = super::tidy::root().join("server/start/src/main.rs");
    let done = Command::new("rustc").args(["--edition", "2024", "-o"]).arg(&program).arg(source).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    program
}

/// A program of this name that writes one line: the text, and what it was given.
fn plant(folder: &Path, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let file = folder.join(name);
    std::fs::write(&file, format!("#!/bin/sh\necho {text} \"$@\"\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn y13_cargo_start_says_what_is_missing_and_else_runs_the_service() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let program = built(path);
    let start = || -> Output {
        Command::new(&program)
            .args(["demo", "--x"])
            .env("PATH", path)
            .env("CARGO", path.join("cargo"))
            .output()
            .unwrap()
    };
    let refused = |what: &str| {
        let output = start();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{text}");
        assert!(text.contains(what) && text.contains("Install Node.js 22 or 24 with npm"), "{text}");
    };
    plant(path, "cargo", "cargo");
    refused("`node` did not start");
    for old in ["v18.20.4", "v20.18.3", "none"] {
        plant(path, "node", &format!("{old} #"));
        refused(&format!("cannot be built with Node.js {old}"));
    }
    plant(path, "node", "v20.19.0 #");
    refused("`npm` did not start");
    plant(path, "npm", "10 #");
    let answers = |warning: &str| {
        let output = start();
        assert!(output.status.success());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "cargo run --release --package pingyi -- demo --x\n");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), warning);
    };
    answers("Node.js v20.19.0 gets no security fixes any more: install Node.js 22 or 24 with npm.\n");
    plant(path, "node", "v24.1.0 #");
    answers("");
}
