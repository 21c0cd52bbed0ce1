// The plan as a round has it: groups that vote as one, and the form that its result is of. The server says both.
import type { MergedGroup, PlanView, ResultForm } from '../protocol';

export function withMerged(plan: PlanView, merged: readonly MergedGroup[] | undefined): PlanView {
  if (merged === undefined || merged.length === 0) return plan;
  const groups = plan.groups.flatMap((group) => {
    const together = merged.find((each) => each.groups.includes(group.id));
    if (together === undefined) return [group];
    return together.column.id === group.id ? [together.column] : [];
  });
  return { ...plan, groups };
}

/** The group of whose colour the papers of a seat are. */
export function votesAs(group: string, merged: readonly MergedGroup[] | undefined): string {
  return merged?.find((each) => each.groups.includes(group))?.column.id ?? group;
}

/** The plan with the form of a result: scale and items of its figures, which may be another one than the form in use. */
export function withForm(plan: PlanView, { title, title_en, scale, items }: ResultForm): PlanView {
  return { ...plan, form: title, form_en: title_en, scale, items };
}
