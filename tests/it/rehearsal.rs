//! Whole meetings with simulated screens over real HTTP and WebSockets, on a loopback port.

mod kiosk;
mod meetings;
mod phones;
mod sheets;

use std::path::PathBuf;

use pingyi::folder::{self, Folder, ReportLanguage};

/// A shipped meeting.
pub fn shipped(name: &str) -> Folder {
    folder::read(&path(name), ReportLanguage::English).unwrap()
}

pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../meetings").join(name)
}
