// The plan as pages read it: its steps, subjects and turns, the groups that vote as one in a round, the form that a result is of.
// Pure; the server decides all of it.
import type { MergedGroup, PlanView, ResultForm, StepView, SubjectView } from '../protocol';

/** The step of that id. */
export function stepOf(plan: PlanView, id: number | null): StepView | null {
  return plan.agenda.find((step) => step.id === id) ?? null;
}

/** The subject of that number. */
export function subjectOf(plan: PlanView, id: number | null): SubjectView | null {
  return plan.subjects.find((subject) => subject.id === id) ?? null;
}

/** The place of a turn among all that come, from 1; absent subjects have none. */
export function placeOf(plan: PlanView, subject: number | null): { place: number; of: number } | null {
  const turns = turnsOf(plan);
  const index = turns.findIndex((step) => step.subject === subject);
  return index < 0 ? null : { place: index + 1, of: turns.length };
}

/** Who reports after the current step. */
export function nextTurn(plan: PlanView, current: number | null): SubjectView | null {
  const at = plan.agenda.findIndex((step) => step.id === current);
  const coming = new Set(turnsOf(plan).map((step) => step.id));
  const next = plan.agenda.slice(at + 1).find((step) => coming.has(step.id));
  return next ? subjectOf(plan, next.subject) : null;
}

function turnsOf(plan: PlanView): StepView[] {
  return plan.agenda.filter(
    ({ kind, subject }) => kind === 'report' && subjectOf(plan, subject)?.absent === false,
  );
}

/** The plan with the groups that vote as one in a round. */
export function withMerged(plan: PlanView, merged: readonly MergedGroup[] | undefined): PlanView {
  if (merged === undefined || merged.length === 0) return plan;
  const groups = plan.groups.flatMap((group) => {
    const together = merged.find((each) => each.groups.includes(group.id));
    if (together === undefined) return [group];
    return together.column.id === group.id ? [together.column] : [];
  });
  return { ...plan, groups };
}

/** The group whose tokens a seat gets. */
export function votesAs(group: string, merged: readonly MergedGroup[] | undefined): string {
  return merged?.find((each) => each.groups.includes(group))?.column.id ?? group;
}

/** The plan with the form of a result: scale and items of its figures, which may be another one than the form in use. */
export function withForm(plan: PlanView, { title, title_en, scale, items }: ResultForm): PlanView {
  return { ...plan, form: title, form_en: title_en, scale, items };
}
