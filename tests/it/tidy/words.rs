//! The words of tests/WORDS.md in the names of types: a name that others meet is made of them, and means one thing. Names that
//! stay in their own folder are nobody else's to read. It knows no grammar but that of declarations.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{files, root};

/// The table: single words, and whole names that several files may have.
struct Words {
    words: BTreeSet<String>,
    names: BTreeSet<String>,
}

/// A word in the form in which words are compared: one of several is the same word.
fn folded(word: &str) -> String {
    let word = word.to_lowercase();
    match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 1 => format!("{stem}y"),
        _ if word.ends_with("xes") => word[..word.len() - 2].to_owned(),
        _ if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") => word[..word.len() - 1].to_owned(),
        _ => word,
    }
}

fn table() -> Words {
    let text = std::fs::read_to_string(root().join("tests/WORDS.md")).unwrap();
    let cells = text.lines().filter_map(|line| line.strip_prefix("| ")?.split('|').next());
    let (names, words): (Vec<&str>, Vec<&str>) = cells.partition(|cell| cell.starts_with('`'));
    let words = words.iter().flat_map(|cell| cell.split([' ', ','])).filter(|word| !word.is_empty()).map(folded);
    let names = names.iter().map(|cell| cell.trim_matches([' ', '`']).to_owned());
    Words { words: words.collect(), names: names.collect() }
}

/// The words of a name: `RoundStateView` is round, state and view.
fn parts(name: &str) -> Vec<String> {
    let signs: Vec<char> = name.chars().collect();
    let begins = |at: &usize| {
        let is_lower = |at: usize| signs.get(at).is_some_and(|sign| !sign.is_uppercase());
        signs[*at].is_uppercase() && (*at == 0 || is_lower(at - 1) || is_lower(at + 1))
    };
    let begun: Vec<usize> = (0..signs.len()).filter(begins).chain([signs.len()]).collect();
    begun.windows(2).map(|pair| folded(&signs[pair[0]..pair[1]].iter().collect::<String>())).collect()
}

/// A type that a line declares, and whether other files can see it.
fn declared(line: &str) -> Option<(&str, bool)> {
    let mut words = line.split_whitespace().peekable();
    let is_seen = words.peek().is_some_and(|word| word.starts_with("pub") || *word == "export");
    let mut kind = words.find(|word| !(word.starts_with("pub") || ["export", "declare", "abstract"].contains(word)))?;
    if kind.ends_with(')') {
        // The end of `pub(in …)`.
        kind = words.next()?;
    }
    let is_type = ["struct", "enum", "trait", "type", "union", "interface", "class"].contains(&kind);
    let name = words.next()?.split(|sign: char| !sign.is_alphanumeric()).next()?;
    (is_type && !line.starts_with(' ') && name.starts_with(char::is_uppercase)).then_some((name, is_seen))
}

/// One half of the project: its files, without comments.
struct Side {
    files: Vec<(PathBuf, String)>,
}

impl Side {
    fn of(folder: &str, endings: &[&str]) -> Self {
        let is_own = |path: &Path| !path.ends_with("protocol.ts") && !path.to_string_lossy().contains(".test.");
        let is_comment = |line: &&str| line.trim_start().starts_with(['/', '*']);
        let code = |text: String| text.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join("\n");
        let files = files(folder, endings).into_iter().filter(|(path, _)| is_own(path));
        Self { files: files.map(|(path, text)| (path, code(text))).collect() }
    }

    /// The types that files show to others, each with the files that declare it.
    fn types(&self) -> BTreeMap<&str, BTreeSet<&Path>> {
        let mut types: BTreeMap<&str, BTreeSet<&Path>> = BTreeMap::new();
        for (path, text) in &self.files {
            for (name, _) in text.lines().filter_map(declared).filter(|(_, is_seen)| *is_seen) {
                types.entry(name).or_default().insert(path);
            }
        }
        types
    }

