//! Builds the web client when its sources changed: `npm ci` and `node build.mjs`, which leaves in `dist/embedded/` what is
//! embedded, compressed and cut already.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

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

/// Versions of Node.js that the client is built and tested with; any newer one does too.
const NODE: &str = "Node.js 22 or 24 with npm";
/// The oldest that the client can be built with: Vite's own limit.
const OLDEST_NODE: (u32, u32) = (20, 19);
/// The oldest that still gets security fixes.
const OLDEST_KEPT_NODE: u32 = 22;

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
    has_node()?;
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

/// Asked before anything is installed: npm itself only warns, and then something else fails.
fn has_node() -> Result<(), String> {
    let answer = Command::new("node").arg("--version").output();
    let answer = answer.map_err(|error| {
        format!("The web client needs Node.js: `node` did not start ({error}). Install {NODE}, then build again.")
    })?;
    let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    let mut numbers = version.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if (major, minor) < OLDEST_NODE {
        return Err(format!(
            "The web client cannot be built with Node.js {version}. Install {NODE}, then build again."
        ));
    }
    if major < OLDEST_KEPT_NODE {
        println!("cargo:warning=Node.js {version} gets no security fixes any more: install {NODE}.");
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
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(client, npm, &["ci", "--no-audit", "--no-fund"])?;
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
            "The web client could not be built: `{program}` did not start ({error}). Install {NODE}, then build again."
        )),
    }
}
