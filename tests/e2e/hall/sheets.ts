// The institute's files: who marks what (sheets.csv), and the table that must come out of it (expected.csv).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { ResultRow, ResultView } from '#protocol';
import { root } from './server.ts';

export const MARKS = ['hao', 'jiaohao', 'yiban', 'cha'];

/** A line of a CSV file by the names of its columns. */
export type Line = Record<string, string>;
/** Subject → place of its mark in the scale, from 0; blank rows are left out. */
export type Places = Record<string, number>;
/** A sheet of paper: places in the scale by row, null for a blank row; null for an invalid sheet. */
export type PaperSheet = (number | null)[] | null;

export async function table(name: 'sheets' | 'expected'): Promise<Line[]> {
  const text = await readFile(new URL(`meetings/institute/${name}.csv`, root), 'utf8');
  const [head = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
  return rows.map((row) => Object.fromEntries(head.map((column, at) => [column, row[at] ?? ''])));
}

const rowsOf = (sheet: Line) => Object.entries(sheet).filter(([name]) => /^s\d+$/.test(name));

/** What the voter of a seat marks. */
export function placesOf(sheets: Line[], seat: number): Places {
  const sheet = sheets.find((each) => each.seat === String(seat));
  if (!sheet) throw new Error(`no sheet of seat ${seat}`);
  const marked = rowsOf(sheet).filter(([, mark]) => MARKS.includes(mark));
  return Object.fromEntries(marked.map(([name, mark]) => [name.slice(1), MARKS.indexOf(mark)]));
}

/** The sheets that are on paper. */
export function paperOf(sheets: Line[]): PaperSheet[] {
  const place = (mark: string) => (MARKS.includes(mark) ? MARKS.indexOf(mark) : null);
  const on = sheets.filter((sheet) => sheet.channel === 'paper');
  return on.map((sheet) => (sheet.valid === 'yes' ? rowsOf(sheet).map(([, mark]) => place(mark)) : null));
}

/** Every figure of the result is that of the file. */
export async function isAsExpected(result: ResultView): Promise<void> {
  for (const row of await table('expected')) {
    const got = result.rows.find(({ subject }) => String(subject) === row.subject);
    assert.ok(got, `subject ${row.subject}`);
    assert.deepEqual(
      [got.score, String(got.rank), got.marks?.join('/'), String(got.abstained), String(got.recused), got.top_rate_percent],
      [row.score, row.rank, row.all_marks, row.abstained, row.recused, row.top_rate_percent],
    );
    const groups = got.groups?.map((group) => [group?.group, group?.marks.join('/'), group?.mean]);
    assert.deepEqual(
      groups,
      ['A', 'B', 'C'].map((group) => [group, row[`${group}_marks`], row[`${group}_mean`]]),
    );
  }
}

/** Everybody of a row: those who marked it, left it blank, or got no ballot for it. */
export function heads({ subject, marks, abstained, recused }: ResultRow): number {
  assert.ok(marks && abstained !== null && recused !== null, `subject ${subject} is told`);
  return marks.reduce((sum, count) => sum + count, 0) + abstained + recused;
}
