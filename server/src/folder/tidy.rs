//! Texts of a plan that came another way than by a folder, with blanks as they must be: none at an end, one for several. It changes
//! nothing that anybody sees; what nobody sees is `check`'s to refuse.

use pingyi_rules::ballot::text::tidied;
use pingyi_rules::form::{Item, Mark};
use pingyi_rules::meeting::plan::{EntitledSeat, Plan};
use pingyi_rules::scoring::Rules;

/// The plan and its seats with tidy texts (rule d14).
#[must_use]
pub fn tidy(mut plan: Plan, mut seats: Vec<EntitledSeat>) -> (Plan, Vec<EntitledSeat>) {
    let each = |text: &mut String| *text = tidied(text);
    each(&mut plan.title);
    each(&mut plan.host);
    plan.groups.iter_mut().for_each(|group| each(&mut group.name));
    for subject in &mut plan.subjects {
        each(&mut subject.branch);
        each(&mut subject.secretary);
    }
    form(&mut plan.scale, &mut plan.items, &mut plan.scoring);
    for other in &mut plan.forms {
        each(&mut other.title);
        each(&mut other.title_en);
        form(&mut other.scale, &mut other.items, &mut other.scoring);
    }
    for seat in &mut seats {
        each(&mut seat.name);
        each(&mut seat.role);
    }
    (plan, seats)
}

fn form(scale: &mut [Mark], items: &mut [Item], scoring: &mut Rules) {
    let labels = scale.iter_mut().map(|mark| (&mut mark.label, &mut mark.label_en));
    let labels = labels.chain(items.iter_mut().map(|item| (&mut item.label, &mut item.label_en)));
    let bands = scoring.bands.iter_mut().map(|band| (&mut band.label, &mut band.label_en));
    for (label, label_en) in labels.chain(bands) {
        (*label, *label_en) = (tidied(label), tidied(label_en));
    }
    for component in scoring.combination.iter_mut().flat_map(|combination| &mut combination.components) {
        component.name = tidied(&component.name);
    }
}
