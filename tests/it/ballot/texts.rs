//! Rule t28: a manifest has texts of which everybody sees the same, and all three verifiers agree to the character.

use pingyi_rules::ballot::manifest::ManifestItem;
use pingyi_rules::ballot::text::{REFUSED, is_plain, is_refused, seen, tidied};
use pingyi_rules::ballot::{BadManifest, Edition, Frozen};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use super::round::{Round, manifest, signers};
use crate::record::fixtures::{Poll, verdict};
use crate::record::python;
use crate::record::tampering::put_right;

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Puts a text into its place in a manifest.
type Put<'a> = &'a dyn Fn(&mut pingyi_rules::ballot::Manifest, String);

#[test]
fn t28_all_verifiers_have_one_table() {
    let between = |text: &str, before: &str, after: &str| {
        let (_, rest) = text.split_once(before).expect(before);
        rest.split_once(after).expect(after).0.to_owned()
    };
    let table = REFUSED.trim_end();
    assert!(table.len() > 5_000, "the table was read");
    assert_eq!(between(&read("tests/verify.py"), "REFUSED = \"\"\"\n", "\n\"\"\""), table);
    assert_eq!(between(&read("web-client/src/record/text_ranges.ts"), "export const REFUSED = `\n", "\n`;"), table);
}

/// One of each kind that is refused, and some that only look as if they were.
const UNSEEN: [char; 22] = [
    '\0',
    '\n',
    '\t',
    '\u{7f}',
    '\u{a0}',
    '\u{ad}',
    '\u{34f}',
    '\u{61c}',
    '\u{115f}',
    '\u{2003}',
    '\u{200b}',
    '\u{202e}',
    '\u{2028}',
    '\u{2029}',
    '\u{2800}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{e000}',
    '\u{fdd0}',
    '\u{e0041}',
    '\u{378}',
];
const PLAIN: [&str; 9] = ["述职", "2026年度 述职评议会", "韩　梅", "a", "—", "é", "e\u{301}", "🀄", "（第1次）·“测评”"];

