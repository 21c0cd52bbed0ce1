// How the agenda may be rearranged: only steps that are still to come move, and only among each other. Pure.
import type { ChairCommand, FormView, PlanView, StepKind, StepView, SubjectView } from '../../protocol';

/** Whether the step is still to come. */
export function isToCome(step: StepView, current: number | null): boolean {
  return !step.done && step.id !== current;
}

/** The order after a step moved to the place of another one; nothing where either is fixed or nothing changes. */
export function movedTo(
  agenda: readonly StepView[],
  current: number | null,
  step: number,
  place: number,
): number[] | null {
  const from = agenda.findIndex((each) => each.id === step);
  const moving = agenda[from];
  const target = agenda[place];
  if (!moving || !target || from === place) return null;
  if (!isToCome(moving, current) || !isToCome(target, current)) return null;
  const ids = agenda.map((each) => each.id);
  ids.splice(from, 1);
  ids.splice(place, 0, step);
  return ids;
}

/** The order after a step moved one place up (−1) or down (+1). */
export function movedBy(
  agenda: readonly StepView[],
  current: number | null,
  step: number,
  by: -1 | 1,
): number[] | null {
  const from = agenda.findIndex((each) => each.id === step);
  return movedTo(agenda, current, step, from + by);
}

/** The forms that an added step can have beside the first: none where the meeting has one form, or the step no sheet. */
export function formsFor(plan: PlanView, step_kind: StepKind): FormView[] {
  return (step_kind === 'evaluation' && plan.forms) || [];
}

/** The command that adds a step after another one, by the meeting's first form or the one of that id. */
export function addition(
  plan: PlanView,
  step_kind: StepKind,
  subject: number | null,
  after: number,
  form = '',
): ChairCommand {
  const highest = plan.agenda.reduce((most, step) => Math.max(most, step.id), 0);
  const step = { do: 'add_step' as const, step_kind, subject, step: highest + 1, after };
  return formsFor(plan, step_kind).some(({ id }) => id === form) ? { ...step, form } : step;
}

/** A step as one line: what happens, and who is concerned. */
export function stepName(step: StepView, subject: SubjectView | null, kind: string): string {
  return subject && step.subject !== null ? `${kind} · ${subject.branch} ${subject.secretary}` : kind;
}
