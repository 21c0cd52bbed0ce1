//! Rules s100, s101 and l70: under what codes are kept, where that is, and who may read the files.

use std::path::Path;
use std::process::Command;

use pingyi::secret;
use pingyi::server_secret::ServerSecret;
use pingyi::store::disk::OpenError;
use pingyi::store::local::LocalStore;
use pingyi::store::{Claim, ClaimBy, Claimed, Digest, MeetingStore as _, SeatStore as _};
use tempfile::TempDir;

use super::fixtures::{Casts as _, ID, Wanted, claim, code, credential, opened, sheet};
use super::people::hold;

/// The directory of a server of format 1 with a meeting in session: two of six seats are taken, and a paper is issued anew.
const FORMAT_1: &str = include_str!("format_1.sql");
const OLD_MEETING: &str = "bx3mc55q";
const OLD_FREE_SLIP: &str = "S2CBY4WFMH";
const OLD_REISSUE: &str = "ABCDE12345";

fn of_format_1() -> TempDir {
    let directory = TempDir::new().unwrap();
    let old = rusqlite::Connection::open(directory.path().join("meetings.sqlite")).unwrap();
    old.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    old.execute_batch(FORMAT_1).unwrap();
    std::fs::write(directory.path().join("format"), "1\n").unwrap();
    directory
}

fn file(directory: &TempDir) -> std::path::PathBuf {
    directory.path().join("server-secret")
}

#[tokio::test]
async fn s100_no_file_holds_what_a_code_can_be_tried_against() {
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    store.create(Wanted::default().meeting()).await.unwrap();
    let codes: Vec<Vec<u8>> = (1..=34).map(|seat| code(ID, seat).to_vec()).collect();
    assert!(!hold(directory.path(), &codes));
    // The control: who has the secret finds each of them.
    let kept = |code: &Vec<u8>| store.secret().kept_code(&Digest::try_from(code.as_slice()).unwrap()).to_vec();
    let kept: Vec<Vec<u8>> = codes.iter().map(kept).collect();
    assert!(kept.iter().all(|code| hold(directory.path(), std::slice::from_ref(code))));
    // A key for one purpose tells nothing of another, nor of the secret.
    let other = ServerSecret::random().unwrap();
    assert_ne!(other.kept_code(&code(ID, 1)), store.secret().kept_code(&code(ID, 1)));
    assert_ne!(other.key_for("a"), other.key_for("b"));
    assert_eq!(format!("{other:?}"), "ServerSecret");
}

#[test]
fn s100_servers_with_one_operator_key_have_one_secret() {
    let of = |key: &str| ServerSecret::of_operator_key(key).unwrap().written();
    assert_eq!(of("the operator key of all servers"), of("the operator key of all servers"));
    assert_ne!(of("the operator key of all servers"), of("the operator key of all servers."));
}

#[cfg(unix)]
fn readable_by_others(folder: &Path, found: &mut Vec<String>) {
    use std::os::unix::fs::PermissionsExt as _;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            readable_by_others(&path, found);
        } else if mode & 0o077 != 0 {
            found.push(name);
        }
    }
}