#[test]
fn t28_what_nobody_sees_is_refused_in_every_text_of_a_manifest() {
    for sign in UNSEEN {
        assert!(is_refused(sign), "U+{:04X}", u32::from(sign));
        assert!(!is_plain(&format!("述{sign}职")));
    }
    for text in PLAIN {
        assert!(is_plain(text), "{text}");
    }
    for text in [" a", "a ", "a  b", "a \u{3000}b", "\u{3000}a", "a\u{3000}", " "] {
        assert!(!is_plain(text), "blanks of {text:?}");
    }
    let box_key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let with = |change: &dyn Fn(&mut pingyi_rules::ballot::Manifest, String), text: &str| {
        let mut manifest = manifest(signers(), &box_key);
        change(&mut manifest, text.to_owned());
        Frozen::new(manifest)
    };
    let texts: [(&str, Put<'_>); 10] = [
        ("title", &|m, text| m.title = text),
        ("contests", &|m, text| m.contests[1].branch = text),
        ("contests", &|m, text| m.contests[1].secretary = text),
        ("groups", &|m, text| m.groups[1].name = text),
        ("scale", &|m, text| m.scale[1].label = text),
        ("scale", &|m, text| m.scale[1].label_en = text),
        ("items", &|m, text| {
            crate::record::fixtures::itemised(m, pingyi_rules::scoring::MissingItem::Require);
            m.items[0] = ManifestItem { label: text, label_en: String::new() };
        }),
        ("items", &|m, text| {
            crate::record::fixtures::itemised(m, pingyi_rules::scoring::MissingItem::Require);
            m.items[0].label_en = text;
        }),
        ("scoring", &|m, text| {
            m.scoring["bands"] = json!([{"id": "a", "label": text, "label_en": "", "from_hundredths": 0}])
        }),
        ("scoring", &|m, text| m.scoring["combination"] = json!({"components": [{"name": text, "share_bp": 1}]})),
    ];
    for (field, change) in texts {
        assert!(with(change, "平时").is_ok(), "{field}");
        for text in ["平\u{200b}时", "平  时", "平时 ", "平\u{a0}时"] {
            assert_eq!(with(change, text).unwrap_err(), BadManifest::OutOfLimits(field), "{text:?}");
        }
        // The first edition forbids controls alone, and has no rule for what stands in the scoring.
        let of_before = |text: &str| {
            let first = |m: &mut pingyi_rules::ballot::Manifest, text| {
                change(m, text);
                m.format = Edition::First.manifest().to_owned();
            };
            with(&first, text)
        };
        assert!(of_before("平\u{200b}时 ").is_ok(), "{field}");
    }
}

#[test]
fn t28_verifiers_agree_about_single_characters() {
    let poll = Poll::of(crate::record::fixtures::Voters { a: 1, b: 0, recused: None }, 3, |_| {});
    let titled = |title: String| put_right(poll.forged().with(|v| v["manifest"]["title"] = json!(title)));
    let mut rng = StdRng::seed_from_u64(28);
    let mut signs: Vec<char> = UNSEEN.to_vec();
    // Both ends of ranges, where a slip would be, and others anywhere.
    let ends =
        REFUSED.split_whitespace().flat_map(|range| range.split('-')).map(|end| u32::from_str_radix(end, 16).unwrap());
    let near: Vec<u32> = ends.flat_map(|end| [end.saturating_sub(1), end, end + 1]).collect();
    signs.extend((0..150).filter_map(|_| char::from_u32(near[rng.random_range(0..near.len())])));
    signs.extend((0..150).filter_map(|_| char::from_u32(rng.random_range(0..0x11_0000))));
    let mut titles: Vec<String> = signs.iter().map(|sign| format!("述{sign}职")).collect();
    titles.extend([" 述职", "述职 ", "述  职", "述 \u{3000}职", "述 职", "述\u{3000}职"].map(str::to_owned));
    let asked: Vec<_> = titles.iter().map(|title| (titled(title.clone()), None)).collect();
    let others = python::verdicts(&asked).into_iter().zip(python::browser_verdicts(&asked));
    for ((title, (record, _)), (second, third)) in titles.iter().zip(&asked).zip(others) {
        // Another title is another manifest, for which no token was signed; one that is refused has no form before that.
        let wanted = if is_plain(title) { 14 } else { 13 };
        assert_eq!([verdict(record, None), second, third], [wanted; 3], "{title:?}");
    }
    assert!(titles.iter().filter(|title| is_plain(title)).count() > 20, "the control");
}

#[test]
fn t28_a_manifest_of_before_is_read_as_it_was() {
    let old = Round::with(|manifest| {
        manifest.format = Edition::First.manifest().into();
        manifest.title = "述职\u{200b} ".into();
    });
    assert_eq!(pingyi_rules::ballot::Manifest::parse(old.frozen.bytes()).unwrap().hash(), old.frozen.hash());
}

#[test]
fn t28_blanks_are_tidied_and_nothing_else() {
    for (text, wanted) in [
        ("  述职 \t 评议\u{a0}会　", "述职 评议 会"),
        ("韩　　梅", "韩　梅"),
        ("韩 　梅", "韩 梅"),
        ("a\u{200b}b", "a\u{200b}b"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("", ""),
    ] {
        assert_eq!(tidied(text), wanted, "{text:?}");
    }
    // What was kept before there was a rule is shown in a manifest as it is seen.
    for (text, wanted) in
        [("述\u{200b}职  会 ", "述职 会"), ("第一行\n第二行", "第一行第二行"), ("\u{200b}", "—"), ("", "")]
    {
        assert_eq!(seen(text), wanted, "{text:?}");
        assert!(is_plain(&seen(text)));
    }
}
