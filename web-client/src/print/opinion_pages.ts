// Which opinions stand on which page: each takes as many lines as its letters need. Pure; heights as print.css sets them.
import { emsOf } from '../meeting/paging';

export interface Line {
  is: 'head' | 'opinion' | 'none';
  text: string;
}

/** Letters in a line of an opinion, in ems; a little less than there is room for, because words are not broken. */
const LINE_EMS = 39;
const LINE_MM = 6.2;
const HEAD_MM = 13;
/** Space below each opinion. */
const GAP_MM = 2;
const PAGE_MM = 244;
/** Title and rule on the first page. */
const FIRST_MM = 34;

/** How high a line of the list is, in millimetres. */
export function heightOf({ is, text }: Line): number {
  if (is === 'head') return HEAD_MM;
  const lines = text
    .split('\n')
    .reduce((sum, part) => sum + Math.max(1, Math.ceil(emsOf(part) / LINE_EMS)), 0);
  return lines * LINE_MM + GAP_MM;
}

/** The list in pages: a head never stands alone at the end of one. */
export function linePages(lines: readonly Line[]): Line[][] {
  const pages: Line[][] = [[]];
  let left_mm = PAGE_MM - FIRST_MM;
  lines.forEach((line, place) => {
    const next = lines[place + 1];
    const needs_mm = heightOf(line) + (line.is === 'head' && next ? heightOf(next) : 0);
    if (needs_mm > left_mm && (pages.at(-1)?.length ?? 0) > 0) {
      pages.push([]);
      left_mm = PAGE_MM;
    }
    pages.at(-1)?.push(line);
    left_mm -= heightOf(line);
  });
  return pages;
}
