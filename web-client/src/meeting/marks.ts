// How marks look on every page: label, colour, the worst grade, the widths of bars. A new colour is one more here and in theme.css.
// Pure: it must not know which page draws them.
import type { MarkView, PlanView } from '../protocol';
import { type Language, spoken } from '../texts/language';

/** How many colours there are, as `mark-1` to `mark-5` of theme.css; the last is the light one. */
const COLOURS = 5;

const gradesOf = (scale: readonly MarkView[]) => scale.filter(({ kind }) => kind === 'grade');

/** The mark's place in the colours, from 1: grades in their order, the light one for what is no grade. */
export function colourOf(scale: readonly MarkView[], mark: MarkView): number {
  return Math.min(gradesOf(scale).indexOf(mark) + 1 || COLOURS, COLOURS);
}

/** Whether it is the worst grade, which is hatched everywhere: colour alone never tells it from the best one. */
export function isWorst(scale: readonly MarkView[], mark: MarkView): boolean {
  return gradesOf(scale).indexOf(mark) === Math.max(1, gradesOf(scale).length - 1);
}

/** The classes of a mark's colour and hatching. */
export function lookOf(scale: readonly MarkView[], mark: MarkView): string {
  return `mark-${colourOf(scale, mark)}${isWorst(scale, mark) ? ' worst' : ''}`;
}

/** The label of a mark or a criterion; Chinese where the meeting has no English. */
export function labelOf(mark: Pick<MarkView, 'label' | 'label_en'>, language: Language): string {
  return spoken(language, mark.label, mark.label_en);
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
export function bestOf({ scale }: PlanView): MarkView | undefined {
  return gradesOf(scale)[0];
}
