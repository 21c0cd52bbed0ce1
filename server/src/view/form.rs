//! A form as screens, tables and prints show it: of a scale of numbers the bands, of several items what each of them got.

use crate::protocol::{BandView, FormView, ItemResult, ItemView, MarkView, OverallView, ResultForm};
use crate::view::decimal;
use pingyi_rules::form::Mark;
use pingyi_rules::meeting::plan::{Form, Plan};
use pingyi_rules::meeting::{Command, Meeting, Round};
use pingyi_rules::scoring::{Band, GroupCount, Rules, Worth, counted_rows, group_mean, printed};

/// The title of a step's form, Chinese and English; nothing for the meeting's first one.
#[must_use]
pub fn title(plan: &Plan, step: u32) -> Option<[String; 2]> {
    plan.form(step).map(|form| [form.title.clone(), form.title_en.clone()])
}

/// The forms beside the meeting's first one, as an evaluation names them.
#[must_use]
pub fn others(plan: &Plan) -> Vec<FormView> {
    let form =
        |form: &Form| FormView { id: form.id.clone(), title: form.title.clone(), title_en: form.title_en.clone() };
    plan.forms.iter().map(form).collect()
}

/// The title of the form that a further step was given; by its id, because the step may be gone again.
#[must_use]
pub fn added(plan: &Plan, command: &Command) -> Option<[String; 2]> {
    let Command::AddStep { step, .. } = command else { return None };
    let form = plan.forms.iter().find(|form| step.form.as_ref() == Some(&form.id))?;
    Some([form.title.clone(), form.title_en.clone()])
}

/// The form of a round.
#[must_use]
pub fn of_round(meeting: &Meeting, round: &Round) -> ResultForm {
    let [title, title_en] = title(&meeting.plan, round.step).unwrap_or_default();
    let plan = meeting.form_plan(round);
    ResultForm { title, title_en, scale: plan.shown_scale().iter().map(mark).collect(), items: items(&plan) }
}

/// The items of a plan, with their weights.
#[must_use]
pub fn items(plan: &Plan) -> Vec<ItemView> {
    let weighted = plan.items.iter().zip(&plan.scoring.item_weights_bp);
    let item = |(item, weight_bp): (&pingyi_rules::form::Item, &u32)| ItemView {
        label: item.label.clone(),
        label_en: item.label_en.clone(),
        weight_percent: decimal(*weight_bp),
    };
    weighted.map(item).collect()
}

/// A mark.
#[must_use]
pub fn mark(mark: &Mark) -> MarkView {
    MarkView {
        id: mark.id.clone(),
        label: mark.label.clone(),
        label_en: mark.label_en.clone(),
        kind: mark.kind,
        points: decimal(mark.points_hundredths),
    }
}

/// How a row finds its overall mark, where the sheet rules make the last item one.
#[must_use]
pub fn overall(plan: &Plan) -> Option<OverallView> {
    let rules = &plan.scoring;
    let band = |band: &Band| BandView { id: band.id.clone(), from_hundredths: band.from_hundredths };
    plan.sheet_rules.overall_matches.then(|| OverallView {
        decimals: rules.decimals,
        weights_bp: rules.item_weights_bp.clone(),
        bands: rules.bands.iter().map(band).collect(),
    })
}

/// The worth of each mark of the scale for the count.
#[must_use]
pub fn worths(plan: &Plan) -> Vec<Worth> {
    plan.scale.iter().map(Mark::worth).collect()
}

/// What each item of a subject got; nothing where a row has one overall mark. It follows from
/// these counts alone: those over all groups, or those of one.
#[must_use]
pub fn item_results(plan: &Plan, count: &GroupCount, decimals: u32) -> Option<Vec<ItemResult>> {
    if plan.items.is_empty() {
        return None;
    }
    let result = |mut marks: Vec<u32>| {
        let open = marks.pop().unwrap_or(0);
        let of_item = GroupCount { marks, ..GroupCount::default() };
        let rows = counted_rows(&Rules::default(), &worths(plan), &of_item);
        ItemResult {
            mean: group_mean(rows, None).map(|mean| printed(&mean.value, decimals)),
            marks: plan.shown_marks(&of_item.marks),
            open,
        }
    };
    Some(count.item_marks(plan.items.len(), plan.scale.len()).into_iter().map(result).collect())
}
