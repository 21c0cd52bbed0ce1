// Counts become means, scores, ranks and suggested grades, and it is said which of them may be told: "Scores" in RECORD.md.
import {
  dividedBy,
  type Fraction,
  fraction,
  isLess,
  minus,
  NOTHING,
  plus,
  printed,
  times,
  units,
} from './exact';
import type { Count, Policy, RecordManifest, Rules } from './format';
import { blocksOf, countsOf, ofOneItem, rowWorth } from './items';

export interface Figures {
  score: string | null;
  rank: number | null;
  suggested_grade: string | null;
  top_rate_percent: string | null;
  /** By group. */
  means: (string | null)[];
}

export interface Published {
  showsSheets: boolean;
  /** By contest. */
  showsGroups: boolean[];
  /** By contest: the counts over all groups. */
  showsTotals: boolean[];
  rows: Figures[];
}

export const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Ballots of a count: every row but the recused ones. */
export const ballotsOf = (manifest: RecordManifest, count: Count) =>
  sum(count.marks.slice(0, ofOneItem(manifest))) + count.abstained + count.void;

export const isSmall = (manifest: RecordManifest, ballots: number) =>
  ballots >= 1 && ballots < manifest.k_min;

export function total(manifest: RecordManifest, counts: readonly Count[]): Count {
  const of = (part: (count: Count) => number) => sum(counts.map(part));
  const answers: Record<string, number> = {};
  for (const count of counts)
    for (const [value, rows] of Object.entries(count.answers ?? {}))
      answers[value] = (answers[value] ?? 0) + rows;
  return {
    marks: Array.from({ length: countsOf(manifest) }, (_, at) => of((count) => count.marks[at] ?? 0)),
    answers,
    abstained: of((count) => count.abstained),
    recused: of((count) => count.recused ?? 0),
    void: of((count) => count.void),
  };
}

/** `returned` by group; `rows` by contest, then by group. */
export function publish(manifest: RecordManifest, returned: number[], rows: Count[][]): Published {
  const rules = manifest.scoring;
  const totalsOnly = manifest.group_columns === 'totals_only';
  const hasSmall = rows.map((row) => row.some((count) => isSmall(manifest, ballotsOf(manifest, count))));
  const showsSheets = !totalsOnly && !returned.some((sheets) => isSmall(manifest, sheets));
  const anySmall = hasSmall.includes(true);
  const decimals = anySmall ? Math.min(rules.decimals, 1) : rules.decimals;
  const parts = rows.map((row) => row.map((count) => partsOf(manifest, count)));
  const means = parts.map((row) => row.map(({ points, rows: counted }) => dividedBy(points, counted)));
  const told = rows.map((row, at) => tells(manifest, row, parts[at] ?? []));
  const scores = means.map((row, at) => (told[at]?.score ? scoreOf(manifest, row) : null));
  const rates = rows.map((row, at) => (told[at]?.totals ? topRate(manifest, total(manifest, row)) : null));
  const ranks = ranked(manifest, scores, means, rates, decimals, anySmall || totalsOnly);
  const shown = scores.map((score) => (score === null ? null : asPrinted(score, decimals)));
  const grades = suggested(rules, shown, ranks);
  const text = (value: Fraction | null, places: number) => (value === null ? null : printed(value, places));
  return {
    showsSheets,
    showsGroups: hasSmall.map((small, at) => showsSheets && !small && told[at]?.totals === true),
    showsTotals: told.map(({ totals }) => totals),
    rows: rows.map((_, at) => ({
      score: text(scores[at] ?? null, decimals),
      rank: ranks[at] ?? null,
      suggested_grade: grades[at] ?? null,
      top_rate_percent: text(rates[at] ?? null, 2),
      means: (means[at] ?? []).map((mean) => text(mean, decimals)),
    })),
  };
}

function byPolicy(policy: Policy): Fraction | null {
  return policy === 'exclude' ? null : fraction(policy.points_hundredths, 100);
}

/** What a mean is made of, trimmed where the rules say so. */
interface Parts {
  points: Fraction;
  rows: number;
}

/** Whether a row's counts over all groups may be told, and its score. */
function tells(manifest: RecordManifest, row: Count[], parts: Parts[]): { totals: boolean; score: boolean } {
  const there = row.flatMap((count, at) => {
    const pull = dividedBy(fraction(manifest.groups[at]?.weight_bp ?? 0), parts[at]?.rows ?? 0) ?? NOTHING;
    const ballots = ballotsOf(manifest, count);
    return ballots > 0 ? [{ ballots, pull }] : [];
  });
  const differs = (a: Fraction, b: Fraction) => isLess(a, b) || isLess(b, a);
  // What is left once everything is taken away that pulls as strongly at the score.
  const left = (taken: Fraction) =>
    sum(there.filter(({ pull }) => differs(pull, taken)).map(({ ballots }) => ballots));
  const few = isSmall(manifest, sum(there.map(({ ballots }) => ballots)));
  const score = !few && !isSmall(manifest, left(NOTHING));
  const totals = !few && !(score && there.some(({ pull }) => isSmall(manifest, left(pull))));
  return { totals, score };
}

/** What marked rows are worth, and how many are worth that. */
function worths(manifest: RecordManifest, count: Count): { worth: Fraction | null; rows: number }[] {
  const { abstain, unknown } = manifest.scoring;
  if (manifest.items) {
    const answers = Object.entries(count.answers ?? {});
    return answers.map(([value, rows]) => ({ worth: rowWorth(manifest, value), rows }));
  }
  return manifest.scale.map((mark, at) => {
    const grade = mark.kind === 'grade' ? fraction(mark.points_hundredths, 100) : null;
    const worth = grade ?? byPolicy(mark.kind === 'unknown' ? unknown : abstain);
    return { worth, rows: count.marks[at] ?? 0 };
  });
}

