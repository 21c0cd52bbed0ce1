// What teller and scrutineer type in of paper sheets, before it is sent: sheets one by one, or sums. Pure: it must not know a
// screen, a server or what the other of the two typed.

import { markIds, overallOf } from '../../meeting/row_value';
import { type Rule, type RuleCount, ruleCounts } from '../../meeting/sheet_rules';
import type { PaperCount, PaperEntry, PlanView } from '../../protocol';

/** Most sheets that are typed in one by one for a group; the server takes no more. */
export const SHEETS_MAX = 500;
/** Most that a figure of the sums may be; the server takes no more. */
export const FIGURE_MAX = 20_000;

/** What a row of a sheet can be, or with items each of its cells: a mark's place in the scale, then blank, then the own branch. */
export type Place = number;
/** A finished sheet: its rows, cell after cell, or nothing where it is invalid. */
export type Sheet = Place[] | null;

/** What was typed for one group, as it is kept on this device until both have agreed. */
export interface EnteredDraft {
  mode: 'sheets' | 'totals';
  /** Finished sheets, in the order in which they were typed. */
  sheets: Sheet[];
  /** The sheet in work: a row or cell that is not typed yet is null. */
  rows: (Place | null)[];
  /** The row or cell that the next key is for. */
  at: number;
  totals: PaperCount;
}

/** The form of a sheet of paper, as far as who enters it must know. */
export interface PaperForm {
  marks: number;
  subjects: number;
  /** Whether a sheet of this group may leave out the own branch. */
  recuses: boolean;
  /** Cells of a row; one where a row has one overall mark. */
  items?: number;
  /** By row the places of items that do not apply. */
  without?: readonly (readonly number[])[];
  /** Whether numbers are typed: then no digit is a mark. */
  isNumeric?: boolean;
}

const partsOf = ({ items }: PaperForm): number => items ?? 1;
const cellsOf = (form: PaperForm): number => form.subjects * partsOf(form);
/** The row of a cell. */
export const rowOf = (form: PaperForm, cell: number): number => Math.floor(cell / partsOf(form));
/** Whether something can stand in a cell. */
export const applies = (form: PaperForm, cell: number): boolean =>
  !form.without?.[rowOf(form, cell)]?.includes(cell % partsOf(form));
/** A cell before anything is typed: where nothing can stand it is blank. */
const fresh = (form: PaperForm, cell: number): Place | null => (applies(form, cell) ? null : blankOf(form));
/** Whether something was typed on the sheet in work. */
export const isBegun = (form: PaperForm, draft: EnteredDraft): boolean =>
  draft.rows.some((place, cell) => place !== null && applies(form, cell));

/** The next cell in a direction in which something can stand; the same where there is none. */
function beside(form: PaperForm, cell: number, by: 1 | -1): number {
  for (let at = cell + by; at >= 0 && at < cellsOf(form); at += by) if (applies(form, at)) return at;
  return cell;
}

const firstOf = (form: PaperForm): number => (applies(form, 0) ? 0 : beside(form, 0, 1));

export function emptyDraft(form: PaperForm): EnteredDraft {
  const row = () => ({ marks: Array.from({ length: form.marks }, () => 0), abstained: 0, recused: 0 });
  return {
    mode: 'sheets',
    sheets: [],
    rows: blankRows(form),
    at: firstOf(form),
    totals: { returned: 0, invalid: 0, rows: Array.from({ length: form.subjects }, row) },
  };
}

const blankRows = (form: PaperForm): (Place | null)[] =>
  Array.from({ length: cellsOf(form) }, (_, cell) => fresh(form, cell));

/** A draft that was kept; an empty one where it is damaged, or of another round. */
export function readDraft(text: string | null, form: PaperForm): EnteredDraft {
  const fresh = emptyDraft(form);
  try {
    const kept = JSON.parse(text ?? '') as EnteredDraft;
    const isRow = (place: unknown) => Number.isInteger(place) && isPlace(form, place as number);
    const isSheet = (sheet: Sheet) =>
      sheet === null || (sheet.length === cellsOf(form) && sheet.every(isRow));
    const fits =
      (kept.mode === 'sheets' || kept.mode === 'totals') &&
      kept.sheets.length <= SHEETS_MAX &&
      kept.sheets.every(isSheet) &&
      kept.rows.length === cellsOf(form) &&
      kept.rows.every((place) => place === null || isRow(place)) &&
      kept.totals.rows.length === form.subjects &&
      kept.totals.rows.every((row) => row.marks.length === form.marks);
    return fits ? { ...kept, at: Math.min(Math.max(kept.at, 0), cellsOf(form) - 1) } : fresh;
  } catch {
    return fresh;
  }
}

