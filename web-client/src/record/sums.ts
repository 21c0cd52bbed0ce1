// Checks 10 to 12 and 14: papers, histograms, scores, small groups.
import {
  type Count,
  demand,
  isFirst,
  type PaperGroup,
  REASONS,
  type Reason,
  type RecordFile,
  type RecordManifest,
  type Tally,
} from './format';
import { blocksAgree, withMarks } from './items';
import { ballotsOf, isSmall, type Published, publish, sum, total } from './scores';

/** Ballots of a contest and group: by a place of the scale, its length for a blank row, 0 for a sheet; and rows with items by what
 * they say. */
export interface ContestCount {
  marks: number[];
  answers: { [value: string]: number };
}

/** By contest, then by group. */
export type BallotCounts = ContestCount[][];

/** How many ballots there are. */
const inCell = (cell: ContestCount | undefined) =>
  sum([...(cell?.marks ?? []), ...Object.values(cell?.answers ?? {})]);

/** Whether a row of a tally has its counts. */
const tellsCounts = (row: Count) => row.marks.length > 0;

export const OPINIONS_MAX = 20;

/** Whether so many valid sheets can have this row: each, or from the second edition on those who are not recused of it. */
function addsUp(manifest: RecordManifest, count: Count, valid: number): boolean {
  const rows = ballotsOf(manifest, count);
  return isFirst(manifest) ? rows + (count.recused ?? 0) === valid : rows <= valid;
}

/** A group's paper; not by the name alone, because a group may well be called toString. */
function paperOf({ paper }: RecordFile, group: string): PaperGroup | undefined {
  return Object.keys(paper).includes(group) ? paper[group] : undefined;
}

/** Whether a record tells this count. */
function isSame(told: Count, count: Count): boolean {
  return (
    told.marks.every((mark, at) => mark === count.marks[at]) &&
    told.abstained === count.abstained &&
    (told.recused === undefined || told.recused === count.recused) &&
    told.void === count.void
  );
}

/** How many opinions come with one sheet at most. */
const opinionsOf = (manifest: RecordManifest) =>
  manifest.opinions ? Math.min(manifest.contests.length, OPINIONS_MAX) : 0;

export function checkPapers(file: RecordFile, found: BallotCounts | null, leaves: number): void {
  const { manifest } = file;
  file.issuance.forEach(({ g, eligible, issued, reissued }, at) => {
    const onPaper = paperOf(file, g);
    demand(issued + (onPaper?.issued ?? 0) <= eligible + reissued, 10, g);
    if (found !== null) {
      const sheets = inCell(found[0]?.[at]);
      demand(sheets <= issued, 10, g);
      for (const { c } of manifest.contests) demand(inCell(found[c]?.[at]) <= sheets, 10, `c${c}.g${g}`);
    }
    if (onPaper === undefined) return;
    demand(onPaper.invalid <= onPaper.returned && onPaper.returned <= onPaper.issued, 10, g);
    const valid = onPaper.returned - onPaper.invalid;
    let recused = 0;
    for (const row of onPaper.rows) {
      const count = withMarks(manifest, row.c, row);
      demand(addsUp(manifest, count, valid), 10, `c${row.c}.g${g}`);
      recused += valid - ballotsOf(manifest, count);
    }
    demand(onPaper.recused === undefined || onPaper.recused === recused, 10, g);
  });
  const issued = sum(file.issuance.map((entry) => entry.issued));
  demand(found !== null || leaves <= issued * (manifest.contests.length + 1 + opinionsOf(manifest)), 10);
  const returned = sum((found?.[0] ?? []).map(inCell));
  demand(found === null || (file.opinions?.length ?? 0) <= returned * opinionsOf(manifest), 10);
  demand(sum(file.issuance.map((entry) => entry.reissued)) <= manifest.reissues_max, 10);
}

interface Counted {
  sheets: { returned: number; invalid: number }[];
  rows: Count[][];
}

