//! Forms of evaluations that the chair adds while the meeting is under way.

use pingyi::hub::NotDone;
use pingyi::protocol::HistoryLine;
use pingyi::view;
use pingyi_rules::ballot::Manifest;
use pingyi_rules::form::Mark;
use pingyi_rules::meeting::plan::{Form, Plan, Step, StepKind};
use pingyi_rules::meeting::round::SmallGroups;
use pingyi_rules::meeting::{Command, Meeting, PlainWish, Refusal, Wish};
use pingyi_rules::scoring::{Combination, Component, Imported, Rules};

use super::small_plan;
use crate::secrecy::hall::Hall;

/// The small plan with a second form, whose scores are combined with a component of its own.
fn plan_with_forms() -> Plan {
    let daily = Component { name: "平时考核".to_owned(), share_bp: 6_000 };
    let combination = Combination { evaluation_share_bp: 4_000, components: vec![daily], gates: Vec::new() };
    let plan = small_plan();
    let head = Form {
        id: "head".to_owned(),
        title: "负责人测评表".to_owned(),
        title_en: "Heads".to_owned(),
        scale: vec![Mark { id: "great".to_owned(), ..plan.scale[0].clone() }, plan.scale[1].clone()],
        numeric: None,
        items: Vec::new(),
        sheet_rules: plan.sheet_rules.clone(),
        scoring: Rules { combination: Some(combination), ..Rules::default() },
    };
    let of_one = |subject| Imported { subject, components: vec!["90".to_owned()], ..Imported::default() };
    Plan { forms: vec![head], imported: vec![of_one(1), of_one(2)], ..plan }
}

fn under_way() -> Meeting {
    let start = Meeting::new("abcd1234".to_owned(), plan_with_forms());
    let begin = [Command::Plain(PlainWish::OpenCheckin), Command::Plain(PlainWish::Begin)];
    begin.iter().fold(start, |meeting, command| meeting.apply(command, 1_000).unwrap())
}

fn adds(id: u32, kind: StepKind, form: Option<&str>) -> Command {
    Command::AddStep { step: Step { id, kind, subject: None, form: form.map(str::to_owned) }, after: 4 }
}

#[test]
fn m22_an_added_evaluation_has_the_form_that_the_chair_chose() {
    let meeting = under_way();
    let meeting = meeting.apply(&adds(6, StepKind::Evaluation, Some("head")), 2_000).unwrap();
    let meeting = meeting.apply(&adds(7, StepKind::Evaluation, None), 3_000).unwrap();
    let (of_head, of_first) = (meeting.round(2).unwrap(), meeting.round(3).unwrap());
    assert_eq!((of_head.step, of_first.step), (6, 7));
    assert!(meeting.form_plan(of_head).scoring.combination.is_some(), "the round is by the form that was chosen");
    assert_eq!(*meeting.form_plan(of_first), meeting.plan);
    assert_eq!((of_head.imported.len(), of_first.imported.len()), (2, 0), "and has what that form is combined with");
    let shown = view::plan(&meeting, "").agenda;
    let form = |id| shown.iter().find(|step| step.id == id).unwrap().form.clone();
    assert_eq!((form(6), form(7)), (Some(["负责人测评表".to_owned(), "Heads".to_owned()]), None));
}

#[test]
fn m22_an_unknown_form_and_a_form_of_another_step_are_refused() {
    let meeting = under_way();
    let refused = |command: &Command| meeting.apply(command, 2_000).unwrap_err();
    assert_eq!(refused(&adds(6, StepKind::Evaluation, Some("heads"))), Refusal::UnknownForm);
    assert_eq!(refused(&adds(6, StepKind::Comment, Some("head"))), Refusal::OutOfRange);
    let one_form = Meeting::new("abcd1234".to_owned(), small_plan());
    assert_eq!(one_form.apply(&adds(6, StepKind::Evaluation, Some("head")), 0), Err(Refusal::UnknownForm));
    // The same step by another form is another step.
    let added = meeting.apply(&adds(6, StepKind::Evaluation, Some("head")), 2_000).unwrap();
    assert_eq!(added.apply(&adds(6, StepKind::Evaluation, Some("head")), 3_000), Ok(added.clone()));
    assert_eq!(added.apply(&adds(6, StepKind::Evaluation, None), 3_000), Err(Refusal::OutOfRange));
}

#[test]
fn m22_screens_list_the_forms_and_the_history_tells_the_chosen_one() {
    let meeting = under_way();
    let forms = view::plan(&meeting, "").forms;
    assert_eq!(forms.iter().map(|form| form.id.as_str()).collect::<Vec<_>>(), ["head"]);
    let without = serde_json::to_value(view::plan(&Meeting::new("abcd1234".to_owned(), small_plan()), "")).unwrap();
    assert!(without.get("forms").is_none(), "one form costs a phone no byte");

    let wire = r#"{"do":"add_step","step_kind":"evaluation","subject":null,"step":6,"after":4,"form":"head"}"#;
    let Wish::AddStep { step, form, .. } = serde_json::from_str(wire).unwrap() else { panic!("another command") };
    let meeting = meeting.apply(&adds(step, StepKind::Evaluation, form.as_deref()), 2_000).unwrap();
    let meeting = meeting.apply(&adds(7, StepKind::Evaluation, None), 3_000).unwrap();
    // What was added may be taken out again; the history still tells it.
    let meeting = meeting.apply(&PlainWish::RemoveStep { step: 6 }.into(), 4_000).unwrap();
    let prints = view::prints::prints(&meeting, view::prints::PrintInputs::default());
    let line = |at_ms, form| HistoryLine { at_ms, command: "add_step".to_owned(), form };
    let head = ["负责人测评表".to_owned(), "Heads".to_owned()];
    assert_eq!(prints.history[2..4], [line(2_000, Some(head)), line(3_000, None)]);
    assert_eq!(prints.plan.forms.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn m22_an_added_evaluation_is_armed_by_its_form() {
    let hall = Hall::with(Plan { k_min: 1, ..plan_with_forms() }).await;
    hall.welcomes().await;
    let _voter = hall.seats(1, None).await;
    hall.chair(PlainWish::Begin).await;
    let add = |step, form: &str| Wish::AddStep {
        step_kind: StepKind::Evaluation,
        subject: Some(1),
        step,
        after: 1,
        form: Some(form.to_owned()),
    };
    let refused = hall.watched.command(add(6, "heads")).await;
    assert!(matches!(refused, Err(NotDone::Refused(Refusal::UnknownForm))), "{refused:?}");
    hall.chair(add(6, "head")).await;
    hall.chair(PlainWish::GoTo { step: 6 }).await;
    hall.chair_sees(|view| view["now"]["round"]["number"] == 2).await;
    hall.keys_are_ready().await;
    hall.chair(Wish::Arm { round: 2, small_groups: SmallGroups::Refuse }).await;
    let frozen = Manifest::parse(&hall.store.manifest(hall.meeting(), 2).await.unwrap().unwrap()).unwrap();
    let manifest = frozen.manifest();
    assert_eq!(manifest.contests.iter().map(|row| row.subject).collect::<Vec<_>>(), [1]);
    let marks: Vec<&str> = manifest.scale.iter().map(|mark| mark.id.as_str()).collect();
    assert_eq!(marks, ["great", "cha"], "the sheet is that of the form");
}
