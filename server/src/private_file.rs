//! Files that hold secrets: for the server's own user alone, and new, so that nobody who put a file or a link of that name
//! there before can read what is written.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// A file that was not there before, for reading and writing by its owner alone, where the system knows users.
///
/// # Errors
/// As the system's; `AlreadyExists` where there is anything of that name.
pub fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes a whole file durably under another name, then gives it its own: an older one of that name is replaced, not written
/// into.
///
/// # Errors
/// As the system's.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = create_new(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    sync_folder_of(path)
}

/// A name is only safe once its folder is synced; Windows writes names through and cannot open a folder.
///
/// # Errors
/// As the system's.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        // The folder of a plain name is the one that we are in.
        Some(folder) if cfg!(unix) => {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(folder)?.sync_all()
        }
        _ => Ok(()),
    }
}

/// Takes what others may do with a file that an older version made.
///
/// # Errors
/// As the system's.
pub fn make_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let about = std::fs::metadata(path)?;
        if about.permissions().mode() & 0o077 != 0 {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