function partsOf(manifest: RecordManifest, count: Count): Parts {
  const { abstain, trim } = manifest.scoring;
  const marks = worths(manifest, count);
  const counted = [...marks, { worth: byPolicy(abstain), rows: count.abstained }].flatMap(
    ({ worth, rows }) => (worth === null || rows === 0 ? [] : [{ worth, rows }]),
  );
  const rows = sum(counted.map((entry) => entry.rows));
  const points = counted.reduce((all, entry) => plus(all, times(entry.worth, entry.rows)), NOTHING);
  const first = counted[0];
  if (first === undefined || trim === undefined || rows <= trim.more_than_rows) return { points, rows };
  let [highest, lowest] = [first.worth, first.worth];
  for (const { worth } of counted) {
    if (isLess(highest, worth)) highest = worth;
    if (isLess(worth, lowest)) lowest = worth;
  }
  return { points: minus(points, plus(highest, lowest)), rows: rows - 2 };
}

function scoreOf(manifest: RecordManifest, means: (Fraction | null)[]): Fraction | null {
  const { missing_group } = manifest.scoring;
  if (means.every((mean) => mean === null)) return null;
  if (missing_group === 'block' && means.includes(null)) return null;
  let [points, weights] = [NOTHING, 0];
  manifest.groups.forEach(({ weight_bp }, at) => {
    const mean = means[at] ?? (missing_group === 'zero' ? NOTHING : null);
    if (mean === null) return;
    points = plus(points, times(mean, weight_bp));
    weights += weight_bp;
  });
  return dividedBy(points, weights);
}

function topRate(manifest: RecordManifest, count: Count): Fraction | null {
  // Of a round with items over all of them; what is left open is no mark of the scale.
  const grades = blocksOf(manifest, count.marks)
    .flatMap((block) => manifest.scale.map((mark, at) => ({ mark, rows: block[at] ?? 0 })))
    .filter(({ mark }) => mark.kind === 'grade');
  const best = Math.max(...grades.map(({ mark }) => mark.points_hundredths));
  const top = grades.filter(({ mark }) => mark.points_hundredths === best);
  const rows = (some: typeof grades) => sum(some.map((entry) => entry.rows));
  return dividedBy(fraction(rows(top) * 100), rows(grades));
}

type Key = (bigint | null)[];

/** Whether the first key is ahead: place by place, a missing value behind every other. */
function isAhead(one: Key, other: Key): boolean {
  for (let at = 0; at < one.length; at += 1) {
    const [a, b] = [one[at] ?? null, other[at] ?? null];
    if (a === b) continue;
    if (a === null || b === null) return b === null;
    return a > b;
  }
  return false;
}

function ranked(
  manifest: RecordManifest,
  scores: (Fraction | null)[],
  means: (Fraction | null)[][],
  rates: (Fraction | null)[],
  decimals: number,
  hidesMeans: boolean,
): (number | null)[] {
  const inUnits = (value: Fraction | null | undefined, places: number) =>
    value === null || value === undefined ? null : units(value, places);
  const keys = scores.map((score, at): Key | null => {
    if (score === null) return null;
    const ties = manifest.scoring.tie_breaks.map((by) => {
      if (by === 'top_rate') return inUnits(rates[at], 2);
      const group = manifest.groups.findIndex(({ id }) => id === by.group_mean);
      return hidesMeans ? null : inUnits(means[at]?.[group], decimals);
    });
    return [units(score, decimals), ...ties];
  });
  return keys.map((key) => {
    if (key === null) return null;
    return 1 + keys.filter((other) => other !== null && isAhead(other, key)).length;
  });
}

function mostAtTop(quota: NonNullable<Rules['quota']>, subjects: number): number {
  const { min_below_top_bp, max_top_bp } = quota.limit;
  const parts = subjects * (min_below_top_bp ?? max_top_bp ?? 0);
  const rounded = {
    floor: Math.floor(parts / 10_000),
    half_up: Math.floor((2 * parts + 10_000) / 20_000),
    ceil: Math.ceil(parts / 10_000),
  }[quota.rounding];
  return min_below_top_bp === undefined ? Math.min(rounded, subjects) : Math.max(0, subjects - rounded);
}

/** The grades of printed values, each not better than its cap, under the quota. */
export function suggested(
  { bands, quota }: Rules,
  shown: (Fraction | null)[],
  ranks: (number | null)[],
  caps: number[] = [],
): (string | null)[] {
  const worst = bands.length - 1;
  const places = shown.map((value, at) => {
    if (value === null) return -1;
    const place = bands.findIndex((band) => !isLess(value, fraction(band.from_hundredths, 100)));
    return Math.min(worst, Math.max(caps[at] ?? 0, place < 0 ? worst : place));
  });
  const atTop = ranks.filter((_, at) => places[at] === 0).map((rank) => rank ?? 0);
  const line = quota ? mostAtTop(quota, shown.filter((value) => value !== null).length) : shown.length;
  return places.map((place, at) => {
    const rank = ranks[at] ?? 0;
    if (place === 0 && atTop.filter((other) => other < rank).length >= line) return bands[1]?.id ?? null;
    if (place === 0 && atTop.filter((other) => other <= rank).length > line) return null;
    return bands[place]?.id ?? null;
  });
}

/** A value as it is printed, as a number again. */
export const asPrinted = (value: Fraction, decimals: number) =>
  fraction(units(value, decimals), 10 ** decimals);
