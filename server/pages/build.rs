//! Builds the web client when its sources changed: `npm ci` and `node build.mjs`, which leaves in `dist/embedded/` what is
//! embedded, compressed and cut already.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

mod node;

/// What the client is built from.
const SOURCES: [&str; 13] = [
    "src",
    "index.html",
    "chair.html",
    "screen.html",
    "print.html",
    "verify.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
    "build.mjs",
    "embed.mjs",
    "policy.mjs",
];

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            // Cargo shows what a failing build script wrote.
            let _ = writeln!(std::io::stderr(), "\n{what}\n");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").ok_or("run this with cargo")?);
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("run this with cargo")?);
    let client = here.join("../../web-client");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", client.join(source).display());
    }
    if let Some(warning) = node::check()? {
        println!("cargo:warning={warning}");
    }
    install(&client)?;
    run(&client, "node", &["build.mjs"])?;
    let embedded = client.join("dist").join("embedded");
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", embedded.display());
    for file in std::fs::read_dir(&embedded).map_err(unreadable)? {
        let file = file.map_err(unreadable)?;
        std::fs::copy(file.path(), out.join(file.file_name()))
            .map_err(|error| format!("{} cannot be copied: {error}", file.path().display()))?;
    }
    Ok(())
}

/// `npm ci`, unless the installed packages are those of the lock file already.
fn install(client: &Path) -> Result<(), String> {
    let lock_file = client.join("package-lock.json");
    let lock = std::fs::read(&lock_file).map_err(|error| format!("{} cannot be read: {error}", lock_file.display()))?;
    let stamp = client.join("node_modules").join(".pingyi-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(client, node::NPM, &["ci", "--no-audit", "--no-fund"])?;
    std::fs::write(&stamp, lock).map_err(|error| format!("{} cannot be written: {error}", stamp.display()))
}

fn run(client: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let status = Command::new(program).args(arguments).current_dir(client).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            Err(format!("The web client could not be built: `{program} {}` ended with {status}.", arguments.join(" ")))
        }
        Err(error) => Err(format!(
            "The web client could not be built: `{program}` did not start ({error}). Install {}, then build again.",
            node::NODE
        )),
    }
}
