//! `cargo start`: says what a machine lacks before anything is built, then builds the service and starts it. Cargo alone would come to
//! the web client, and to Node.js, after most crates.

use std::io::Write as _;
use std::process::{Command, ExitCode};

#[path = "../../pages/node.rs"]
mod node;

fn main() -> ExitCode {
    match node::check() {
        Ok(None) => {}
        Ok(Some(warning)) => say(&warning),
        Err(missing) => {
            say(&missing);
            return ExitCode::FAILURE;
        }
    }
    // Cargo names itself to what it runs.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut run = Command::new(cargo);
    run.args(["run", "--release", "--package", "pingyi", "--"]).args(std::env::args_os().skip(1));
    let error = replace_with(run);
    say(&format!("Cargo did not start: {error}"));
    ExitCode::FAILURE
}

/// Runs it in place of this process, so that signals and what it ends with are its own; comes back only if it did not start.
#[cfg(unix)]
fn replace_with(mut command: Command) -> std::io::Error {
    use std::os::unix::process::CommandExt as _;
    command.exec()
}

/// Runs it and ends with what it ended with; comes back only if it did not start.
#[cfg(not(unix))]
fn replace_with(mut command: Command) -> std::io::Error {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

fn say(line: &str) {
    // Where even this cannot be written there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}
