//! Which texts a manifest may have: from the second edition on those of which everybody sees the same. Two titles that differ in a
//! letter that nobody sees would be one title with two hashes. It knows no plan and no page.

use std::sync::OnceLock;

use super::edition::Edition;

/// First and last of each range, hexadecimal, ascending: characters that nobody sees, or that are none. Written once of Unicode 15.1
/// by web-client/text_ranges.mjs; tests/verify.py and the page that checks records have the same table.
pub const REFUSED: &str = include_str!("text_ranges.txt");

/// The full-width blank.
const WIDE_BLANK: char = '\u{3000}';

fn ranges() -> &'static [(u32, u32)] {
    static RANGES: OnceLock<Vec<(u32, u32)>> = OnceLock::new();
    RANGES.get_or_init(|| {
        let point = |text: &str| u32::from_str_radix(text, 16).unwrap_or(0);
        let range = |text: &str| match text.split_once('-') {
            Some((from, to)) => (point(from), point(to)),
            None => (point(text), point(text)),
        };
        REFUSED.split_whitespace().map(range).collect()
    })
}

/// Whether nobody sees the character, or it is none: controls, format characters and all that may be ignored, private use,
/// unassigned, and every blank but U+0020 and U+3000.
#[must_use]
pub fn is_refused(sign: char) -> bool {
    let point = u32::from(sign);
    let at = ranges().partition_point(|(_, last)| *last < point);
    ranges().get(at).is_some_and(|(first, _)| *first <= point)
}

fn is_blank(sign: char) -> bool {
    matches!(sign, ' ' | WIDE_BLANK)
}

/// Whether a text has only characters that are seen, and blanks one at a time between them.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    let mut before_is_blank = true;
    for sign in text.chars() {
        if is_refused(sign) || is_blank(sign) && before_is_blank {
            return false;
        }
        before_is_blank = is_blank(sign);
    }
    text.is_empty() || !before_is_blank
}

/// Whether a text of a manifest has so many characters, and only such as its edition allows.
#[must_use]
pub(super) fn fits(edition: Edition, text: &str, least: usize, most: usize) -> bool {
    let is_allowed = match edition {
        Edition::First => !text.chars().any(char::is_control),
        Edition::Second => is_plain(text),
    };
    is_allowed && (least..=most).contains(&text.chars().count())
}

/// The first character that is refused, and its place from 1; a blank of another kind is none, because [`tidied`] makes it one.
#[must_use]
pub fn first_refused(text: &str) -> Option<(char, usize)> {
    text.chars().zip(1..).find(|(sign, _)| is_refused(*sign))
}

/// The text with blanks as they must be: none at an end, and one for several, whatever kind they were. What is meant is the same.
#[must_use]
pub fn tidied(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blanks: Option<char> = None;
    // A line's end is no blank of a text in one line: who wrote it meant something else.
    for sign in text.trim_matches(is_any_blank).chars() {
        if is_any_blank(sign) {
            let one = if sign == WIDE_BLANK && blanks.is_none_or(|kind| kind == WIDE_BLANK) { WIDE_BLANK } else { ' ' };
            blanks = Some(one);
        } else {
            out.extend(blanks.take());
            out.push(sign);
        }
    }
    out
}

/// Blanks that are written for one of the two: of other widths, those that do not break a line, and tabs.
fn is_any_blank(sign: char) -> bool {
    sign == '\t' || sign.is_whitespace() && !sign.is_control() && !matches!(sign, '\u{2028}' | '\u{2029}')
}

/// What people see of a text that was kept before there was a rule: for a manifest of a meeting that was made then.
#[must_use]
pub fn seen(text: &str) -> String {
    let visible: String = text.chars().filter(|sign| is_any_blank(*sign) || !is_refused(*sign)).collect();
    let tidied = tidied(&visible);
    if tidied.is_empty() && !text.is_empty() { "—".to_owned() } else { tidied }
}
