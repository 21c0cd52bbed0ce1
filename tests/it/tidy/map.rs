//! The map in server/README.md against the tree: every folder of the sources is on it, and what it and the walks below it name
//! is there. It knows nothing of what a folder means.

use std::collections::BTreeSet;

use super::texts::{code_in, lines};
use super::{files, root};

/// What a source file ends with.
const SOURCES: [&str; 5] = [".rs", ".ts", ".tsx", ".lua", ".css"];

fn is_source(word: &str) -> bool {
    SOURCES.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending))
}

/// A folder of sources, and what the map has of it, relative to it.
struct Mapped {
    folder: String,
    named: BTreeSet<String>,
}

/// The maps of a text: in a fence with the word `map` a line that is not indented is a folder, and the words with which the
/// others begin are files and folders in it.
fn maps(text: &str) -> Vec<Mapped> {
    let mut maps: Vec<Mapped> = Vec::new();
    for (line, _) in lines(text).filter(|(line, fence)| *fence == Some("map") && !line.is_empty()) {
        let is_path = |word: &&str| word.ends_with('/') || is_source(word);
        if line.starts_with(' ') {
            let named = line.split_whitespace().take_while(is_path).map(str::to_owned);
            maps.last_mut().unwrap().named.extend(named);
        } else {
            maps.push(Mapped { folder: line.trim().to_owned(), named: BTreeSet::new() });
        }
    }
    maps
}

/// The folders in a folder of sources, without one that is a part of a file beside it.
fn folders(map: &Mapped) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(root().join(&map.folder)).into_iter().flatten().map(|entry| entry.unwrap().path());
    let named = &map.named;
    entries.filter(|path| path.is_dir()).filter_map(move |path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        (!named.contains(&format!("{name}/")) && !named.contains(&format!("{name}.rs"))).then_some(name)
    })
}

#[test]
fn y9_the_map_of_the_code_is_the_tree() {
    let text = std::fs::read_to_string(root().join("server/README.md")).unwrap();
    let maps = maps(&text);
    assert!(maps.len() >= 2, "the map was not found");
    let mut wrong = Vec::new();
    for map in &maps {
        let folder = &map.folder;
        let gone = map.named.iter().filter(|name| !root().join(folder).join(name).exists());
        wrong.extend(gone.map(|name| format!("{folder}{name} is on the map and not there")));
        wrong.extend(folders(map).map(|name| format!("{folder}{name} is there and not on the map")));
    }
    let sources = ["server", "web-client/src", "tests"].map(|folder| files(folder, &SOURCES)).concat();
    let paths: Vec<String> = sources.iter().map(|(path, _)| path.to_string_lossy().replace('\\', "/")).collect();
    let named: BTreeSet<String> = code_in(&text).into_iter().filter(|word| is_source(word)).collect();
    assert!(named.len() > 20, "the walks were not read");
    let is_there = |word: &String| paths.iter().any(|path| path.ends_with(&format!("/{word}")));
    wrong.extend(named.iter().filter(|word| !is_there(word)).map(|word| format!("{word} is named and not there")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
