//! The rules about the code itself: directions of imports, covered rules, lengths, nothing that points elsewhere; and about
//! its texts.

mod map;
mod texts;
mod words;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file under a folder with one of the endings, with its text.
fn files(folder: &str, endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if ["node_modules", "dist", "target", "snapshots", "pictures"].contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                waiting.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no such files: the test would hold nothing");
    found
}

/// The module of a source file below the src of its crate, as `store::local`.
fn module(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let inside = text.rsplit_once("/src/").unwrap().1;
    inside.trim_end_matches(".rs").replace('/', "::")
}

/// Whether a line of code (not of a comment) names a path of the crate or a crate.
fn names(text: &str, what: &str) -> bool {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.into_iter().any(|line| {
        line.match_indices(what).any(|(at, _)| {
            let after = line[at + what.len()..].chars().next();
            let before = line[..at].chars().next_back();
            let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            !is_word(after) && !is_word(before)
        })
    })
}

fn imports(text: &str, module: &str) -> bool {
    names(text, &format!("crate::{module}"))
}

#[test]
fn y1_dependencies_run_one_way() {
    let edges = ["edge", "hub", "store", "view", "issuer", "ballot_box", "command", "running", "rehearsal"];
    let below = [
        // What a store keeps is named without the wire.
        ("store", vec!["edge", "hub", "view", "issuer", "ballot_box", "protocol", "command", "running", "rehearsal"]),
        ("view", vec!["edge", "hub", "issuer", "ballot_box", "command", "running", "rehearsal"]),
        ("issuer", vec!["edge", "hub", "ballot_box", "command", "running", "rehearsal"]),
        ("hub", vec!["edge", "command", "running", "rehearsal"]),
        ("folder", edges.to_vec()),
        ("export", vec!["edge", "hub", "store", "issuer", "ballot_box", "command", "running", "rehearsal"]),
    ];
    // That these reach nothing of the server is held by their crate; among each other there is an order too.
    let rules = [
        ("envelope", vec!["ballot", "form", "meeting", "scoring"]),
        ("scoring", vec!["ballot", "envelope", "form", "meeting"]),
        ("form", vec!["ballot", "envelope", "meeting"]),
        ("meeting", vec!["ballot", "envelope"]),
        // The verifier counts and scores again: `scoring` is below it.
        ("ballot", vec!["meeting"]),
    ];
    for (path, text) in files("server/rules/src", &[".rs"]) {
        let module = module(&path);
        let top = module.split("::").next().unwrap();
        for (name, forbidden) in &rules {
            let found = forbidden.iter().find(|other| top == *name && imports(&text, other));
            assert_eq!(found, None, "{module} must not import it");
        }
    }
    let manifest = std::fs::read_to_string(root().join("server/rules/Cargo.toml")).unwrap();
    for library in ["tokio", "pingyi-rsa", "axum", "rusqlite", "redis", "pingyi"] {
        let takes = |line: &str| line.split(" = ").next() == Some(library);
        assert!(!manifest.lines().any(takes), "the rules must not take {library}");
    }
    for (path, text) in files("server/src", &[".rs"]) {
        let module = module(&path);
        let top = module.split("::").next().unwrap().to_owned();
        for (name, forbidden) in &below {
            let found = forbidden.iter().find(|other| top == *name && imports(&text, other));
            assert_eq!(found, None, "{module} must not import it");
        }
        let may_know_axum = top == "edge";
        assert!(may_know_axum || !names(&text, "axum"), "{module} must not know axum");
    }
}

#[test]
fn y1_the_floors_of_the_store_run_one_way() {
    let on_client = [
        "ballots",
        "batch",
        "copy",
        "directory",
        "documents",
        "inventory",
        "live",
        "meetings",
        "people",
        "progress",
        "seats",
        "sign_off",
        "slip_codes",
        "slips",
    ];
    let on_client = on_client.map(|module| format!("redis::{module}"));
    let names_of = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<String>>();
    // A floor, and what it must not name of those above it or beside it. The client is handed what brings history back.
    let above = [
        ("store::disk", names_of(&["store::local", "store::redis"])),
        ("store::local", names_of(&["store::redis", "super::redis"])),
        ("store::redis", names_of(&["store::local", "super::local"])),
        ("store::redis::sealing", [on_client.as_slice(), &names_of(&["redis::client", "recovery"])].concat()),
        ("store::redis::client", [on_client.as_slice(), &names_of(&["redis::RedisStore", "recovery"])].concat()),
    ];
    let sources = files("server/src/store", &[".rs"]);
    let is_in = |module: &str, floor: &str| module == floor || module.starts_with(&format!("{floor}::"));
    for (floor, forbidden) in &above {
        let below = sources.iter().filter(|(path, _)| is_in(&module(path), floor));
        assert!(below.clone().count() > 0, "{floor} has no files: the test would hold nothing");
        for (path, text) in below {
            // What stands beside a floor is named from its own first file as `super::`.
            let text = if module(path) == *floor { text.replace("super::", "redis::") } else { text.clone() };
            let found = forbidden.iter().find(|other| names(&text, other));
            assert_eq!(found, None, "{} must not name it", path.display());
        }
    }
    let name_recovery = sources.iter().filter(|(_, text)| names(text, "recovery")).map(|(path, _)| module(path));
    let others = name_recovery.filter(|module| !is_in(module, "store::redis::recovery"));
    assert_eq!(others.collect::<Vec<_>>(), ["store::redis"], "only the store itself starts recovery");
}

