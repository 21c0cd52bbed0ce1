// Rule f70: what is typed of paper sheets before it is sent.
import { describe, expect, it } from 'vitest';
import type { PlanView } from '../../protocol';
import * as entry from './entered';

const mark = (id: string) => ({ id, label: id, label_en: id, kind: 'grade', points: '100' });
const plan = {
  scale: [mark('hao'), mark('jiaohao'), mark('yiban'), mark('cha')],
  sheet_rules: { all_rows: false, distinct_min: null, top_max: { count: 2 }, low_min: null },
} as unknown as PlanView;
const form: entry.PaperForm = { marks: 4, subjects: 3, recuses: true };
const type = (keys: string[], draft = entry.emptyDraft(form)) =>
  keys.reduce((now, key) => entry.typed(plan, form, now, key), draft);

describe('f70 a sheet is typed with keys alone', () => {
  it('takes digits row after row, keeps the sheet with Enter and begins the next', () => {
    const one = type(['1', '2', '0']);
    expect(one.rows).toEqual([0, 1, 4]);
    const kept = type(['Enter', '2'], one);
    expect(kept.sheets).toEqual([[0, 1, 4]]);
    expect(kept.rows).toEqual([1, null, null]);
  });
  it('keeps no sheet that is not whole or breaks a rule, and an invalid one always', () => {
    expect(type(['1', '1', 'Enter']).sheets).toEqual([]);
    const broken = type(['1', '1', '1', 'Enter']);
    expect(broken.sheets).toEqual([]);
    expect(entry.rulesOf(plan, form, broken)[0]).toMatchObject({ rule: 'top_max', have: 3, isBroken: true });
    expect(type(['x'], broken)).toMatchObject({ sheets: [null], rows: [null, null, null] });
  });
  it('goes back over what was mistyped', () => {
    expect(type(['1', '2', 'Backspace', '3']).rows).toEqual([0, 2, null]);
    expect(type(['1', '2', '3', 'Backspace', '4']).rows).toEqual([0, 1, 3]);
  });
  it('knows no mark beyond the scale', () => {
    expect(type(['5', '9', 'q']).rows).toEqual([null, null, null]);
  });
  it('leaves out one own branch at most, and none where nobody leads', () => {
    expect(type(['-', '1', '-']).rows).toEqual([null, 0, 5]);
    const none = { ...form, recuses: false };
    expect(entry.typed(plan, none, entry.emptyDraft(none), '-').rows).toEqual([null, null, null]);
    // The own branch is no row of the sheet: two top marks of two rows keep the rule.
    expect(type(['-', '1', '1', 'Enter']).sheets).toEqual([[5, 0, 0]]);
  });
});

describe('f70 nothing typed is lost', () => {
  it('reads back what was kept', () => {
    const draft = type(['1', '2', '3', 'Enter', '4']);
    expect(entry.readDraft(JSON.stringify(draft), form)).toEqual(draft);
  });
  it('begins anew where what was kept is of another round or damaged', () => {
    const draft = JSON.stringify(type(['1', '2', '3', 'Enter']));
    const empty = entry.emptyDraft({ ...form, subjects: 2 });
    expect(entry.readDraft(draft, { ...form, subjects: 2 })).toEqual(empty);
    for (const text of [null, '', '{}', 'null', draft.slice(5), draft.replace('[0,1,2]', '[0,1,9]')]) {
      expect(entry.readDraft(text, form)).toEqual(entry.emptyDraft(form));
    }
  });
  it('takes a sheet up again, unless another one is in work', () => {
    const two = type(['1', '2', '3', 'Enter', 'x']);
    expect(entry.takeUp(form, two, 0)).toMatchObject({ sheets: [null], rows: [0, 1, 2] });
    const busy = type(['1'], two);
    expect(entry.takeUp(form, busy, 0)).toBe(busy);
  });
});

