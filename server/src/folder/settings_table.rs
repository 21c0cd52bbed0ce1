//! A section of `meeting.toml`: its keys are asked for one by one, and what nobody asked for is reported.
//! Numbers are read from their digits, so that 33.33 is exact. It knows no key of its own.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::line_starts::LineStarts;
use super::mistake::{CellProblem, FileProblem, FolderFile, Mistakes, Wanted};
use pingyi_rules::ballot::text::tidied;

/// A key with its line and value.
struct Entry<'t> {
    key: &'t str,
    line: u32,
    value: &'t DeValue<'t>,
}

/// A section that is being read.
pub(super) struct Section<'t> {
    /// As `scoring.`, or nothing for the top.
    path: String,
    /// Where the section begins; nothing for the top.
    line: Option<u32>,
    entries: Vec<Entry<'t>>,
    asked: Vec<&'static str>,
    starts: &'t LineStarts,
}

impl<'t> Section<'t> {
    pub(super) fn new(path: &str, line: Option<u32>, table: &'t DeTable<'t>, starts: &'t LineStarts) -> Self {
        let entry = |(key, value): (&'t Spanned<_>, &'t Spanned<DeValue<'t>>)| {
            let name: &'t std::borrow::Cow<'t, str> = key.get_ref();
            Entry { key: name.as_ref(), line: starts.line(key.span().start), value: value.get_ref() }
        };
        let entries = table.iter().map(entry).collect();
        Self { path: path.to_owned(), line, entries, asked: Vec::new(), starts }
    }

