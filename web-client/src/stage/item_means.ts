// How the means of items stand under their subject: in columns that hold the longest label, and in as few pages as can be read.
// Pure: lengths are in the stage's unit, one pixel at 1920 × 1080.
import { emsOf, evenPages, ROWS_MAX } from '../meeting/paging';

/** The width of a row, and what the banner and the foot leave of the height. */
const WIDTH = 1792;
const HEIGHT = 780;
/** The subject with its score, and the blank under its items. */
const SUBJECT = 148;
/** A mean with the blank before it, as 100.00, in ems. */
const MEAN_EMS = 3.9;
/** The blank behind it. */
const GAP = 48;
const LINE_EMS = 1.28;
/** Largest first; the last is the least that a hall can read. */
const SIZES = [84, 72, 62, 54] as const;

export interface MeansLayout {
  size: number;
  columns: number;
  /** Subjects of a page. */
  rows: number;
  /** Items of a page. */
  items: number;
}

function layoutOf(labels: readonly string[], size: number): MeansLayout {
  const longest = Math.max(0, ...labels.map(emsOf)) * size;
  const mean = MEAN_EMS * size;
  const columns = Math.max(1, Math.min(4, labels.length, Math.floor(WIDTH / (longest + mean + GAP))));
  // A label that is wider than a whole row goes on in the next line.
  const lines = Math.ceil(longest / (WIDTH - mean - GAP)) || 1;
  const most = Math.max(1, Math.floor((HEIGHT - SUBJECT) / (lines * LINE_EMS * size))) * columns;
  const items = Math.ceil(labels.length / Math.max(1, Math.ceil(labels.length / most)));
  const height = SUBJECT + Math.ceil(items / columns) * lines * LINE_EMS * size;
  const rows = labels.length > most ? 1 : Math.max(1, Math.min(ROWS_MAX, Math.floor(HEIGHT / height)));
  return { size, columns, rows, items };
}

/** Pages of so many subjects. */
function pagesOf({ rows, items }: MeansLayout, subjects: number, all: number): number {
  return Math.ceil((subjects * Math.ceil(all / items)) / rows);
}

/** The largest letters that need no more pages than the smallest ones. */
export function meansLayout(labels: readonly string[], subjects: number): MeansLayout {
  const layouts = SIZES.map((size) => layoutOf(labels, size));
  const pages = (layout: MeansLayout) => pagesOf(layout, subjects, labels.length);
  const fewest = Math.min(...layouts.map(pages));
  return layouts.find((layout) => pages(layout) === fewest) ?? layoutOf(labels, 54);
}

/** The subjects in pages, each with the places of the items that stand under it there. */
export function meansPages<T>(
  rows: readonly T[],
  items: number,
  layout: MeansLayout,
): { row: T; places: number[] }[][] {
  const parts = evenPages(
    Array.from({ length: items }, (_, place) => place),
    layout.items,
  );
  const entries = rows.flatMap((row) => parts.map((places) => ({ row, places })));
  return evenPages(entries, layout.rows);
}
