//! Which Node.js the web client can be built with. Asked before anything is installed: npm itself only warns, and then something else
//! fails.

use std::process::Command;

/// Versions that the client is built and tested with; any newer one does too.
pub const NODE: &str = "Node.js 22 or 24 with npm";
/// The oldest that the client can be built with: the bundler's own limit.
const OLDEST: (u32, u32) = (20, 19);
/// The oldest that still gets security fixes.
const OLDEST_KEPT: u32 = 22;
/// npm as it is called here.
pub const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Nothing, or a warning.
///
/// # Errors
/// A sentence that says what is missing or too old, and what to install.
pub fn check() -> Result<Option<String>, String> {
    let version = version_of("node")?;
    let mut numbers = version.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if (major, minor) < OLDEST {
        return Err(format!(
            "The web client cannot be built with Node.js {version}. Install {NODE}, then build again."
        ));
    }
    version_of(NPM)?;
    let is_old = major < OLDEST_KEPT;
    Ok(is_old.then(|| format!("Node.js {version} gets no security fixes any more: install {NODE}.")))
}

fn version_of(program: &str) -> Result<String, String> {
    let answer = Command::new(program).arg("--version").output();
    let answer = answer.map_err(|error| {
        format!("The web client needs Node.js: `{program}` did not start ({error}). Install {NODE}, then build again.")
    })?;
    Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}
