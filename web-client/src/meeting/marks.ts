// How marks look: the order of the colours, the worst one hatched, and the widths of bars. Pure.
import type { Language } from '../browser/language';
import type { MarkView, PlanView } from '../protocol';

export interface MarkLook {
  /** `mark-1` to `mark-5`, as in theme.css. */
  name: string;
  hatched: boolean;
}

/** The look of each mark of a scale, best first; marks that are no grade are light. */
export function looksOf(scale: readonly MarkView[]): MarkLook[] {
  const grades = scale.filter((mark) => mark.kind === 'grade');
  const worst = grades.length > 2 ? grades[grades.length - 1] : undefined;
  let place = 0;
  return scale.map((mark) => {
    if (mark.kind !== 'grade') return { name: 'mark-5', hatched: false };
    place += 1;
    return { name: `mark-${Math.min(place, 5)}`, hatched: mark === worst };
  });
}

/** The label in the page's language, of a mark or an item; Chinese where the meeting has no English. */
export function labelOf(mark: Pick<MarkView, 'label' | 'label_en'>, language: Language): string {
  return language === 'en' && mark.label_en !== '' ? mark.label_en : mark.label;
}

/** The title of the form, empty for a meeting's only one. */
export function formTitle({ form, form_en }: PlanView, language: Language): string {
  return (language === 'en' && form_en) || form;
}

/** The label of a suggested grade: the server names it by the id of its mark. */
export function gradeLabel(scale: readonly MarkView[], id: string, language: Language): string {
  const mark = scale.find((each) => each.id === id);
  return mark ? labelOf(mark, language) : id;
}

/** The widths of a bar's pieces in percent of the whole bar, for drawing only; figures come finished from the server. */
export function widthsOf(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (all === 0 ? 0 : (count / all) * 100));
}

/** The best mark of the scale. */
export function bestOf(plan: PlanView): MarkView | undefined {
  return plan.scale.find((mark) => mark.kind === 'grade');
}
