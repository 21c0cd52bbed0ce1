// Rows of several items: what they may say, how they are counted, what they are worth. "Items" in RECORD.md.
import { dividedBy, type Fraction, fraction, NOTHING, plus, units } from './exact';
import type { Count, RecordManifest } from './format';

const ITEMS_MAX = 16;
const ANSWER_BYTES_MAX = 96;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Whether a manifest may ask for its items: marks that are all grades, nothing that counts single marks, answers that fit. */
export function itemsHold(manifest: RecordManifest): boolean {
  const { items, contests, scale, scoring, sheet_rules, live } = manifest;
  const many = items?.length ?? 0;
  const withoutFits = (without: number[]) =>
    without.length > 0 &&
    without.length < many &&
    without.every((at, place) => at < many && (place === 0 || (without[place - 1] as number) < at));
  const { distinct_min, top_max, low_min } = sheet_rules;
  const longest = Math.max(...scale.map(({ id }) => id.length));
  return (
    many === scoring.item_weights_bp.length &&
    (!sheet_rules.overall_matches || overallHolds(manifest)) &&
    contests.every(({ without }) => without === undefined || withoutFits(without)) &&
    (items === undefined ||
      (many >= 2 &&
        many <= ITEMS_MAX &&
        live !== 'tally' &&
        scale.every(({ kind }) => kind === 'grade') &&
        distinct_min === null &&
        top_max === null &&
        low_min === null &&
        '{"v":""}'.length + many * longest + many - 1 <= ANSWER_BYTES_MAX))
  );
}

/** Whether the last item can be the overall mark: it weighs nothing, applies everywhere, and each band is one of the grades. */
function overallHolds({ items, contests, scale, scoring }: RecordManifest): boolean {
  const { item_weights_bp: weights, bands } = scoring;
  const last = weights.length - 1;
  return (
    items !== undefined &&
    weights[last] === 0 &&
    contests.every(({ without }) => !without?.includes(last)) &&
    bands.length > 0 &&
    bands.every((band) => scale.some(({ id }) => id === band.id))
  );
}

/** Whether the overall mark of a row is the grade in whose band the printed worth of the row lies. */
function isMatched(manifest: RecordManifest, value: string): boolean {
  const { decimals, bands } = manifest.scoring;
  const worth = rowWorth(manifest, value);
  if (worth === null) return false;
  const units_of = units(worth, decimals) * 100n;
  const band = bands.find(({ from_hundredths }) => units_of >= BigInt(from_hundredths * 10 ** decimals));
  return band !== undefined && value.split('.').pop() === band.id;
}

/** The marks of a row, one an item, empty where there is none; nothing where the row may not be answered so. */
export function itemParts(manifest: RecordManifest, c: number, value: string): string[] | null {
  const parts = value.split('.');
  const without = manifest.contests[c - 1]?.without ?? [];
  const known = new Set(manifest.scale.map(({ id }) => id));
  const needsAll = manifest.scoring.missing_item === 'require';
  const fits = (part: string, at: number) =>
    without.includes(at) ? part === '' : known.has(part) || (part === '' && !needsAll);
  const holds =
    parts.length === manifest.items?.length && parts.every(fits) && parts.some((part) => part !== '');
  return holds && (!manifest.sheet_rules.overall_matches || isMatched(manifest, value)) ? parts : null;
}

/** How many counts of a row's marks add up to its marked rows: all of them, or those of the first item. */
export const ofOneItem = ({ items, scale }: RecordManifest): number => scale.length + (items ? 1 : 0);

/** How many marks a count has. */
export const countsOf = (manifest: RecordManifest): number =>
  ofOneItem(manifest) * (manifest.items?.length ?? 1);

/** The marks, an item each. */
export function blocksOf(manifest: RecordManifest, marks: readonly number[]): number[][] {
  const size = ofOneItem(manifest);
  return Array.from({ length: Math.ceil(marks.length / size) }, (_, at) =>
    marks.slice(at * size, (at + 1) * size),
  );
}

/** Whether every item has one count for each marked row. */
export function blocksAgree(manifest: RecordManifest, { marks }: Count): boolean {
  const [first = [], ...others] = blocksOf(manifest, marks);
  return others.every((block) => sum(block) === sum(first));
}

/** A count whose rows are known, with its marks; of a round without items as it is. */
export function withMarks(manifest: RecordManifest, c: number, count: Count): Count {
  if (!manifest.items) return count;
  const marks = new Array<number>(countsOf(manifest)).fill(0);
  const open = manifest.scale.length;
  for (const [value, rows] of Object.entries(count.answers ?? {})) {
    itemParts(manifest, c, value)?.forEach((part, item) => {
      const place = manifest.scale.findIndex(({ id }) => id === part);
      const at = item * (open + 1) + (place < 0 ? open : place);
      marks[at] = (marks[at] ?? 0) + rows;
    });
  }
  return { ...count, marks };
}

/** What a row is worth: the mean of its marks by the weights of their items; nothing where they weigh nothing. */
export function rowWorth({ scale, scoring }: RecordManifest, value: string): Fraction | null {
  let [points, weights] = [NOTHING, 0];
  value.split('.').forEach((part, at) => {
    const mark = scale.find(({ id }) => id === part);
    if (!mark) return;
    const weight = scoring.item_weights_bp[at] ?? 0;
    points = plus(points, fraction(mark.points_hundredths * weight, 100));
    weights += weight;
  });
  return dividedBy(points, weights);
}