    /// By word of the code, the folders in which it is.
    fn folders_by_word(&self) -> BTreeMap<&str, BTreeSet<PathBuf>> {
        let mut folders: BTreeMap<&str, BTreeSet<PathBuf>> = BTreeMap::new();
        for (path, text) in &self.files {
            let words = text.split(|sign: char| !(sign.is_alphanumeric() || sign == '_'));
            let words: BTreeSet<&str> = words.filter(|word| word.starts_with(char::is_uppercase)).collect();
            let home = folder(path);
            for word in words {
                folders.entry(word).or_default().insert(home.clone());
            }
        }
        folders
    }

    /// Types that are used outside of the folder of the file that declares them.
    fn met_by_others(&self) -> Vec<(&str, &Path)> {
        let folders = self.folders_by_word();
        let types = self.types();
        let each = types.iter().flat_map(|(name, paths)| paths.iter().map(|path| (*name, *path)));
        let is_met = |(name, path): &(&str, &Path)| {
            let home = folder(path);
            folders[name].iter().any(|other| !is_within(other, &home))
        };
        each.filter(is_met).collect()
    }
}

/// The folder of a file: its module's own, where there is one.
fn folder(path: &Path) -> PathBuf {
    let own = path.with_extension("");
    if own.is_dir() { own } else { path.parent().unwrap().to_owned() }
}

/// Whether a folder is part of another one; all of the sources are nobody's own folder.
fn is_within(folder: &Path, home: &Path) -> bool {
    if home.ends_with("src") { folder == home } else { folder.starts_with(home) }
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn sides() -> [Side; 2] {
    [Side::of("server", &[".rs"]), Side::of("web-client/src", &[".ts", ".tsx"])]
}

#[test]
fn y5_names_that_others_meet_are_made_of_the_words_of_the_table() {
    let table = table();
    assert!(table.words.len() > 200, "the table was not read");
    let mut met = 0;
    let mut wrong = Vec::new();
    for side in &sides() {
        for (name, path) in side.met_by_others() {
            met += 1;
            let unknown: Vec<String> = parts(name).into_iter().filter(|part| !table.words.contains(part)).collect();
            if !unknown.is_empty() && !table.names.contains(name) {
                wrong.push(format!("{name} ({}) of {}", unknown.join(", "), shown(path)));
            }
        }
    }
    assert!(met > 200, "the names were not read");
    assert!(wrong.is_empty(), "{} names with words that are not in tests/WORDS.md: {wrong:#?}", wrong.len());
}

#[test]
fn y5_no_name_of_a_type_means_two_things() {
    let table = table();
    let sides = sides();
    let twice = |side: &Side| {
        let types = side.types();
        let several = types.iter().filter(|(name, paths)| paths.len() > 1 && !table.names.contains(**name));
        let homes = |paths: &BTreeSet<&Path>| paths.iter().map(|path| shown(path)).collect::<Vec<_>>().join(", ");
        several.map(|(name, paths)| format!("{name}: {}", homes(paths))).collect::<Vec<_>>()
    };
    let wrong: Vec<String> = sides.iter().flat_map(twice).collect();
    assert!(wrong.is_empty(), "{} names are given twice: {wrong:#?}", wrong.len());
}

#[test]
fn y5_declarations_and_the_parts_of_names_are_read() {
    assert_eq!(declared("pub(super) struct RoundStateView {"), Some(("RoundStateView", true)));
    assert_eq!(declared("pub(in crate::store) enum Cast<T> {"), Some(("Cast", true)));
    assert_eq!(declared("interface Input {"), Some(("Input", false)));
    assert_eq!(declared("export type Channel = 'socket';"), Some(("Channel", true)));
    assert_eq!(declared("    type Item = u32;"), None);
    assert_eq!(parts("RoundStateView"), ["round", "state", "view"]);
    assert_eq!(parts("QRCodes"), ["qr", "code"]);
    assert_eq!(["Entries", "address", "cases", "Boxes"].map(folded), ["entry", "address", "case", "box"]);
}
