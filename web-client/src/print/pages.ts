// How many rows stand on each page of a printed table. Pure: heights in millimetres on A4 landscape, as print.css sets them.
import { emsOf } from '../projector/paging';

/** What is left for rows on a page without rules and signatures, in millimetres. */
const BODY_MM = 166;
const ROW_MM = 7;
const SIGNATURES_MM = 16;
const TITLE_MM = 13;
const RULE_LINE_MM = 4.2;
/** Signatures never stand under a single lost row. */
const WITH_SIGNATURES_MIN = 3;
/** Letters in one line of a rule, in ems; rules stand in two columns. */
const RULE_LINE_EMS = 43;

/** The height of the rules in the head, in millimetres. */
export function rulesHeight(rules: readonly string[]): number {
  if (rules.length === 0) return 0;
  const lines = rules.reduce((sum, rule) => sum + Math.ceil(emsOf(rule) / RULE_LINE_EMS), 0);
  return 6 + Math.ceil(lines / 2) * RULE_LINE_MM;
}

/** The rows in pages: the first one has the head with the rules, the last one the signatures; no page is empty. */
export function rowPages<T>(rows: readonly T[], rules_mm: number): T[][] {
  const fits = (isFirst: boolean, isLast: boolean) => {
    const taken_mm = (isFirst ? TITLE_MM + rules_mm : 0) + (isLast ? SIGNATURES_MM : 0);
    return Math.max(1, Math.floor((BODY_MM - taken_mm) / ROW_MM));
  };
  const pages: T[][] = [];
  let from = 0;
  while (rows.length - from > fits(pages.length === 0, true)) {
    const size = Math.max(
      1,
      Math.min(fits(pages.length === 0, false), rows.length - from - WITH_SIGNATURES_MIN),
    );
    pages.push(rows.slice(from, from + size));
    from += size;
  }
  pages.push(rows.slice(from));
  return pages;
}
