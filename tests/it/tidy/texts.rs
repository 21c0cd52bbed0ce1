//! The texts: what they link to and name is there, a measured figure stands once, and the first one stays short.
//! It reads Markdown only as far as these rules need it: fences, headings, tables, links and code in a line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{files, root};

/// Most bytes of README.md: whoever comes first reads all of it.
const README_BYTES_MAX: usize = 6_000;
/// The project's folders; a path that begins with one is named from the root.
const FOLDERS: [&str; 5] = ["server/", "web-client/", "tests/", "deploy/", "meetings/"];
/// What is made and never committed.
const MADE: [&str; 3] = ["web-client/node_modules", "web-client/dist", "tests/e2e/pictures"];

/// Every text of the project.
fn texts() -> Vec<(PathBuf, String)> {
    let beside_readme = std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let is_text = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "md");
    let first = beside_readme.filter(is_text).map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()));
    let folders = ["server", "tests", "deploy", "meetings"];
    first.chain(folders.iter().flat_map(|folder| files(folder, &[".md"]))).collect()
}

/// A line, and the word of the fence that it is in: nothing outside of fences, and of a fence's own two lines.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut fence = None;
    text.lines().map(move |line| {
        let Some(word) = line.trim_start().strip_prefix("```") else { return (line, fence) };
        fence = if fence.is_none() { Some(word.trim()) } else { None };
        ("", None)
    })
}

/// What stands between two marks in a line, each time.
fn between<'a>(line: &'a str, begin: &'a str, end: char) -> impl Iterator<Item = &'a str> {
    line.split(begin).skip(1).filter_map(move |rest| rest.split_once(end).map(|(inside, _)| inside))
}

/// A line without its code.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// The anchors of a text, as hosts make them of headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = lines(text).filter(|(line, fence)| fence.is_none() && line.starts_with('#'));
    let anchor = |heading: &str| {
        let kept = heading.trim().chars().filter(|sign| sign.is_alphanumeric() || " -_".contains(*sign));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    headings.map(|(line, _)| anchor(line.trim_start_matches('#'))).collect()
}

/// What a text links to and shows, as it is written.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (line, _) in lines(text).filter(|(_, fence)| fence.is_none()) {
        let line = without_code(line);
        let marked =
            between(&line, "](", ')').chain(between(&line, "src=\"", '"')).chain(between(&line, "href=\"", '"'));
        found.extend(marked.filter(|link| !link.contains("://")).map(str::to_owned));
    }
    found
}

/// The words of a text's code: in a line, and in fences but those with a map.
pub(super) fn code_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (line, fence) in lines(text).filter(|(_, fence)| *fence != Some("map")) {
        let code: Vec<&str> = if fence.is_some() { vec![line] } else { line.split('`').skip(1).step_by(2).collect() };
        let is_between = |sign: char| sign.is_whitespace() || "()'\",;".contains(sign);
        found.extend(code.iter().flat_map(|code| code.split(is_between)).map(str::to_owned));
    }
    found
}

/// The paths from the root that a text names in its code; of one with `*` only what is before it.
fn named(text: &str) -> BTreeSet<String> {
    let words = code_in(text).into_iter().filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)));
    let whole = |word: String| {
        let certain = word.split(['*', '{', '$', '…']).next().unwrap_or_default();
        let folder = || certain.rsplit_once('/').map_or("", |(folder, _)| folder);
        (if certain == word { certain } else { folder() }).trim_end_matches(['.', ':']).to_owned()
    };
    words.map(whole).filter(|path| !MADE.iter().any(|made| path.starts_with(made))).collect()
}

/// What is wrong with a link of a text; nothing where it leads somewhere.
fn dead(path: &Path, text: &str, link: &str) -> Option<String> {
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let there = if file.is_empty() { path.to_owned() } else { path.parent().unwrap().join(file) };
    if !there.exists() {
        return Some(format!("{link}: no such file"));
    }
    let is_text = there.extension().is_some_and(|ending| ending == "md");
    let read = || if file.is_empty() { text.to_owned() } else { std::fs::read_to_string(&there).unwrap() };
    (!anchor.is_empty() && is_text && !anchors(&read()).contains(anchor)).then(|| format!("{link}: no such heading"))
}