/** Phones and paper together. */
function countAgain(file: RecordFile, found: BallotCounts): Counted {
  const { manifest } = file;
  const papers = manifest.groups.map(({ id }) => paperOf(file, id));
  const sheetsOf = (group: number) => inCell(found[0]?.[group]);
  const blank = manifest.scale.length;
  return {
    sheets: papers.map((paper, group) => ({
      returned: sheetsOf(group) + (paper?.returned ?? 0),
      invalid: paper?.invalid ?? 0,
    })),
    rows: manifest.contests.map(({ c }, at) =>
      papers.map((paper, group) => {
        const cell = found[c]?.[group];
        const phone: Count = {
          marks: cell?.marks.slice(0, blank) ?? [],
          answers: cell?.answers ?? {},
          abstained: cell?.marks[blank] ?? 0,
          recused: sheetsOf(group) - inCell(cell),
          void: 0,
        };
        const row = paper?.rows[at];
        if (paper === undefined || row === undefined) return withMarks(manifest, c, phone);
        const without = paper.returned - paper.invalid - ballotsOf(manifest, withMarks(manifest, c, row));
        return withMarks(manifest, c, total(manifest, [phone, { recused: without, ...row }]));
      }),
    ),
  };
}

function checkHistograms(manifest: RecordManifest, tally: Tally, { sheets, rows }: Counted): void {
  demand(tally.sheets.returned === sum(sheets.map((of) => of.returned)), 11);
  demand(tally.sheets.invalid === sum(sheets.map((of) => of.invalid)), 11);
  const recused = sum(rows.flat().map((count) => count.recused ?? 0));
  demand(tally.sheets.recused === undefined || tally.sheets.recused === recused, 11);
  tally.sheets.groups?.forEach((told, at) => {
    demand(told.returned === sheets[at]?.returned && told.invalid === sheets[at]?.invalid, 11, told.g);
  });
  tally.rows.forEach((told, at) => {
    const row = rows[at] ?? [];
    demand(!tellsCounts(told) || isSame(told, total(manifest, row)), 11, `c${told.c}`);
    told.groups?.forEach((group, place) => {
      const right = row[place];
      demand(right !== undefined && isSame(group, right), 11, `c${told.c}.g${group.g}`);
    });
  });
}

function checkSealedHistograms(manifest: RecordManifest, tally: Tally, leaves: number): void {
  const { sheets } = tally;
  if (sheets.groups !== null) {
    demand(sheets.returned === sum(sheets.groups.map((group) => group.returned)), 11);
    demand(sheets.invalid === sum(sheets.groups.map((group) => group.invalid)), 11);
    demand(
      sheets.groups.every((group) => group.invalid <= group.returned),
      11,
    );
  }
  demand(sheets.invalid <= sheets.returned, 11);
  const valid = sheets.returned - sheets.invalid;
  let recused = 0;
  for (const row of tally.rows) {
    const where = `c${row.c}`;
    if (!tellsCounts(row)) continue;
    for (const count of [row, ...(row.groups ?? [])]) demand(blocksAgree(manifest, count), 11, where);
    demand(addsUp(manifest, row, valid), 11, where);
    recused += valid - ballotsOf(manifest, row);
    if (row.groups === null) continue;
    demand(isSame(row, total(manifest, row.groups)), 11, where);
    sheets.groups?.forEach((of, at) => {
      const group = row.groups?.[at];
      demand(group !== undefined && addsUp(manifest, group, of.returned - of.invalid), 11, where);
    });
  }
  demand(sheets.recused === undefined || sheets.recused === recused, 11);
  // Where the counts are not told, every sheet has one ballot for the row at most.
  const most = tally.rows.map((row) => (tellsCounts(row) ? ballotsOf(manifest, row) : sheets.returned));
  demand(leaves <= sheets.returned * (1 + opinionsOf(manifest)) + sum(most), 11);
}

