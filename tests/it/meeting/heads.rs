//! Heads by group: who is present on phones and on paper, and which group is too small.

use pingyi_rules::form::OwnBranch;
use pingyi_rules::meeting::Paper;
use pingyi_rules::meeting::heads::{Heads, HeadsByGroup, account, accounting, heads, merging, small};

use super::small_plan;

fn seats(of_a: (u32, u32), of_b: (u32, u32)) -> HeadsByGroup {
    let heads = |(present, leaders_present)| Heads { present, leaders_present, issued: present };
    [("A".to_owned(), heads(of_a)), ("B".to_owned(), heads(of_b))].into()
}

fn sheets(of_a: u32, of_b: u32) -> Paper {
    let issued = [("A", of_a), ("B", of_b)].into_iter().filter(|(_, sheets)| *sheets > 0);
    Paper { issued: issued.map(|(group, sheets)| (group.to_owned(), sheets)).collect(), ..Paper::default() }
}

fn together() -> Vec<Vec<String>> {
    vec![vec!["A".to_owned(), "B".to_owned()]]
}

#[test]
fn s12_a_group_is_too_small_below_k_min_and_where_recusal_takes_it_there() {
    let plan = small_plan();
    let is_small = |seats: &HeadsByGroup| small(&plan, seats, &[], &Paper::default());
    assert_eq!(is_small(&seats((5, 0), (6, 1))), Vec::<String>::new());
    assert_eq!(is_small(&seats((4, 0), (6, 1))), ["A"]);
    // Five are present, but the one who leads a subject gets no token for that row.
    assert_eq!(is_small(&seats((5, 0), (5, 1))), ["B"]);
    let open = pingyi_rules::meeting::Plan { own_branch: OwnBranch::Allowed, ..small_plan() };
    assert_eq!(small(&open, &seats((5, 0), (5, 1)), &[], &Paper::default()), Vec::<String>::new());
    // Where nobody is, nobody can be told.
    assert_eq!(is_small(&seats((0, 0), (6, 0))), Vec::<String>::new());
    assert_eq!(is_small(&HeadsByGroup::new()), Vec::<String>::new());
}

#[test]
fn s12_phones_are_enough_by_themselves_and_paper_alone_too() {
    let plan = small_plan();
    // Those who count the paper can take it away, and four phones stay.
    assert_eq!(small(&plan, &seats((4, 0), (6, 0)), &[], &sheets(2, 0)), ["A"]);
    assert_eq!(small(&plan, &seats((0, 0), (6, 0)), &[], &sheets(4, 0)), ["A"]);
    assert_eq!(small(&plan, &seats((0, 0), (6, 0)), &[], &sheets(5, 0)), Vec::<String>::new());
}

#[test]
fn s54_groups_are_merged_only_where_that_leaves_none_too_small() {
    let mut plan = small_plan();
    assert_eq!(merging(&plan, &seats((4, 0), (6, 0)), &Paper::default()), Vec::<Vec<String>>::new(), "other weights");
    plan.groups[0].weight_bp = 5_000;
    plan.groups[1].weight_bp = 5_000;
    assert_eq!(merging(&plan, &seats((4, 0), (6, 0)), &Paper::default()), together());
    assert_eq!(merging(&plan, &seats((1, 0), (3, 0)), &Paper::default()), Vec::<Vec<String>>::new());
    assert_eq!(merging(&plan, &seats((5, 0), (6, 0)), &Paper::default()), Vec::<Vec<String>>::new(), "none is small");
    let both = heads(&seats((4, 0), (6, 1)), "B", &together());
    assert_eq!(both, Heads { present: 10, leaders_present: 1, issued: 10 });
}

#[test]
fn a4_whoever_has_a_sheet_of_paper_is_present() {
    let plan = small_plan();
    let of_a = account(&plan.groups[0], &seats((3, 0), (6, 0)), &[], &sheets(2, 0));
    assert_eq!((of_a.entitled, of_a.present, of_a.issued, of_a.paper_issued), (6, 5, 5, 2));
    // No more are present than are entitled, though phones took tokens after the paper was handed out.
    let too_many = account(&plan.groups[0], &seats((6, 0), (6, 0)), &[], &sheets(2, 0));
    assert_eq!((too_many.present, too_many.issued), (6, 8));
    let merged = accounting(&plan, &seats((3, 0), (6, 0)), &together(), &sheets(2, 0));
    let [both] = merged.groups.as_slice() else { panic!("{merged:?}") };
    assert_eq!((both.group.as_str(), both.entitled, both.present, both.paper_issued), ("A", 12, 11, 2));
}