    /// The line of a key, or where the section begins.
    pub(super) fn line_of(&self, key: &str) -> Option<u32> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.line).or(self.line)
    }

    /// The keys that were asked for and are there, with their lines.
    pub(super) fn lines(&self) -> Vec<(&'static str, u32)> {
        let line = |key: &&'static str| Some((*key, self.entries.iter().find(|entry| entry.key == *key)?.line));
        self.asked.iter().filter_map(line).collect()
    }

    fn take(&mut self, key: &'static str) -> Option<&'t DeValue<'t>> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value)
    }

    /// A key with the sections that it is in.
    pub(super) fn name(&self, key: &str) -> String {
        format!("{}{key}", self.path)
    }

    fn wrong(&self, key: &str, value: &DeValue<'_>, wanted: Wanted, found: &mut Mistakes) {
        let problem = CellProblem::Wrong { name: self.name(key), found: shown(value), wanted };
        found.add(FolderFile::Meeting, self.line_of(key), problem);
    }

    fn missing(&self, key: &str, found: &mut Mistakes) {
        found.add(FolderFile::Meeting, self.line, FileProblem::KeyMissing(self.name(key)));
    }

    /// Whether a key is there, whatever it is.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// Whether a key holds a text.
    pub(super) fn is_text(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key && entry.value.is_str())
    }

    /// The value of a key, or nothing where it is not there or, with a mistake, where it is something else.
    fn read<T>(
        &mut self,
        key: &'static str,
        wanted: Wanted,
        found: &mut Mistakes,
        read: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<T> {
        let value = self.take(key)?;
        let good = read(value);
        if good.is_none() {
            self.wrong(key, value, wanted, found);
        }
        good
    }

    /// A text that must be there; `?` stands in for one that is not, so that it is reported once.
    pub(super) fn text(&mut self, key: &'static str, (min, max): (usize, usize), found: &mut Mistakes) -> String {
        if !self.has(key) {
            self.missing(key, found);
        }
        self.optional_text(key, (min, max), found).unwrap_or_else(|| "?".to_owned())
    }

    pub(super) fn optional_text(
        &mut self,
        key: &'static str,
        (min, max): (usize, usize),
        found: &mut Mistakes,
    ) -> Option<String> {
        self.read(key, Wanted::Text { min, max }, found, |value| value.as_str().map(tidied))
    }

    pub(super) fn whole(&mut self, key: &'static str, (min, max): (u32, u32), found: &mut Mistakes) -> Option<u32> {
        self.read(key, Wanted::Whole { min, max }, found, |value| {
            value.to_string_of_number()?.parse().ok().filter(|number| (min..=max).contains(number))
        })
    }

    pub(super) fn flag(&mut self, key: &'static str, found: &mut Mistakes) -> Option<bool> {
        self.read(key, Wanted::TrueOrFalse, found, DeValue::as_bool)
    }

    pub(super) fn one_of<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
        found: &mut Mistakes,
    ) -> Option<T> {
        let wanted = Wanted::OneOf(words.iter().map(|(word, _)| *word).collect());
        self.read(key, wanted, found, |value| {
            words.iter().find(|(word, _)| value.as_str() == Some(word)).map(|(_, meaning)| *meaning)
        })
    }

    /// A number in hundredths, 0 to `max` of them, with at most two decimals.
    pub(super) fn hundredths(
        &mut self,
        key: &'static str,
        max: u32,
        wanted: Wanted,
        found: &mut Mistakes,
    ) -> Option<u32> {
        self.read(key, wanted, found, |value| hundredths(value, max))
    }

    /// A number in hundredths, or the word `exclude`, which is the outer something with nothing in it.
    pub(super) fn exclude_or_hundredths(
        &mut self,
        key: &'static str,
        max: u32,
        found: &mut Mistakes,
    ) -> Option<Option<u32>> {
        self.read(key, Wanted::ExcludeOrPoints, found, |value| match value.as_str() {
            Some("exclude") => Some(None),
            _ => hundredths(value, max).map(Some),
        })
    }

    /// A list of numbers in hundredths.
    pub(super) fn list_of_hundredths(&mut self, key: &'static str, max: u32, found: &mut Mistakes) -> Option<Vec<u32>> {
        self.read(key, Wanted::List, found, |value| {
            value.as_array()?.iter().map(|value| hundredths(value.get_ref(), max)).collect()
        })
    }

    /// A list of whole numbers.
    pub(super) fn list_of_wholes(
        &mut self,
        key: &'static str,
        (min, max): (u32, u32),
        found: &mut Mistakes,
    ) -> Option<Vec<u32>> {
        self.read(key, Wanted::List, found, |value| {
            let whole = |value: &DeValue<'_>| value.to_string_of_number()?.parse().ok();
            let numbers: Option<Vec<u32>> = value.as_array()?.iter().map(|value| whole(value.get_ref())).collect();
            numbers.filter(|numbers| numbers.iter().all(|number| (min..=max).contains(number)))
        })
    }

    pub(super) fn list_of_texts(&mut self, key: &'static str, found: &mut Mistakes) -> Option<Vec<String>> {
        self.read(key, Wanted::List, found, |value| {
            value.as_array()?.iter().map(|value| value.get_ref().as_str().map(str::to_owned)).collect()
        })
    }

    /// The section under a key; nothing where it is not there.
    pub(super) fn section(&mut self, key: &'static str, found: &mut Mistakes) -> Option<Section<'t>> {
        let (line, starts, path) = (self.line_of(key), self.starts, format!("{}.", self.name(key)));
        let table = self.read(key, Wanted::Section, found, DeValue::as_table)?;
        Some(Section::new(&path, line, table, starts))
    }

    /// The sections under a key that is repeated with `[[key]]`; nothing where it is not there.
    pub(super) fn sections(&mut self, key: &'static str, found: &mut Mistakes) -> Option<Vec<Section<'t>>> {
        let (starts, path) = (self.starts, format!("{}.", self.name(key)));
        self.read(key, Wanted::Section, found, |value| {
            let section = |value: &'t Spanned<DeValue<'t>>| {
                let line = starts.line(value.span().start);
                Some(Section::new(&path, Some(line), value.get_ref().as_table()?, starts))
            };
            value.as_array()?.iter().map(section).collect()
        })
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self, found: &mut Mistakes) {
        for entry in self.entries.iter().filter(|entry| !self.asked.contains(&entry.key)) {
            let problem = FileProblem::KeyUnknown { found: self.name(entry.key), known: self.asked.clone() };
            found.add(FolderFile::Meeting, Some(entry.line), problem);
        }
    }
}

/// The digits of a number as they are written.
trait Digits {
    fn to_string_of_number(&self) -> Option<String>;
}

impl Digits for DeValue<'_> {
    fn to_string_of_number(&self) -> Option<String> {
        match self {
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
            DeValue::Float(number) => Some(number.as_str().to_owned()),
            _ => None,
        }
    }
}

/// 33.33 is 3,333; nothing for more than two decimals, another sign or exponent, or more than `max`.
fn hundredths(value: &DeValue<'_>, max: u32) -> Option<u32> {
    let text = value.to_string_of_number()?;
    let (before, after) = text.split_once('.').unwrap_or((&text, ""));
    let digits = [before, after].concat();
    if after.len() > 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hundredths: u32 = format!("{before}{after:0<2}").parse().ok()?;
    (hundredths <= max).then_some(hundredths)
}

fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => value.type_str().to_owned(),
    }
}