function checkScores(tally: Tally, published: Published, combines: boolean): void {
  tally.rows.forEach((row, at) => {
    const figures = published.rows[at];
    const holds =
      row.score === figures?.score &&
      row.rank === figures.rank &&
      (combines || row.suggested_grade === figures.suggested_grade) &&
      row.top_rate_percent === figures.top_rate_percent;
    const shows = published.showsGroups[at];
    const means = !shows || (row.groups ?? []).every((group, place) => group.mean === figures?.means[place]);
    demand(holds && means, 12, `c${row.c}`);
  });
}

/** Checks 11 and 12; answers what check 14 must know. */
export function checkFigures(file: RecordFile, found: BallotCounts | null, leaves: number): Published | null {
  const { manifest, tally } = file;
  if (tally === null) return null;
  let counted: Counted | null = null;
  if (found !== null) {
    counted = countAgain(file, found);
    checkHistograms(manifest, tally, counted);
  } else {
    checkSealedHistograms(manifest, tally, leaves);
    const rows = tally.rows.map((row) => row.groups);
    const sheets = tally.sheets.groups;
    // Which row has which marks is in no told figure of a round with items: its scores follow from the ballots alone.
    const isTold = sheets !== null && rows.every((row) => row !== null) && !manifest.items;
    if (isTold) counted = { sheets, rows: rows as Count[][] };
  }
  if (counted === null) return null;
  const returned = counted.sheets.map((of) => of.returned);
  const published = publish(manifest, returned, counted.rows);
  checkScores(tally, published, file.imported !== undefined);
  return published;
}

/** Whether some group has few ballots of a row on phones, or few on paper: a whole record tells the two apart. */
export function hasSmallChannel(file: RecordFile, found: BallotCounts): boolean {
  const { manifest } = file;
  return countAgain(file, found).rows.some((row, at) =>
    row.some((count, group) => {
      const onPhones = inCell(found[at + 1]?.[group]);
      return isSmall(manifest, onPhones) || isSmall(manifest, ballotsOf(manifest, count) - onPhones);
    }),
  );
}

/** Why a file is sealed, as far as it shows it: its manifest, what its tally hides, that it has none. */
export function reasonsOf(manifest: RecordManifest, tally: Tally | null): Reason[] {
  const hides = (told: Tally) =>
    told.sheets.groups === null || told.rows.some((row) => row.groups === null || !tellsCounts(row));
  const holds: Partial<Record<Reason, boolean>> = {
    record: manifest.record === 'sealed',
    items: manifest.items !== undefined,
    hidden: tally !== null && hides(tally),
    withheld: tally === null,
  };
  return REASONS.filter((reason) => holds[reason]);
}

/** Check 14. */
export function checkSmallGroups(file: RecordFile, published: Published | null): void {
  const { manifest, tally } = file;
  if (file.leaves !== undefined) {
    demand(Object.keys(file.paper).length === 0, 14);
    // Where the file shows none it is what only the whole record shows: a channel with too few ballots.
    const isNamed = file.sealed?.join() === (reasonsOf(manifest, tally).join() || 'channel');
    demand(file.sealed === undefined || isNamed, 14);
    if (tally === null) return;
    const told = tally.sheets.groups;
    const fits =
      manifest.group_columns === 'shown' && !told?.some((group) => isSmall(manifest, group.returned));
    demand(told === null || fits, 14);
    for (const row of tally.rows) {
      demand(!tellsCounts(row) || !isSmall(manifest, ballotsOf(manifest, row)), 14, `c${row.c}`);
      const small = row.groups?.some((group) => isSmall(manifest, ballotsOf(manifest, group)));
      demand(row.groups === null || (told !== null && !small), 14, `c${row.c}`);
    }
    return;
  }
  demand((tally?.sheets.groups !== null) === published?.showsSheets, 14);
  tally?.rows.forEach((row, at) => {
    const groups = (row.groups !== null) === published?.showsGroups[at];
    demand(groups && tellsCounts(row) === published.showsTotals[at], 14, `c${row.c}`);
  });
}
