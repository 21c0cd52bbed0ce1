// What the phone's page gives later.js, so that it can draw a row: on the sheet, on a page of its own, and in the review.

import { fill } from '../../meeting/fill';
import { colourOf as colourOfMark, labelOf } from '../../meeting/marks';
import { bandOf, filledOf, isLeft, joined, overallOf } from '../../meeting/row_value';
import type { MarkView, PlanView, SubjectView } from '../../protocol';
import type { Language } from '../../texts/language';
import { rowTexts } from '../../texts/rows';

export interface RowInputs {
  plan: PlanView;
  /** The sheet, in its order. */
  rows: readonly SubjectView[];
  subject: SubjectView;
  /** The part of each item, one where there are none; empty where it is open. */
  parts: readonly string[];
  language: Language;
  /** Keeps the row's value in the draft. */
  keep(value: string): void;
  /** Opens the page of a row. */
  open(subject: number): void;
}

export const textsOf = ({ language }: RowInputs) => rowTexts[language];

/** The row's value with another part. */
export function withPart({ parts }: RowInputs, at: number, part: string): string {
  return joined(parts.map((kept, place) => (place === at ? part : kept)));
}

/** The items that apply to the subject, with their places. */
export function itemsOf({ plan, subject, language }: RowInputs) {
  return plan.items.flatMap((item, at) =>
    subject.without_items.includes(at)
      ? []
      : [{ at, name: labelOf(item, language), weight_percent: item.weight_percent }],
  );
}

/** Whether an item is the row's overall mark, which weighs nothing and must fit the others. */
export const isOverall = ({ plan }: RowInputs, at: number): boolean =>
  !!plan.overall && at === plan.items.length - 1;

/** The overall mark that the other items ask for; nothing before they can tell. */
export function overallMark({ plan, parts, subject }: RowInputs): MarkView | undefined {
  const others = [...parts.slice(0, -1), ''];
  const { have, of } = filledOf(others, subject);
  if (!plan.overall || (plan.needs_all_items && have < of - 1)) return undefined;
  const id = overallOf(plan.overall, plan.scale, others);
  return plan.scale.find((mark) => mark.id === id);
}

/** Whether the row has what it needs but an overall mark that fits the others. */
export function isUnmatched(filling: RowInputs): boolean {
  const { parts, plan, subject } = filling;
  if (!plan.overall || isLeft(parts, subject, plan.needs_all_items)) return false;
  return overallMark(filling)?.id !== parts[parts.length - 1];
}

/** The mark of a part, or the band of a number. */
export function markOfPart({ plan }: RowInputs, part: string): MarkView | undefined {
  if (part === '') return undefined;
  return plan.numeric === null ? plan.scale.find(({ id }) => id === part) : bandOf(plan.scale, Number(part));
}

/** As 好, or 92 分 优秀; empty where the part is open. */
export function partLabel(filling: RowInputs, part: string): string {
  const mark = markOfPart(filling, part);
  const label = mark ? labelOf(mark, filling.language) : '';
  if (filling.plan.numeric === null || part === '') return label;
  return `${fill(textsOf(filling).points, part)} ${label}`.trim();
}

/** The class of its colour; grey where there is none. */
export function colourOf({ plan }: RowInputs, mark: MarkView | undefined): string {
  return mark ? `mark-${colourOfMark(plan.scale, mark)}` : 'blank-chip';
}
