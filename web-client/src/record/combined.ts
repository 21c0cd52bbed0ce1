// Totals: printed scores combined with what was imported. "Totals" in RECORD.md.
import { decimal, type Fraction, fraction, isLess, NOTHING, plus, printed, times } from './exact';
import { demand, type RecordFile } from './format';
import { asPrinted, suggested } from './scores';

const IMPORTED = /^(0|[1-9][0-9]{0,3})(\.[0-9]{1,4})?$/;
const ADJUSTMENT = /^-?(0|[1-9][0-9]{0,3})(\.[0-9]{1,4})?$/;

/** Check 3: it is there where scores are combined and told, and nowhere else, in its one spelling. */
export function importedHolds({ manifest, imported, tally }: RecordFile): boolean {
  const { bands, combination } = manifest.scoring;
  const hasTotals = tally?.rows.some((row) => row.total !== undefined || row.total_rank !== undefined);
  if (combination === undefined && hasTotals) return false;
  if ((imported !== undefined) !== (combination !== undefined && tally !== null)) return false;
  const contests = manifest.contests.map(({ c }) => c);
  return (imported ?? []).every(
    ({ adjustment, best_band, c, components }, at) =>
      contests.includes(c) &&
      (at === 0 || (imported?.[at - 1]?.c as number) < c) &&
      components.length === combination?.components.length &&
      components.every((value) => value === '' || IMPORTED.test(value)) &&
      (adjustment === '' || ADJUSTMENT.test(adjustment)) &&
      best_band < Math.max(1, bands.length),
  );
}

interface Total {
  value: Fraction;
  cap: number;
}

function totalOf(file: RecordFile, c: number, score: string | null): Total | null {
  const { combination, decimals } = file.manifest.scoring;
  const beside = file.imported?.find((row) => row.c === c);
  const own = decimal(score ?? '');
  if (combination === undefined || beside === undefined || own === null) return null;
  const values = [own];
  for (const text of beside.components) {
    const value = decimal(text);
    if (value === null) return null;
    values.push(value);
  }
  const shares = [combination.evaluation_share_bp, ...combination.components.map((part) => part.share_bp)];
  const parts = values.reduce((sum, value, at) => plus(sum, times(value, shares[at] ?? 0)), NOTHING);
  const whole = { over: parts.over, under: parts.under * BigInt(10_000) };
  const value = plus(whole, decimal(beside.adjustment) ?? NOTHING);
  const closed = combination.gates.filter(({ component, below_hundredths }) =>
    isLess(values[component] ?? NOTHING, fraction(below_hundredths, 100)),
  );
  const cap = Math.max(beside.best_band, ...closed.map((gate) => gate.best_band));
  return { value: asPrinted(value, decimals), cap };
}

/** Check 12 of totals, their ranks, and the grades that follow from them. */
export function checkTotals(file: RecordFile): void {
  if (file.tally === null || file.imported === undefined) return;
  const { scoring } = file.manifest;
  const totals = file.tally.rows.map((row) => totalOf(file, row.c, row.score));
  const isAhead = (other: Total | null, { value }: Total) => other !== null && isLess(value, other.value);
  const ranks = totals.map((total) =>
    total === null ? null : 1 + totals.filter((other) => isAhead(other, total)).length,
  );
  const values = totals.map((total) => total?.value ?? null);
  const grades = suggested(
    scoring,
    values,
    ranks,
    totals.map((total) => total?.cap ?? 0),
  );
  file.tally.rows.forEach((row, at) => {
    const value = values[at] ?? null;
    const total = value === null ? null : printed(value, scoring.decimals);
    const holds =
      (row.total ?? null) === total &&
      (row.total_rank ?? null) === ranks[at] &&
      row.suggested_grade === grades[at];
    demand(holds, 12, `c${row.c}`);
  });
}
