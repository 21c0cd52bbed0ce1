//! Whose code is in the binary and its pages, and under what licences: a text, for `pingyi notices` and for `/notices`.

use std::io::Write as _;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Each package with its version and licence, then the texts. `server/notices.mjs` writes it; rule y12 holds it fresh.
pub const NOTICES: &str = include_str!("notices.txt");

static ZIPPED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // A vector takes every byte.
    let _ = encoder.write_all(NOTICES.as_bytes());
    encoder.finish().unwrap_or_default()
});

/// The text as gzip (RFC 1952), compressed once.
#[must_use]
pub fn zipped() -> &'static [u8] {
    &ZIPPED
}

/// Writes them to the terminal. A reader that ends early, as `head` does, is no fault.
pub fn print() {
    let _ = std::io::stdout().write_all(NOTICES.as_bytes());
}