function isPlace(form: PaperForm, place: Place): boolean {
  return place >= 0 && place <= form.marks + 1;
}

/** Blank, as a place. */
export const blankOf = (form: PaperForm): Place => form.marks;
/** The own branch, as a place. */
export const ownOf = (form: PaperForm): Place => form.marks + 1;

/** A row gets what the sheet says, and the next one is up. The own branch is one row at most: another one is open again. */
export function put(form: PaperForm, draft: EnteredDraft, at: number, place: Place): EnteredDraft {
  if (at < 0 || at >= cellsOf(form) || !isPlace(form, place) || !applies(form, at)) return draft;
  const own = ownOf(form);
  if (place === own && !form.recuses) return draft;
  const isOwn = place === own;
  const rows = draft.rows.map((old, cell) => {
    const isHere = rowOf(form, cell) === rowOf(form, at);
    if (cell === at || (isOwn && isHere)) return place;
    // The own branch is a whole row, and one at most.
    return old === own && (isOwn || isHere) ? fresh(form, cell) : old;
  });
  const last = isOwn ? (rowOf(form, at) + 1) * partsOf(form) - 1 : at;
  return { ...draft, rows, at: beside(form, last, 1) };
}

/** A cell is open again, and up. */
export function open(form: PaperForm, draft: EnteredDraft, at: number): EnteredDraft {
  if (!applies(form, at)) return draft;
  const isOwn = draft.rows[at] === ownOf(form);
  const rows = draft.rows.map((old, cell) =>
    cell === at || (isOwn && rowOf(form, cell) === rowOf(form, at)) ? fresh(form, cell) : old,
  );
  return { ...draft, at, rows };
}

/** The row before is up again, open. */
export function back(form: PaperForm, draft: EnteredDraft): EnteredDraft {
  const here = draft.rows[draft.at];
  return open(form, draft, here === null || here === undefined ? beside(form, draft.at, -1) : draft.at);
}

/** Rows that nobody typed are blank on the sheet. */
export function restIsBlank(form: PaperForm, draft: EnteredDraft): EnteredDraft {
  return { ...draft, rows: draft.rows.map((place) => place ?? blankOf(form)), at: cellsOf(form) - 1 };
}

/** The rules that the sheet in work keeps or breaks; the own branch is no row of its voter's sheet. */
export function rulesOf(plan: PlanView, form: PaperForm, draft: EnteredDraft): RuleCount[] {
  const { numeric = null, scale } = plan;
  const ids = markIds({ numeric, scale });
  const grades = markIds({ numeric, scale: scale.filter((mark) => mark.kind === 'grade') });
  const parts = partsOf(form);
  const rows = Array.from({ length: form.subjects }, (_, row) =>
    draft.rows.slice(row * parts, (row + 1) * parts),
  );
  const filled = rows
    .filter((row) => row[0] !== ownOf(form))
    .map((row) => row.flatMap((place) => (place === null ? [] : (ids[place] ?? []))));
  // A reason on paper stays there: who types the sheet sees whether there is one.
  const counts = ruleCounts(
    { ...plan.sheet_rules, worst_reason: false },
    grades,
    filled.map((row) => (row.length > 0 ? row.join('.') : undefined)),
  );
  if (parts === 1) return counts;
  const none = (rule: Rule, have: number) => counts.push({ rule, have, limit: 0, isBroken: have > 0 });
  const marksOf = (row: (Place | null)[]) =>
    row.filter((place) => place !== null && place < form.marks).length;
  const isPartly = (row: (Place | null)[], at: number) =>
    marksOf(row) > 0 && marksOf(row) < parts - (form.without?.[at]?.length ?? 0);
  if (plan.needs_all_items) none('whole_rows', rows.filter(isPartly).length);
  const { overall } = plan;
  if (overall) {
    const isUnmatched = (row: (Place | null)[], at: number) => {
      const given = row.map((place) => (place === null ? '' : (ids[place] ?? '')));
      const isLeft = marksOf(row) === 0 || (plan.needs_all_items && isPartly(row, at));
      return !isLeft && overallOf(overall, scale, given) !== given[parts - 1];
    };
    none('overall_matches', rows.filter(isUnmatched).length);
  }
  return counts;
}

/** Whether the sheet in work is complete and keeps its rules. */
export function isFinished(plan: PlanView, form: PaperForm, draft: EnteredDraft): boolean {
  return (
    draft.sheets.length < SHEETS_MAX &&
    draft.rows.every((place) => place !== null) &&
    rulesOf(plan, form, draft).every((rule) => !rule.isBroken)
  );
}

