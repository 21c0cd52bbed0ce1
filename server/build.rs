//! Builds the web client when its sources changed, compresses what a phone fetches later, and cuts each page where the server
//! puts in the first view: what stands before and after it is compressed here once, so that a request costs no compression of a
//! whole page.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use flate2::{Compress, Compression, FlushCompress};

/// Where a page takes the first view.
const MARKER: &str = "<!--first-->";
const PAGES: [&str; 6] = ["index", "index.en", "chair", "screen", "print", "verify"];
/// Pages with a policy: those above, and the phone's for a shared tablet.
const POLICIES: [&str; 8] = ["index", "index.en", "kiosk", "kiosk.en", "chair", "screen", "print", "verify"];
/// What a phone's page fetches once it is there: file, name in `OUT_DIR`.
const PARTS: [(&str, &str); 4] =
    [("later.js", "later"), ("kiosk.js", "kiosk"), ("texts/zh.json", "texts_zh"), ("texts/en.json", "texts_en")];
/// What the client is built from.
const SOURCES: [&str; 12] = [
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
    let client = here.join("..").join("web-client");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", client.join(source).display());
    }
    install(&client)?;
    run(&client, "node", &["build.mjs"])?;
    for page in PAGES {
        cut(&client.join("dist").join(format!("{page}.html")), &out, page)?;
    }
    for page in POLICIES {
        let file = format!("{page}.policy");
        write(&out.join(&file), &read(&client.join("dist").join(&file))?)?;
    }
    for (file, name) in PARTS {
        let bytes = read(&client.join("dist").join(file))?;
        write(&out.join(format!("{name}.gz")), &zipped(&bytes)?)?;
        write(&out.join(name), &bytes)?;
    }
    Ok(())
}

/// `npm ci`, unless the installed packages are those of the lock file already.
fn install(client: &Path) -> Result<(), String> {
    let lock = read(&client.join("package-lock.json"))?;
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
            "The web client could not be built: `{program}` did not start ({error}). Install Node.js 20 or newer with npm, then build again."
        )),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))
}

fn cut(file: &Path, out: &Path, page: &str) -> Result<(), String> {
    let html = read(file)?;
    let place = html.windows(MARKER.len()).position(|window| window == MARKER.as_bytes());
    let place = place.ok_or_else(|| format!("{} has no {MARKER}", file.display()))?;
    let (head, tail) = (&html[..place], &html[place + MARKER.len()..]);
    for (name, bytes, flush) in [("head", head, FlushCompress::Full), ("tail", tail, FlushCompress::Finish)] {
        write(&out.join(format!("{page}.{name}.html")), bytes)?;
        write(&out.join(format!("{page}.{name}.deflate")), &deflated(bytes, flush)?)?;
    }
    Ok(())
}

/// Raw deflate blocks (RFC 1951) that can stand before or after others.
fn deflated(bytes: &[u8], flush: FlushCompress) -> Result<Vec<u8>, String> {
    let mut blocks = Vec::with_capacity(bytes.len() + 1024);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(bytes, &mut blocks, flush).map_err(|error| error.to_string())?;
    Ok(blocks)
}

/// A whole gzip file (RFC 1952) without a time.
fn zipped(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = flate2::GzBuilder::new().write(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|error| error.to_string())
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(file, bytes).map_err(|error| format!("{} cannot be written: {error}", file.display()))
}