#[cfg(unix)]
#[test]
fn s101_what_the_operator_is_given_is_for_the_operator_alone() {
    let here = TempDir::new().unwrap();
    let meeting = Path::new(env!("CARGO_MANIFEST_DIR")).join("../meetings/institute");
    std::fs::write(here.path().join("handout.json"), "somebody else put this here").unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_pingyi"))
        .current_dir(&here)
        .arg("create")
        .arg(meeting)
        .args(["--handout", "handout.json"])
        .env_remove("PINGYI_KEY")
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let mut found = Vec::new();
    readable_by_others(here.path(), &mut found);
    found.sort_unstable();
    assert_eq!(found, ["format", "lock"], "these hold no secret");
    let names = |folder: &Path| std::fs::read_dir(folder).unwrap().count();
    assert_eq!(
        (names(here.path()), names(&here.path().join("data"))),
        (3, 7),
        "handout, slips and data with its files"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn s101_files_with_secrets_are_for_the_server_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    opened(&store, &Wanted::default()).await;
    store.keep_keys(ID, 1, b"keys").await.unwrap();
    store.casts(ID, 1, &sheet(1)).await.unwrap();
    let mut found = Vec::new();
    readable_by_others(directory.path(), &mut found);
    found.sort_unstable();
    assert_eq!(found, ["format", "lock"], "these hold no secret");
    // What an older version made is closed at the next start.
    drop(store);
    let database = directory.path().join("meetings.sqlite");
    for path in [&database, &file(&directory)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let _store = LocalStore::open(directory.path()).unwrap();
    found.clear();
    readable_by_others(directory.path(), &mut found);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn s100_servers_that_meet_at_redis_need_the_operator_key() {
    let here = TempDir::new().unwrap();
    let asked = |key: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
        command.current_dir(&here).args(["serve", "--listen", "127.0.0.1:0", "--redis", "redis://127.0.0.1:1"]);
        let said = command.args(key).env("LC_ALL", "C").env_remove("PINGYI_KEY").output().unwrap();
        assert!(!said.status.success());
        String::from_utf8(said.stderr).unwrap()
    };
    assert!(asked(&[]).starts_with("--redis needs --key"), "{}", asked(&[]));
    assert!(asked(&["--key", "short"]).starts_with("--key is too short"));
    // With a key the next thing is that nobody answers there.
    assert!(asked(&["--key", "the operator key of all servers"]).starts_with("Redis does not answer"));
}

#[tokio::test]
async fn l70_without_its_secret_a_directory_is_not_opened() {
    let directory = TempDir::new().unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    let mut new = Wanted::default().meeting();
    new.meeting.phase = pingyi_rules::meeting::Phase::Checkin;
    store.create(new).await.unwrap();
    drop(store);
    let secret = std::fs::read(file(&directory)).unwrap();
    std::fs::remove_file(file(&directory)).unwrap();
    let refused = |directory: &TempDir| LocalStore::open(directory.path()).err().unwrap();
    assert_eq!(refused(&directory), OpenError::SecretIsMissing(file(&directory)));
    std::fs::write(file(&directory), "no secret").unwrap();
    assert!(matches!(refused(&directory), OpenError::Damaged(..)));
    // Put back, every slip is good.
    std::fs::write(file(&directory), &secret).unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    assert!(matches!(store.claim_seat(&claim(1, 1, None)).await, Ok(Claimed::Seated(_))));
    drop(store);
    // An empty one asks for a new one: who sits stays, no slip opens anything.
    std::fs::write(file(&directory), "").unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    assert!(store.seat(credential(1)).await.unwrap().is_some());
    assert_eq!(store.claim_seat(&claim(2, 2, None)).await, Ok(Claimed::Unknown));
}

#[tokio::test]
async fn l70_s100_codes_of_format_1_are_put_under_the_secret_once() {
    let directory = of_format_1();
    let plain = [OLD_FREE_SLIP, OLD_REISSUE].map(secret::slip_digest);
    let reissue = || {
        let db = rusqlite::Connection::open(directory.path().join("meetings.sqlite")).unwrap();
        let text: String = db.query_row("SELECT document FROM meetings", [], |row| row.get(0)).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        document["rounds"][0]["reissues"][0]["slip"].as_str().unwrap().to_owned()
    };
    let hex = |digest: &Digest| data_encoding::HEXLOWER.encode(digest);
    assert_eq!(reissue(), hex(&plain[1]));
    assert!(hold(directory.path(), &[plain[0].to_vec()]), "the search finds what is there");
    let store = LocalStore::open(directory.path()).unwrap();
    let claim = |by| Claim { by: ClaimBy::Code(plain[0]), credential: credential(by), leads_subject: Some(0) };
    let Ok(Claimed::Seated(seat)) = store.claim_seat(&claim(9)).await else { panic!("the slip is not good") };
    assert_eq!((seat.meeting.as_str(), seat.seat), (OLD_MEETING, 3));
    assert_eq!(reissue(), hex(&store.secret().kept_code(&plain[1])));
    // Cut short before the format was written, it is not put there twice.
    drop(store);
    std::fs::write(directory.path().join("format"), "1\n").unwrap();
    let store = LocalStore::open(directory.path()).unwrap();
    assert!(matches!(store.claim_seat(&claim(9)).await, Ok(Claimed::Seated(_))));
    assert_eq!(store.claim_seat(&claim(10)).await, Ok(Claimed::Taken));
    assert!(!directory.path().join("backup-of-format-1").join("server-secret").exists());
    // The copy from before goes with the first round that is over.
    store.erase_keys(OLD_MEETING, 1).await.unwrap();
    assert!(!hold(directory.path(), &plain.map(|digest| digest.to_vec())));
}
