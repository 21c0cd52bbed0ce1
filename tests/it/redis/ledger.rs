//! What every phone of a hall cast and what it was told, and whether a count is true to that.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Mutex;

use pingyi_rules::ballot::manifest::SHEET;
use pingyi_rules::ballot::{Ballot, BoxItem};

/// A ballot's leaf.
type Leaf = [u8; 32];

/// What a phone knows of its sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Every ballot is in: in or same, with good receipts.
    Acknowledged,
    /// The round takes none any more, and none of these is in.
    Closed,
    /// Some are in, and the round takes none any more: only of a sheet that a power cut tore before it was acknowledged.
    InPart,
}

#[derive(Default)]
pub struct Ledger {
    // A std mutex: held for a note only.
    lines: Mutex<BTreeMap<u32, Line>>,
}

#[derive(Clone)]
struct Line {
    leaves: Vec<Leaf>,
    /// The ballot of the sheet itself, beside its rows.
    sheet: Option<Leaf>,
    told: Option<Told>,
    /// Whether the power went while nobody had told this seat anything.
    may_be_torn: bool,
}

impl Ledger {
    /// Before the first byte is sent: this seat casts these ballots.
    pub fn casts(&self, seat: u32, items: &[BoxItem]) {
        let leaves = items.iter().map(BoxItem::leaf).collect();
        let sheet = items.iter().find(|item| item.key().0 == SHEET).map(BoxItem::leaf);
        self.lines.lock().unwrap().entry(seat).or_insert(Line { leaves, sheet, told: None, may_be_torn: false });
    }

    /// The power of a server goes: what it was writing may be there in part.
    pub fn power_goes(&self) {
        self.lines.lock().unwrap().values_mut().for_each(|line| line.may_be_torn |= line.told.is_none());
    }

    /// What the seat was told; it never changes.
    pub fn notes(&self, seat: u32, told: Told) {
        let (before, may_be_torn) = {
            let mut lines = self.lines.lock().unwrap();
            let line = lines.get_mut(&seat).unwrap();
            (line.told.replace(told), line.may_be_torn)
        };
        assert!(before.is_none_or(|before| before == told), "seat {seat} was told {before:?} and now {told:?}");
        assert!(told != Told::InPart || may_be_torn, "seat {seat} is taken in part");
    }

    pub fn acknowledged(&self) -> usize {
        self.lines.lock().unwrap().values().filter(|line| line.told == Some(Told::Acknowledged)).count()
    }

    /// Seats that were told that they came too late.
    pub fn late(&self) -> usize {
        self.lines.lock().unwrap().values().filter(|line| line.told == Some(Told::Closed)).count()
    }

    /// Acknowledged ⊆ counted ⊆ cast, nothing twice, nothing of a seat that was told that it came too late.
    pub fn holds(&self, counted: &[BoxItem]) {
        // A copy: a count that does not hold must not keep the lock.
        let lines = self.lines.lock().unwrap().clone();
        let of_seat: HashMap<Leaf, u32> =
            lines.iter().flat_map(|(seat, line)| line.leaves.iter().map(|leaf| (*leaf, *seat))).collect();
        let leaves: HashSet<Leaf> = counted.iter().map(BoxItem::leaf).collect();
        let tokens: HashSet<(u16, [u8; 32])> = counted.iter().map(BoxItem::key).collect();
        assert_eq!(tokens.len(), counted.len(), "a token is counted twice");
        for leaf in &leaves {
            assert!(of_seat.contains_key(leaf), "a ballot is counted that nobody cast");
        }
        for (seat, line) in &lines {
            let there = line.leaves.iter().filter(|leaf| leaves.contains(*leaf)).count();
            let has_sheet = line.sheet.is_none_or(|sheet| leaves.contains(&sheet));
            assert!(there == 0 || has_sheet, "rows of seat {seat} are counted without their sheet");
            match line.told {
                Some(Told::Acknowledged) => assert_eq!(there, line.leaves.len(), "seat {seat} was acknowledged"),
                Some(Told::Closed) => assert_eq!(there, 0, "seat {seat} came too late"),
                Some(Told::InPart) => assert!((1..line.leaves.len()).contains(&there), "seat {seat} was told: in part"),
                None if line.may_be_torn => {}
                None => assert!(there == 0 || there == line.leaves.len(), "seat {seat} is counted in part"),
            }
        }
    }
}

#[test]
fn d49_the_ledger_finds_what_is_lost_doubled_late_or_made_up() {
    let ballot = |number: u8, mark: &str| {
        BoxItem::Ballot(Ballot {
            contest: 1,
            group: "A".to_owned(),
            pk: [number; 32],
            token: [number; 256],
            answer: format!(r#"{{"v":"{mark}"}}"#),
            signature: [number; 64],
        })
    };
    let (first, second, third) = (ballot(1, "hao"), ballot(2, "hao"), ballot(3, "hao"));
    let ledger = Ledger::default();
    ledger.casts(1, std::slice::from_ref(&first));
    ledger.casts(2, std::slice::from_ref(&second));
    ledger.notes(1, Told::Acknowledged);
    ledger.notes(2, Told::Closed);
    ledger.holds(std::slice::from_ref(&first));
    let is_found =
        |counted: &[BoxItem]| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| ledger.holds(counted))).is_err();
    assert!(is_found(&[]), "one that was acknowledged is lost");
    assert!(is_found(&[first.clone(), first.clone()]), "one is there twice");
    assert!(is_found(&[ballot(1, "cha")]), "one was exchanged");
    assert!(is_found(&[first.clone(), second]), "one came too late");
    assert!(is_found(&[first, third]), "one is nobody's");
}

#[test]
fn d49_a_sheet_in_part_is_found_but_where_the_power_went_before_anybody_knew() {
    let is_refused = |ledger: &Ledger, seat: u32| {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| ledger.notes(seat, Told::InPart))).is_err()
    };
    let ledger = Ledger::default();
    (1..=3).for_each(|seat| ledger.casts(seat, &[]));
    assert!(is_refused(&ledger, 1), "the power did not go");
    ledger.notes(2, Told::Acknowledged);
    ledger.power_goes();
    assert!(is_refused(&ledger, 2), "it was acknowledged before");
    ledger.notes(3, Told::InPart);
}

#[test]
fn d49_a_row_without_its_sheet_is_found_also_of_a_torn_one() {
    let [sheet, row] = [SHEET, 1].map(|contest| {
        BoxItem::Ballot(Ballot {
            contest,
            group: "A".to_owned(),
            pk: [1; 32],
            token: [1; 256],
            answer: r#"{"v":"hao"}"#.to_owned(),
            signature: [1; 64],
        })
    });
    let ledger = Ledger::default();
    ledger.casts(1, &[sheet.clone(), row.clone()]);
    ledger.power_goes();
    ledger.holds(&[sheet]);
    let rows = std::panic::AssertUnwindSafe(|| ledger.holds(std::slice::from_ref(&row)));
    assert!(std::panic::catch_unwind(rows).is_err());
}
