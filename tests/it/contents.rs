//! What a directory holds, also while a server writes in it.

use std::io;
use std::path::{Path, PathBuf};

/// How often a directory is read in which files come and go.
const TRIES: usize = 1_000;

/// Every file below a folder with its bytes. A new file is written under another name first: where one is gone before it is read,
/// all are read again, so that none is left out under both names.
pub fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    for _ in 0..TRIES {
        match read(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            found => return found.unwrap(),
        }
    }
    panic!("{} is never still", folder.display())
}

fn read(folder: &Path) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(read(&path)?);
        } else {
            let bytes = std::fs::read(&path)?;
            found.push((path, bytes));
        }
    }
    Ok(found)
}
