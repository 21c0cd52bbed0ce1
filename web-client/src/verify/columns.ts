// The columns of the record's table: the marks with their counts; of numbers the bands; of rows with items the mean of each, over
// all groups in one pile. Pure: it knows no page.
import { dividedBy, fraction, NOTHING, plus, printed } from '../record/exact';
import type { RecordManifest } from '../record/format';
import { blocksOf } from '../record/items';

export interface Column {
  label: string;
  label_en: string;
  /** The figure of a row, a dash where its counts are not told. */
  figure(marks: readonly number[]): string;
}

/** More marks than this are numbers: a scale of words has no more. */
const WORDS_MAX = 12;
const UNTOLD = '—';

export function columnsOf(manifest: RecordManifest): Column[] {
  const { items, scale, scoring } = manifest;
  if (items) {
    return items.map((item, at) => ({
      ...item,
      figure: (marks) => mean(manifest, blocksOf(manifest, marks)[at] ?? []),
    }));
  }
  if (scale.length > WORDS_MAX && scoring.bands.length > 0) {
    const bandOf = (points: number) => scoring.bands.findIndex((band) => points >= band.from_hundredths);
    return scoring.bands.map((band, at) => ({
      ...band,
      figure: (marks) =>
        told(
          marks,
          scale.reduce((sum, mark, place) => {
            return bandOf(mark.points_hundredths) === at ? sum + (marks[place] ?? 0) : sum;
          }, 0),
        ),
    }));
  }
  return scale.map((mark, at) => ({ ...mark, figure: (marks) => told(marks, marks[at] ?? 0) }));
}

const told = (marks: readonly number[], count: number) => (marks.length === 0 ? UNTOLD : String(count));

function mean({ scale, scoring }: RecordManifest, block: readonly number[]): string {
  let [points, rows] = [NOTHING, 0];
  scale.forEach((mark, at) => {
    const count = block[at] ?? 0;
    points = plus(points, fraction(mark.points_hundredths * count, 100));
    rows += count;
  });
  const value = dividedBy(points, rows);
  return value === null ? UNTOLD : printed(value, scoring.decimals);
}