describe('f70 what is sent', () => {
  it('waits for the sheet in work and tells nothing of the order of the pile', () => {
    const one = type(['1', '2', '3', 'Enter', 'x', '4', '0', '1', 'Enter']);
    const other = type(['4', '0', '1', 'Enter', '1', '2', '3', 'Enter', 'x']);
    expect(entry.isReady(form, one)).toBe(true);
    expect(entry.isReady(form, type(['1'], one))).toBe(false);
    expect(entry.entryOf(one)).toEqual(entry.entryOf(other));
    expect(entry.entryOf(one)).toMatchObject({ as: 'sheets' });
  });
  it('has sums only where every row adds up to the valid sheets', () => {
    const draft = { ...entry.emptyDraft(form), mode: 'totals' as const };
    const row = (hao: number, abstained: number) => ({ marks: [hao, 0, 0, 0], abstained, recused: 0 });
    const totals = { returned: 3, invalid: 1, rows: [row(2, 0), row(1, 1), row(1, 0)] };
    expect([0, 1, 2].map((at) => entry.missingIn(totals, at))).toEqual([0, 0, 1]);
    expect(entry.isReady(form, { ...draft, totals })).toBe(false);
    const right = { ...totals, rows: [row(2, 0), row(1, 1), row(0, 2)] };
    expect(entry.isReady(form, { ...draft, totals: right })).toBe(true);
    expect(entry.isReady(form, { ...draft, totals: { ...right, invalid: 4, returned: 3 } })).toBe(false);
    expect(entry.entryOf({ ...draft, totals: right })).toEqual({ as: 'totals', count: right });
  });
  it('takes whole figures within the limit, and leaves what was there for anything else', () => {
    expect(['7', ' 12 ', '', '20000'].map((text) => entry.figureOf(text, 3))).toEqual([7, 12, 0, 20000]);
    expect(['-1', '1.5', 'x', '20001', '1e9'].map((text) => entry.figureOf(text, 3))).toEqual([
      3, 3, 3, 3, 3,
    ]);
  });
});

describe('f85 rows of items and numbers', () => {
  const items: entry.PaperForm = { marks: 4, subjects: 2, recuses: true, items: 3, without: [[], [1]] };
  const itemised = {
    ...plan,
    sheet_rules: { ...plan.sheet_rules, top_max: null },
    needs_all_items: true,
  } as PlanView;
  const press = (keys: string[], draft = entry.emptyDraft(items)) =>
    keys.reduce((now, key) => entry.typed(itemised, items, now, key), draft);

  it('are typed cell by cell, past what does not apply', () => {
    const sheet = press(['1', '2', '3', '4', '1']);
    expect(sheet.rows).toEqual([0, 1, 2, 3, 4, 0]);
    expect(press(['Enter'], sheet).sheets).toEqual([[0, 1, 2, 3, 4, 0]]);
    expect(press(['Backspace', 'Backspace', '2'], sheet).rows).toEqual([0, 1, 2, 1, 4, null]);
    expect(press(['ArrowUp', 'ArrowUp'], sheet).at).toBe(2);
  });
  it('are whole or blank where the form asks for all items', () => {
    const half = press(['1', '0', '3', '0', '0']);
    expect(entry.rulesOf(itemised, items, half)).toEqual([
      { rule: 'whole_rows', have: 1, limit: 0, isBroken: true },
    ]);
    expect(press(['Enter'], half).sheets).toEqual([]);
    expect(press(['1', '1', '1', '0', '0', 'Enter']).sheets).toEqual([[0, 0, 0, 4, 4, 4]]);
    const free = { ...itemised, needs_all_items: false } as PlanView;
    expect(entry.typed(free, items, half, 'Enter').sheets).toEqual([[0, 4, 2, 4, 4, 4]]);
  });
  it('leave out the own branch as a whole row', () => {
    const own = press(['1', '-']);
    expect(own.rows).toEqual([5, 5, 5, null, 4, null]);
    expect(press(['-'], own).rows).toEqual([null, null, null, 5, 5, 5]);
    expect(press(['2'], { ...own, at: 1 }).rows).toEqual([null, 1, null, null, 4, null]);
  });
  it('are kept, and an untouched sheet can be sent', () => {
    const kept = press(['1', '1', '1', '0', '0', 'Enter']);
    expect(entry.isReady(items, kept)).toBe(true);
    expect(entry.isReady(items, press(['1'], kept))).toBe(false);
    expect(entry.readDraft(JSON.stringify(kept), items)).toEqual(kept);
    expect(entry.takeUp(items, kept, 0).rows).toEqual([0, 0, 0, 4, 4, 4]);
    expect(entry.restIsBlank(items, press(['1', '1', '1'])).rows).toEqual([0, 0, 0, 4, 4, 4]);
  });
  it('take no digit for a mark where numbers are typed', () => {
    const numbers: entry.PaperForm = { marks: 101, subjects: 2, recuses: false, isNumeric: true };
    expect(['0', '5', '9'].map((key) => entry.keyOf(key, numbers))).toEqual([null, null, null]);
    expect(entry.put(numbers, entry.emptyDraft(numbers), 0, 100 - 88).rows).toEqual([12, null]);
  });
});
