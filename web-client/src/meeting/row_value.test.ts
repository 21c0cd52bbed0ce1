// What a row of the sheet says, and how it is cast: items joined by dots, numbers, and what is of another form.
import { describe, expect, it } from 'vitest';
import { castLength } from '../ballot/cast';
import type { Manifest } from '../ballot/manifest';
import type { MarkView, SubjectView } from '../protocol';
import { bandOf, filledOf, isLeft, joined, markIds, overallOf, partsOf, typedNumber } from './row_value';

const mark = (id: string, points: string): MarkView => ({
  id,
  label: id,
  label_en: '',
  kind: 'grade',
  points,
});
const bands = [mark('hao', '90'), mark('yiban', '60'), mark('cha', '0')];
const marks = new Set(['hao', 'yiban', 'cha']);
const subject = (without_items: number[]): SubjectView => ({
  id: 1,
  branch: '第一党支部',
  secretary: '韩春华',
  report: 'onsite',
  minutes: 7,
  has_text: false,
  absent: false,
  without_items,
});

describe('the overall mark of a row', () => {
  const overall = {
    decimals: 2,
    weights_bp: [5_000, 3_000, 2_000, 0],
    bands: [
      { id: 'hao', from_hundredths: 8_500 },
      { id: 'yiban', from_hundredths: 6_000 },
      { id: 'cha', from_hundredths: 0 },
    ],
  };
  const scale = [mark('hao', '100'), mark('yiban', '70'), mark('cha', '0')];
  const of = (row: string, more = {}, marks_of = scale) =>
    overallOf({ ...overall, ...more }, marks_of, row.split('.'));

  it('f86 is the grade in whose band the other items lie, by their weights', () => {
    expect(of('hao.yiban.yiban.')).toBe('hao');
    expect(of('hao.yiban.cha.')).toBe('yiban');
    expect(of('cha.hao.yiban.hao')).toBe('cha');
  });

  it('f86 leaves out what is open, and is none where nothing is marked', () => {
    expect(of('hao...')).toBe('hao');
    expect(of('.yiban..hao')).toBe('yiban');
    expect(of('...hao')).toBeUndefined();
  });

  it('f86 is found by the printed total: half up, and exactly', () => {
    // (2 · 100 + 1 · 99.99) / 3 = 99.99666… is 100.00 with two decimals, and 99.997 with three.
    const thirds = { weights_bp: [6_667, 3_333, 0], bands: [{ id: 'hao', from_hundredths: 10_000 }] };
    const close = [mark('hao', '100'), mark('yiban', '99.99')];
    expect(of('hao.yiban.', thirds, close)).toBe('hao');
    expect(of('hao.yiban.', { ...thirds, decimals: 3 }, close)).toBeUndefined();
    // 84.995 is 85.00, and 84.9949 is 84.99.
    const near = (points: string) => of('yiban..', { weights_bp: [10_000, 0] }, [mark('yiban', points)]);
    expect(near('84.99')).toBe('yiban');
    const halves = { weights_bp: [5_000, 5_000, 0] };
    expect(of('hao.yiban.', halves, [mark('hao', '85'), mark('yiban', '84.99')])).toBe('hao');
    expect(of('hao.yiban.', halves, [mark('hao', '85'), mark('yiban', '84.98')])).toBe('yiban');
  });
});

describe('a row', () => {
  it('f80 is one mark, or with items a part for each, and blank where nothing is marked', () => {
    expect(partsOf('hao', marks, 0, [])).toEqual(['hao']);
    expect(partsOf('hao..cha', marks, 3, [])).toEqual(['hao', '', 'cha']);
    expect(joined(['hao', '', 'cha'])).toBe('hao..cha');
    expect(joined(['', '', ''])).toBe('');
  });

  it('f80 says how far it is filled in, of the items that apply', () => {
    const parts = partsOf('hao..cha', marks, 3, [1]);
    expect(filledOf(parts, subject([1]))).toEqual({ have: 2, of: 2 });
    expect(filledOf(partsOf(undefined, marks, 3, []), subject([]))).toEqual({ have: 0, of: 3 });
  });

  it('f80 is left while it is blank, and with open items only where all are asked for', () => {
    for (const [value, needsAll, left] of [
      [undefined, true, true],
      [undefined, false, true],
      ['hao..cha', true, true],
      ['hao..cha', false, false],
      ['hao.cha.cha', true, false],
      ['hao.cha.cha', false, false],
    ] as const)
      expect(isLeft(partsOf(value, marks, 3, []), subject([]), needsAll), `${value} ${needsAll}`).toBe(left);
    // An item that does not apply is not waited for.
    expect(isLeft(partsOf('hao..cha', marks, 3, [1]), subject([1]), true)).toBe(false);
    expect(isLeft(partsOf('hao', marks, 0, []), subject([]), undefined)).toBe(false);
    expect(isLeft(partsOf('', marks, 0, []), subject([]), undefined)).toBe(true);
  });

  it('f82 shows nothing that is of another form, or of an item that does not apply', () => {
    expect(partsOf('hao', marks, 3, [])).toEqual(['', '', '']);
    expect(partsOf('hao.cha', marks, 0, [])).toEqual(['']);
    expect(partsOf('youxiu', marks, 0, [])).toEqual(['']);
    expect(partsOf('hao.cha.hao', marks, 3, [1])).toEqual(['hao', '', 'hao']);
  });
});

describe('a number', () => {
  it('f81 is a whole one from 0 to the largest, in any digits, and nothing else', () => {
    for (const [typed, number] of Object.entries({ '0': 0, '100': 100, ' 95 ': 95, '９５': 95, '007': 7 }))
      expect(typedNumber(typed, 100), typed).toBe(number);
    for (const typed of ['', '101', '-1', '1.5', '9 5', 'a', '八', '1e1', '+3', '0x1'])
      expect(typedNumber(typed, 100), typed).toBeNull();
    expect(typedNumber('51', 50)).toBeNull();
  });

  it('f81 is in the best band that begins at or below it', () => {
    expect([100, 90, 89, 60, 59, 0].map((number) => bandOf(bands, number)?.id)).toEqual([
      'hao',
      'hao',
      'yiban',
      'yiban',
      'cha',
      'cha',
    ]);
    expect(markIds({ numeric: 3, scale: bands })).toEqual(['3', '2', '1', '0']);
    expect(markIds({ numeric: null, scale: bands })).toEqual(['hao', 'yiban', 'cha']);
  });
});

describe('a cast', () => {
  const manifest = (contests: number, items?: number): Manifest => ({
    format: '',
    contests: Array.from({ length: contests }, (_, at) => ({ c: at + 1 })),
    groups: [{ id: 'A' }],
    scale: [{ id: 'jiaohao' }, { id: 'hao' }],
    ...(items === undefined ? {} : { items: Array.from({ length: items }, () => ({ label: '指标' })) }),
    opinions: false,
    keys: [],
    box_key: '',
    seal_key: '',
  });

  it('t17 has room for a row in which every item has the longest mark', () => {
    // Eight rows of six items: 6 × 7 letters and 5 dots in place of seven letters each.
    const [plain, items] = [castLength(manifest(60)), castLength(manifest(60, 6))];
    expect(items - plain).toBeGreaterThanOrEqual(60 * 40 - 1024);
    expect(items % 1024).toBe(0);
    expect(castLength(manifest(3, 2))).toBeGreaterThanOrEqual(castLength(manifest(3)));
  });
});
