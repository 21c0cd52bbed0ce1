//! Rules l20, l21 and l27: who may use a directory, and how it comes to our format.

use std::io;
use std::path::Path;

use pingyi::server_secret::ServerSecret;
use pingyi::store::disk::{FORMAT, MIGRATIONS, Migration, OpenError};
use pingyi::store::local::{LocalOptions, LocalStore};
use pingyi::store::{MeetingStore, SeatStore};
use tempfile::TempDir;

use super::fixtures::{Casts as _, Frozen as _, ID, Wanted, opened, sheet};

fn refused(path: &Path) -> OpenError {
    refused_with(path, LocalOptions::default())
}

fn refused_with(path: &Path, options: LocalOptions) -> OpenError {
    let error = LocalStore::open_with(path, options).err().expect("it opened");
    let [chinese, english] = error.sentences();
    assert!(chinese.ends_with('。') && english.ends_with('.'), "{error}");
    error
}

#[test]
fn l20_a_directory_is_for_one_server() {
    let directory = TempDir::new().unwrap();
    let first = LocalStore::open(directory.path()).unwrap();
    assert_eq!(refused(directory.path()), OpenError::InUse(directory.path().to_owned()));
    drop(first);
    LocalStore::open(directory.path()).unwrap();
}

#[test]
fn l20_a_directory_that_cannot_be_used_is_an_error_of_its_own() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    let file = at.join("file");
    std::fs::write(&file, "no directory").unwrap();
    assert_eq!(refused(&file.join("below")), OpenError::NotWritable(file.join("below")));
    let format = |number: &str| std::fs::write(at.join("format"), number).unwrap();
    format(&format!("{}\n", FORMAT + 1));
    assert_eq!(refused(at), OpenError::Newer(at.to_owned(), FORMAT + 1));
    format("0\n");
    assert_eq!(refused(at), OpenError::TooOld(at.to_owned(), 0));
    format("one");
    assert!(matches!(refused(at), OpenError::Damaged(..)));
    format(&format!("{FORMAT}\n"));
    let tiny = LocalOptions { database_pages_max: 1, ..LocalOptions::default() };
    assert_eq!(refused_with(at, tiny), OpenError::DiskIsFull(at.to_owned()));
    std::fs::write(at.join("meetings.sqlite"), [7; 8192]).unwrap();
    assert!(matches!(refused(at), OpenError::Damaged(..)));
    std::fs::remove_file(at.join("format")).unwrap();
    assert!(matches!(refused(at), OpenError::Damaged(..)));
    assert!(MIGRATIONS.iter().all(|migration| migration.from < FORMAT));
}

/// A directory as nobody ever had: format 0 kept its title in a file called `old`.
fn of_format_0() -> TempDir {
    let directory = TempDir::new().unwrap();
    std::fs::create_dir_all(directory.path().join("keys")).unwrap();
    std::fs::create_dir_all(directory.path().join("box")).unwrap();
    for (name, content) in
        [("format", "0\n"), ("old", "a title"), ("keys/one.keys", "a secret"), ("box/one.box", "a box")]
    {
        std::fs::write(directory.path().join(name), content).unwrap();
    }
    directory
}

fn renames_old(path: &Path, _: &ServerSecret) -> io::Result<()> {
    std::fs::rename(path.join("old"), path.join("new"))
}

fn fails_half_way(path: &Path, _: &ServerSecret) -> io::Result<()> {
    std::fs::write(path.join("old"), "half of a title")?;
    Err(io::Error::other("the migration failed"))
}

fn changes_nothing(_: &Path, _: &ServerSecret) -> io::Result<()> {
    Ok(())
}

static RENAMES: &[Migration] = &[Migration { from: 0, run: renames_old }, Migration { from: 1, run: changes_nothing }];
static FAILS: &[Migration] = &[Migration { from: 0, run: fails_half_way }];

#[tokio::test]
async fn l21_an_older_format_is_backed_up_and_brought_to_ours() {
    let directory = of_format_0();
    let at = directory.path();
    let options = LocalOptions { migrations: RENAMES, ..LocalOptions::default() };
    let store = LocalStore::open_with(at, options).unwrap();
    let text = |name: &str| std::fs::read_to_string(at.join(name)).ok();
    assert_eq!(text("format").unwrap().trim(), FORMAT.to_string());
    assert_eq!((text("new").as_deref(), text("old")), (Some("a title"), None));
    assert_eq!(text("backup-of-format-0/old").as_deref(), Some("a title"));
    assert_eq!(text("backup-of-format-0/box/one.box").as_deref(), Some("a box"));
    assert_eq!(text("backup-of-format-0/format").as_deref(), Some("0\n"));
    assert!(!at.join("backup-of-format-0/keys").exists(), "keys have one copy");
    // Request digests of a running round may be in the backup, so it goes with the first ones that are erased.
    store.create(Wanted::default().meeting()).await.unwrap();
    store.erase_keys(ID, 1).await.unwrap();
    assert!(!at.join("backup-of-format-0").exists());
}

#[test]
fn l21_a_migration_that_fails_names_the_backup() {
    let directory = of_format_0();
    let at = directory.path();
    let error = refused_with(at, LocalOptions { migrations: FAILS, ..LocalOptions::default() });
    let backup = at.join("backup-of-format-0");
    assert_eq!(error, OpenError::MigrationFailed(at.to_owned(), backup.clone(), "the migration failed".to_owned()));
    assert_eq!(std::fs::read_to_string(at.join("format")).unwrap(), "0\n");
    assert_eq!(std::fs::read_to_string(backup.join("old")).unwrap(), "a title", "from before the first attempt");
    refused_with(at, LocalOptions { migrations: FAILS, ..LocalOptions::default() });
    assert_eq!(std::fs::read_to_string(backup.join("old")).unwrap(), "a title", "from before the first attempt");
    LocalStore::open_with(at, LocalOptions { migrations: RENAMES, ..LocalOptions::default() }).unwrap();
}

#[tokio::test]
async fn l27_opening_opens_no_box() {
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    for id in [ID, "efgh2345"] {
        opened(&store, &Wanted { id, ..Wanted::default() }).await;
        store.casts(id, 1, &sheet(1)).await.unwrap();
    }
    drop(store);
    let path = directory.path().join("box").join(format!("{ID}-1.box"));
    std::fs::write(&path, "no box at all").unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    assert!(store.casts(ID, 1, &sheet(1)).await.is_err());
    assert!(store.frozen(ID, 1).await.is_err());
    assert_eq!(store.roster(ID).await.unwrap().len(), 34);
    assert_eq!(store.frozen("efgh2345", 1).await.unwrap().len(), 4);
}