/** The sheet in work is laid to the others; as an invalid one whatever stands on it. */
export function lay(form: PaperForm, draft: EnteredDraft, isInvalid: boolean): EnteredDraft {
  if (draft.sheets.length >= SHEETS_MAX) return draft;
  const rows = draft.rows.filter((place): place is Place => place !== null);
  if (!isInvalid && rows.length !== cellsOf(form)) return draft;
  return {
    ...draft,
    sheets: [...draft.sheets, isInvalid ? null : rows],
    rows: blankRows(form),
    at: firstOf(form),
  };
}

/** A sheet is taken out of the pile again, to be looked at: what was in work is laid aside only if nothing stood on it. */
export function takeUp(form: PaperForm, draft: EnteredDraft, place: number): EnteredDraft {
  const sheet = draft.sheets[place];
  if (sheet === undefined || isBegun(form, draft)) return draft;
  const sheets = draft.sheets.filter((_, at) => at !== place);
  return { ...draft, sheets, rows: sheet ?? blankRows(form), at: firstOf(form) };
}

/** Why the sums of a subject cannot be sent: how many rows are missing, or too many; 0 where they add up. */
export function missingIn(totals: PaperCount, row: number): number {
  const { marks, abstained, recused } = totals.rows[row] ?? { marks: [], abstained: 0, recused: 0 };
  const rows = marks.reduce((sum, count) => sum + count, abstained + recused);
  return totals.returned - totals.invalid - rows;
}

/** Whether what was typed can be sent. */
export function isReady(form: PaperForm, draft: EnteredDraft): boolean {
  if (draft.mode === 'sheets') return !isBegun(form, draft);
  const { totals } = draft;
  return totals.invalid <= totals.returned && totals.rows.every((_, row) => missingIn(totals, row) === 0);
}

/** Sheets that were typed, or that the sums are about. */
export function returnedOf(draft: EnteredDraft): number {
  return draft.mode === 'sheets' ? draft.sheets.length : draft.totals.returned;
}

/** What is sent: sheets in the order of what stands on them, so that the pile's order stays here. */
export function entryOf(draft: EnteredDraft): PaperEntry {
  if (draft.mode === 'totals') return { as: 'totals', count: draft.totals };
  const key = (sheet: Sheet) => (sheet === null ? '' : sheet.map((place) => String(place + 10)).join());
  const sheets = [...draft.sheets].sort((one, other) => (key(one) < key(other) ? -1 : 1));
  return { as: 'sheets', sheets };
}

/** A figure as it was typed: a whole number from 0 to the limit; anything else leaves what was there. */
export function figureOf(text: string, before: number): number {
  if (text.trim() === '') return 0;
  const figure = Number(text);
  return Number.isInteger(figure) && figure >= 0 && figure <= FIGURE_MAX ? figure : before;
}

export type Key = 'mark' | 'blank' | 'own' | 'back' | 'up' | 'down' | 'invalid' | 'lay';

/** What a key means while sheets are typed: digits are marks from 1, 0 is blank. */
export function keyOf(key: string, form: PaperForm): { is: Key; place?: Place } | null {
  if (form.isNumeric && /^[0-9]$/.test(key)) return null;
  if (/^[1-9]$/.test(key)) {
    const place = Number(key) - 1;
    return place < form.marks ? { is: 'mark', place } : null;
  }
  switch (key) {
    case '0':
      return { is: 'blank', place: blankOf(form) };
    case '-':
    case 'r':
      return form.recuses ? { is: 'own', place: ownOf(form) } : null;
    case 'Backspace':
      return { is: 'back' };
    case 'ArrowUp':
      return { is: 'up' };
    case 'ArrowDown':
      return { is: 'down' };
    case 'x':
      return { is: 'invalid' };
    case 'Enter':
      return { is: 'lay' };
    default:
      return null;
  }
}

/** The sheet after a key; the same where the key does nothing now. */
export function typed(plan: PlanView, form: PaperForm, draft: EnteredDraft, key: string): EnteredDraft {
  const meant = keyOf(key, form);
  switch (meant?.is) {
    case 'mark':
    case 'blank':
    case 'own':
      return put(form, draft, draft.at, meant.place ?? blankOf(form));
    case 'back':
      return back(form, draft);
    case 'up':
      return { ...draft, at: beside(form, draft.at, -1) };
    case 'down':
      return { ...draft, at: beside(form, draft.at, 1) };
    case 'invalid':
      return lay(form, draft, true);
    case 'lay':
      return isFinished(plan, form, draft) ? lay(form, draft, false) : draft;
    default:
      return draft;
  }
}
