// What a row of the sheet says, as one text: a mark, or with items the mark of each in their order, joined by dots, nothing
// where one is open or does not apply. Pure: it must not know pages, drafts or tokens.
import type { ItemView, MarkView, OverallView, SubjectView } from '../protocol';

/** What it needs of the form. */
export interface RowForm {
  numeric: number | null;
  scale: readonly MarkView[];
  items: readonly ItemView[];
}

/** The ids that a row, or each of its items, may get, best first: of the scale, or whole numbers from the largest down. */
export function markIds({ numeric, scale }: Pick<RowForm, 'numeric' | 'scale'>): string[] {
  if (numeric === null) return scale.map(({ id }) => id);
  return Array.from({ length: numeric + 1 }, (_, down) => String(numeric - down));
}

/** The part of each item, one where there are none; empty where it is open, does not apply, or is of another form. */
export function partsOf(
  value: string | undefined,
  marks: ReadonlySet<string>,
  items: number,
  without: readonly number[],
): string[] {
  const places = items || 1;
  const given = (value ?? '').split('.');
  return Array.from({ length: places }, (_, at) => {
    const part = given[at] ?? '';
    return given.length === places && !without.includes(at) && marks.has(part) ? part : '';
  });
}

/** The row as it is drafted and cast; empty where nothing in it is marked. */
export function joined(parts: readonly string[]): string {
  return parts.some((part) => part !== '') ? parts.join('.') : '';
}

/** How many parts are marked, and of how many. */
export function filledOf(parts: readonly string[], subject: SubjectView): { have: number; of: number } {
  return {
    have: parts.filter((part) => part !== '').length,
    of: parts.length - subject.without_items.length,
  };
}

/** Whether the voter still has to do something: the row is blank, or open items keep it from being cast. */
export function isLeft(
  parts: readonly string[],
  subject: SubjectView,
  needsAll: boolean | undefined,
): boolean {
  const { have, of } = filledOf(parts, subject);
  return needsAll ? have < of : !have;
}

/** The band of a number: the best one that begins at or below it. A band's points are where it begins. */
export function bandOf(scale: readonly MarkView[], number: number): MarkView | undefined {
  return scale.find(({ points }) => Number(points) <= number);
}

/**
 * The overall mark that the other parts ask for: the grade in whose band they lie; nothing where none of them is marked. In whole
 * numbers below 2^53, so that no fraction is lost.
 */
export function overallOf(
  { decimals, weights_bp, bands }: OverallView,
  scale: readonly MarkView[],
  parts: readonly string[],
): string | undefined {
  let sum = 0;
  let weights = 0;
  parts.forEach((part, at) => {
    const mark = scale.find(({ id }) => id === part);
    const weight = mark ? (weights_bp[at] ?? 0) : 0;
    sum += weight * Math.round(Number(mark?.points ?? 0) * 100);
    weights += weight;
  });
  if (weights === 0) return undefined;
  const ten_to = 10 ** decimals;
  const units = Math.floor((2 * sum * ten_to + 100 * weights) / (200 * weights));
  return bands.find(({ from_hundredths }) => units * 100 >= from_hundredths * ten_to)?.id;
}

/** What was typed as the number that it says, full-width digits too; nothing where it is none, or too large. */
export function typedNumber(typed: string, most: number): number | null {
  const plain = typed.normalize('NFKC').trim();
  if (!/^\d{1,3}$/.test(plain)) return null;
  return Number(plain) <= most ? Number(plain) : null;
}