#[test]
fn y6_whatever_a_text_links_to_or_names_is_there() {
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (path, text) in texts() {
        let links = links(&text);
        looked_at += links.len();
        wrong.extend(links.iter().filter_map(|link| dead(&path, &text, link)).map(|dead| (path.clone(), dead)));
        let named = named(&text);
        looked_at += named.len();
        let missing = named.into_iter().filter(|name| !root().join(name).exists());
        wrong.extend(missing.map(|name| (path.clone(), format!("{name}: no such path"))));
    }
    assert!(looked_at > 100, "the texts were not read");
    assert!(wrong.is_empty(), "dead: {wrong:#?}");
    // The control.
    let text = "# A head, or two\n[a](#a-head-or-two) [b](#another) [c](nowhere.md)\n`tests/nowhere.rs`\n```sh\ntests/run\n```\n";
    let here = root().join("README.md");
    assert_eq!(links(text).iter().filter_map(|link| dead(&here, text, link)).count(), 2);
    assert_eq!(named(text).into_iter().filter(|name| !root().join(name).exists()).count(), 1);
}

/// Figures that were measured: numbers with a decimal or of three digits and more, with their unit, in columns of tables that
/// are headed *seen* or *measured*. A smaller one could be anything.
fn figures(text: &str) -> BTreeSet<String> {
    let cells = |line: &str| line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let mut columns: Vec<usize> = Vec::new();
    let mut is_in_table = false;
    let mut found = BTreeSet::new();
    for (line, _) in lines(text) {
        if !line.starts_with('|') {
            is_in_table = false;
            continue;
        }
        let cells: Vec<String> = cells(line);
        if !is_in_table {
            let is_measured = |(_, head): &(usize, &String)| ["seen", "measured"].contains(&head.as_str());
            columns = cells.iter().enumerate().filter(is_measured).map(|(at, _)| at).collect();
            is_in_table = true;
            continue;
        }
        found.extend(columns.iter().filter_map(|at| cells.get(*at)).flat_map(|cell| figures_of(cell)));
    }
    found
}

fn figures_of(cell: &str) -> Vec<String> {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let pairs = words.windows(2).map(|pair| (pair[0].trim_start_matches(['(', '−', '±']), pair[1]));
    let is_figure = |number: &str| {
        let is_number =
            number.chars().all(|sign| sign.is_ascii_digit() || ".,".contains(sign)) && !number.ends_with(',');
        is_number && (number.contains('.') || number.chars().filter(char::is_ascii_digit).count() >= 3)
    };
    let unit = |word: &str| word.trim_end_matches([',', ')', ';', '.']).to_owned();
    let is_unit = |word: &str| word.starts_with(|sign: char| sign.is_alphabetic() || sign == '%');
    pairs
        .filter(|(number, word)| is_figure(number) && is_unit(word))
        .map(|(number, word)| format!("{number} {}", unit(word)))
        .collect()
}

/// Whether a text has a figure that is no part of a longer one.
fn tells(text: &str, figure: &str) -> bool {
    text.match_indices(figure).any(|(at, _)| {
        let before = text[..at].chars().next_back().unwrap_or(' ');
        let after = text[at + figure.len()..].chars().next().unwrap_or(' ');
        !(before.is_ascii_digit() || ".,".contains(before) || after.is_alphanumeric())
    })
}

#[test]
fn y7_a_measured_figure_stands_in_one_text() {
    let texts = texts();
    let mut by_figure: BTreeMap<String, &Path> = BTreeMap::new();
    for (path, text) in &texts {
        for figure in figures(text) {
            let first = by_figure.insert(figure.clone(), path);
            assert!(first.is_none(), "{figure} was measured in {} and in {}", path.display(), first.unwrap().display());
        }
    }
    assert!(by_figure.len() > 20, "the tables of figures were not read");
    for (figure, home) in by_figure {
        let again = texts.iter().find(|(path, text)| path != home && tells(text, &figure));
        assert!(again.is_none(), "{figure} is {}'s, and stands in {} too", home.display(), again.unwrap().0.display());
    }
    // The control.
    let text = "| what | seen |\n|---|---|\n| a | 683 sheets/s (6,144 ballots/s), 9 ms, 5.3 / 11.2 ms |\n";
    assert_eq!(figures(text).into_iter().collect::<Vec<_>>(), ["11.2 ms", "6,144 ballots/s", "683 sheets/s"]);
    assert!(tells("some 11.2 ms.", "11.2 ms") && !tells("111.2 ms", "11.2 ms"));
}

#[test]
fn y8_the_readme_is_short_and_has_both_commands() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.len() <= README_BYTES_MAX, "README.md has {} bytes", readme.len());
    for command in ["\ncargo start ", "\ntests/run "] {
        assert!(readme.contains(command), "README.md lacks the command{command}");
    }
    // Whatever a reader looks for, README leads there.
    let reached: BTreeSet<PathBuf> =
        links(&readme).iter().filter_map(|link| root().join(link).canonicalize().ok()).collect();
    for text in ["meetings/README.md", "server/README.md", "server/SECRECY.md", "deploy/README.md", "tests/README.md"] {
        assert!(reached.contains(&root().join(text).canonicalize().unwrap()), "README.md does not lead to {text}");
    }
}
