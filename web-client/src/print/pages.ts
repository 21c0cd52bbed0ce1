// How many rows stand on each page of a printed table, and how small its letters must be to fit. Pure: heights and widths in
// millimetres on A4, as print.css sets them.
import { emsOf } from '../meeting/paging';
import type { Paper } from './paper_rule';

/** A page's room for rows: what is there on every page, and what the first and the last page need for other things. */
export interface Room {
  body_mm: number;
  row_mm: number;
  /** Title and rules. */
  first_mm: number;
  /** Signatures. */
  last_mm: number;
}

/** Signatures never stand under a single lost row. */
const WITH_SIGNATURES_MIN = 3;

/** The rows in pages: the first one has the head, the last one the signatures; no page is empty, unless there is no row. */
export function pagesOf<T>(rows: readonly T[], room: Room): T[][] {
  const fits = (isFirst: boolean, isLast: boolean) => {
    const taken_mm = (isFirst ? room.first_mm : 0) + (isLast ? room.last_mm : 0);
    return Math.max(1, Math.floor((room.body_mm - taken_mm) / room.row_mm));
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

const RULE_LINE_MM = 4.2;
/** Letters in one line of a rule, in ems; rules stand in two columns. */
const RULE_LINE_EMS = { landscape: 43, portrait: 27 };

/** The height of the rules in the head, in millimetres. */
export function rulesHeight(rules: readonly string[], paper: Paper = 'landscape'): number {
  if (rules.length === 0) return 0;
  const lines = rules.reduce((sum, rule) => sum + Math.ceil(emsOf(rule) / RULE_LINE_EMS[paper]), 0);
  return 6 + Math.ceil(lines / 2 + 0.5) * RULE_LINE_MM;
}

/** A summary's rows on A4 landscape. */
export function rowPages<T>(rows: readonly T[], rules_mm: number): T[][] {
  return pagesOf(rows, { body_mm: 164, row_mm: 7, first_mm: 16 + rules_mm, last_mm: 16 });
}

/** A list's rows on A4 portrait, under a title, rules, and perhaps over signatures. */
export function listPages<T>(rows: readonly T[], row_mm: number, head_mm: number, foot_mm: number): T[][] {
  return pagesOf(rows, { body_mm: 252, row_mm, first_mm: 18 + head_mm, last_mm: foot_mm });
}

/** An em of a table's letters, and what stands around them in a cell. */
const EM_MM = 3.53;
const CELL_MM = 2.7;
/** No table is set smaller than this share of its size: below, it is parted. */
export const FIT_MIN = 0.62;

/** The width of a column that holds these words, in millimetres. */
export function columnWidth(words: readonly string[], most_mm = Number.POSITIVE_INFINITY): number {
  return Math.min(most_mm, Math.max(0, ...words.map(emsOf)) * EM_MM + CELL_MM);
}

/** A head as it wraps: at its blanks, and Chinese after any sign. */
export function wrapped(head: string): string[] {
  return head
    .split(/\s+/)
    .flatMap((word) => (/[\u2e80-\uffff]/.test(word) ? (word.match(/.{1,4}/gu) ?? []) : [word]));
}

/** The share of its size in which a table of these columns fits the paper. */
export function tableFit(columns_mm: readonly number[], room_mm: number): number {
  // Heads are bold, and letters differ from font to font.
  const width_mm = columns_mm.reduce((sum, column) => sum + column, 0) * 1.08;
  return Math.min(1, Math.floor((room_mm / width_mm) * 100) / 100);
}

/** Words are set smaller on one line down to this share of their size; longer ones take two. */
const ONE_LINE_MIN = 0.8;
const LEAST = 0.5;

/** The share of its size in which words fit a column that does not grow with them: on one line, or on two. */
export function wordsFit(words: string, most_mm: number): number {
  const one = (most_mm - CELL_MM) / Math.max(1, emsOf(words) * EM_MM);
  if (one >= ONE_LINE_MIN) return Math.min(1, one);
  // A line is not filled to its end where a word does not break.
  return Math.max(LEAST, Math.min(ONE_LINE_MIN, one * 1.8));
}