#[test]
fn s13_the_ballot_box_reaches_no_seat_session_or_address() {
    let sources = files("server/src", &[".rs"]);
    let is_box = |path: &Path| module(path) == "ballot_box" || module(path).starts_with("ballot_box::");
    let text: String = sources.iter().filter(|(path, _)| is_box(path)).map(|(_, text)| text.as_str()).collect();
    let text = &text;
    for forbidden in ["issuer", "hub", "edge", "secret", "creation"] {
        assert!(!imports(text, forbidden), "ballot_box imports {forbidden}");
    }
    for word in ["SeatStore", "MeetingStore", "Seat", "SocketAddr", "IpAddr", "HeaderMap", "tracing"] {
        assert!(!names(text, word), "ballot_box names {word}");
    }
    // The control: the same search finds what the issuer may know.
    let (_, issuer) = sources.iter().find(|(path, _)| module(path) == "issuer").unwrap();
    assert!(names(issuer, "SeatStore"));
}

/// Ids such as `m3` at the start of a test's name, one or several.
fn ids_of(name: &str) -> impl Iterator<Item = String> {
    name.split('_').map_while(id_of)
}

fn id_of(head: &str) -> Option<String> {
    let letter = head.chars().next().filter(char::is_ascii_lowercase)?;
    let number = &head[1..];
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && "macdetslpfoyr".contains(letter)).then(|| head.to_owned())
}

#[test]
fn y2_every_rule_is_named_by_a_test_and_every_named_rule_exists() {
    let spec = std::fs::read_to_string(root().join("tests/SPEC.md")).unwrap();
    let listed: BTreeSet<String> = spec
        .lines()
        .filter_map(|line| line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")))
        .filter_map(|line| id_of(line.split(' ').next()?))
        .collect();
    let mut named = BTreeSet::new();
    for (_, text) in files("tests", &[".rs", ".ts"]).into_iter().chain(files("web-client/src", &[".test.ts"])) {
        for line in text.lines() {
            // A test's own name: `fn m3_…` in Rust, `test('f1 …'` or `it('f1: …'` in TypeScript.
            let rust = line
                .trim_start()
                .trim_start_matches("async ")
                .strip_prefix("fn ")
                .map(|rest| rest.replace("slow_", ""));
            let quoted = ["test('", "it('", "describe('", "test(\"", "test(`", "it(`"].iter().find_map(|start| {
                line.trim_start()
                    .trim_start_matches("await ")
                    .strip_prefix(start)
                    .map(|rest| rest.replace([' ', ':'], "_"))
            });
            named.extend(rust.into_iter().chain(quoted).flat_map(|name| ids_of(&name).collect::<Vec<_>>()));
        }
    }
    assert!(listed.len() > 50, "the list of rules was not read");
    let uncovered: Vec<_> = listed.difference(&named).collect();
    assert!(uncovered.is_empty(), "rules without a test: {uncovered:?}");
    let unknown: Vec<_> = named.difference(&listed).collect();
    assert!(unknown.is_empty(), "tests of rules that are not listed: {unknown:?}");
}

#[test]
fn y3_files_are_short_and_finished() {
    let marks =
        [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["todo", "!("].concat(), ["unimplemented", "!("].concat()];
    for folder in
        ["server/src", "server/rules/src", "server/rsa/src", "server/pages", "server/start", "tests", "web-client/src"]
    {
        for (path, text) in files(folder, &[".rs", ".ts", ".tsx", ".mjs"]) {
            let lines = text.lines().count();
            let is_generated = path.ends_with("protocol.ts");
            assert!(is_generated || lines <= 450, "{} has {lines} lines", path.display());
            let found = marks.iter().find(|mark| text.contains(mark.as_str()));
            assert_eq!(found, None, "{} leaves something to be done", path.display());
        }
    }
}

#[test]
fn y4_nothing_points_to_a_machine_or_another_host() {
    let elsewhere =
        [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["/ho", "me/"].concat(), ["../sha", "red"].concat()];
    for folder in ["server", "tests", "web-client/src", "meetings"] {
        for (path, text) in
            files(folder, &[".rs", ".ts", ".tsx", ".mjs", ".toml", ".md", ".json", ".csv", ".html", ".css"])
        {
            let found = elsewhere.iter().find(|mark| text.contains(mark.as_str()));
            assert_eq!(found, None, "{} points to a machine", path.display());
        }
    }
    for (path, text) in files("deploy", &[""]) {
        let found = elsewhere.iter().find(|mark| text.contains(mark.as_str()));
        assert_eq!(found, None, "{} points to a machine", path.display());
        let hosts = text
            .split("https://")
            .skip(1)
            .filter(|rest| !rest.starts_with("vote.example.invalid") && !rest.starts_with("$host"));
        assert_eq!(hosts.count(), 0, "{} names a host", path.display());
    }
    for lock in ["web-client/package-lock.json", "tests/package-lock.json"] {
        let text = std::fs::read_to_string(root().join(lock)).unwrap();
        assert!(!text.contains("\"resolved\""), "{lock} names a host");
    }
    for (path, text) in files("web-client/src", &[".ts", ".tsx", ".css"]) {
        let outside = text.lines().find(|line| {
            (line.contains("https://") || line.contains("url(http"))
                && !line.contains("www.w3.org")
                && !line.contains("//  ")
        });
        assert_eq!(outside, None, "{} names another host", path.display());
    }
}
