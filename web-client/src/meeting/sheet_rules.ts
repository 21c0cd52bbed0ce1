// The sheet's rules over the marks of one sheet, as in the server's ballot/sheet_rules.rs; both answer the same vectors.
// Pure: it must not know screens, drafts or papers.
import type { SheetRules } from '../protocol';

/** Whole rows and overall marks are the form's rules: what no row may be, whatever the others are. */
export type Rule =
  | 'all_rows'
  | 'distinct_min'
  | 'top_max'
  | 'low_min'
  | 'worst_reason'
  | 'whole_rows'
  | 'overall_matches';

/** A rule with its numbers: what the sheet has, and what is asked or allowed. */
export interface BrokenRule {
  rule: Rule;
  have: number;
  limit: number;
}

export type RuleCount = BrokenRule & { isBroken: boolean };

/**
 * Every rule in force, in the order of `Rule`. `grades` are the ids of the scale's grades, best first; `rows` the mark
 * of every row that the voter has, or with items those of all of them, nothing where it is blank; `reasons` says of which an
 * opinion is written.
 */
export function ruleCounts(
  rules: SheetRules,
  grades: readonly string[],
  rows: readonly (string | undefined)[],
  reasons: readonly boolean[] = [],
): RuleCount[] {
  const marks = rows.filter((mark): mark is string => mark !== undefined);
  const counts: RuleCount[] = [];
  if (rules.all_rows) {
    const limit = rows.length;
    counts.push({ rule: 'all_rows', have: marks.length, limit, isBroken: marks.length !== limit });
  }
  if (rules.distinct_min !== null) {
    const have = grades.filter((grade) => marks.includes(grade)).length;
    const limit = rules.distinct_min;
    counts.push({ rule: 'distinct_min', have, limit, isBroken: have < limit });
  }
  if (rules.top_max !== null) {
    const have = marks.filter((mark) => mark === grades[0]).length;
    const limit =
      'count' in rules.top_max
        ? rules.top_max.count
        : Math.floor((rows.length * rules.top_max.percent) / 100);
    counts.push({ rule: 'top_max', have, limit, isBroken: have > limit });
  }
  if (rules.low_min !== null) {
    const { from, count } = rules.low_min;
    const first = grades.indexOf(from);
    const low = first < 0 ? [] : grades.slice(first);
    const have = marks.filter((mark) => low.includes(mark)).length;
    counts.push({ rule: 'low_min', have, limit: count, isBroken: have < count });
  }
  if (rules.worst_reason) {
    const have = rows.filter((mark, at) => hasWorst(grades, mark) && !reasons[at]).length;
    counts.push({ rule: 'worst_reason', have, limit: 0, isBroken: have > 0 });
  }
  return counts;
}

/** Whether a row has the worst grade, in itself or in an item. */
export function hasWorst(grades: readonly string[], mark = ''): boolean {
  return mark.split('.').includes(grades[grades.length - 1] ?? '.');
}
