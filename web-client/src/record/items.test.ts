// Rule r17: rows with items in the browser's verifier, by hand; that it says the same as the other two is rule r5.
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../verify/columns';
import { printed } from './exact';
import type { Count, RecordManifest } from './format';
import { blocksAgree, itemParts, itemsHold, rowWorth, withMarks } from './items';
import { ballotsOf, publish, total } from './scores';

const mark = (id: string, points: number) => ({
  id,
  label: id,
  label_en: '',
  kind: 'grade',
  points_hundredths: points * 100,
});

const manifest = {
  contests: [
    { c: 1, subject: 1, branch: '第一党支部', secretary: '韩春华' },
    { c: 2, subject: 2, branch: '第二党支部', secretary: '周景行', without: [1] },
  ],
  groups: [{ id: 'A', name: '党委委员', weight_bp: 10_000 }],
  scale: [mark('hao', 100), mark('yiban', 60)],
  items: [
    { label: '德', label_en: '' },
    { label: '能', label_en: '' },
    { label: '绩', label_en: '' },
  ],
  sheet_rules: { distinct_min: null, top_max: null, low_min: null },
  live: 'off',
  k_min: 1,
  group_columns: 'shown',
  scoring: {
    decimals: 2,
    abstain: 'exclude',
    unknown: 'exclude',
    item_weights_bp: [2_000, 3_000, 5_000],
    missing_item: 'renormalise',
    missing_group: 'renormalise',
    tie_breaks: [],
    bands: [],
  },
} as unknown as RecordManifest;
const count = (answers: { [value: string]: number }, abstained = 0): Count => ({
  marks: [0, 0],
  answers,
  abstained,
  recused: 0,
  void: 0,
});

describe('rows with items', () => {
  it('r17 may say a mark for each item that applies, and something at all', () => {
    expect(itemParts(manifest, 1, 'hao..yiban')).toEqual(['hao', '', 'yiban']);
    for (const [c, value] of [
      [1, '..'],
      [1, 'hao'],
      [1, 'hao.hao.hao.hao'],
      [1, 'hao.cha.hao'],
      [1, 'abstain'],
      [2, 'hao.hao.hao'],
    ] as const)
      expect(itemParts(manifest, c, value), value).toBeNull();
    const strict = { ...manifest, scoring: { ...manifest.scoring, missing_item: 'require' as const } };
    expect(itemParts(strict, 1, 'hao..yiban')).toBeNull();
    expect(itemParts(strict, 2, 'hao..yiban')).toEqual(['hao', '', 'yiban']);
  });

  it('r17 are worth the mean of their marks by the weights of what is answered', () => {
    const worth = (value: string) => {
      const found = rowWorth(manifest, value);
      return found && printed(found, 4);
    };
    expect(worth('hao.yiban.hao')).toBe('88.0000');
    // (100 · 20 + 60 · 50) / 70
    expect(worth('hao..yiban')).toBe('71.4286');
    expect(worth('..')).toBeNull();
  });

  it('r17 are counted item by item, with those that leave it open', () => {
    const row = withMarks(manifest, 1, count({ 'hao..yiban': 2, 'yiban.yiban.yiban': 1 }, 4));
    expect(row.marks).toEqual([2, 1, 0, 0, 1, 2, 0, 3, 0]);
    expect(ballotsOf(manifest, row)).toBe(7);
    expect(blocksAgree(manifest, row)).toBe(true);
    expect(blocksAgree(manifest, { ...row, marks: [2, 1, 0, 0, 1, 2, 0, 2, 0] })).toBe(false);
    expect(total(manifest, [row, row]).marks).toEqual([4, 2, 0, 0, 2, 4, 0, 6, 0]);
    const { rows } = publish(manifest, [7], [[row]]);
    // (2 · 71.428… + 60) / 3, and two of the seven marks are the best.
    expect(rows[0]).toMatchObject({ score: '67.62', top_rate_percent: '28.57' });
    expect(columnsOf(manifest).map(({ figure }) => figure(row.marks))).toEqual(['86.67', '60.00', '60.00']);
    expect(columnsOf(manifest).map(({ figure }) => figure([]))).toEqual(['—', '—', '—']);
  });

  it('r17 are asked for only with marks that are all grades, and with weights for each', () => {
    expect(itemsHold(manifest)).toBe(true);
    const less = { ...manifest.scoring, item_weights_bp: [5_000, 5_000] };
    const unknown = [...manifest.scale, { ...mark('buliaojie', 0), kind: 'unknown' }];
    const long = manifest.scale.map((known) => ({ ...known, id: `${known.id}${'x'.repeat(26)}` }));
    const allWithout = manifest.contests.map((contest) => ({ ...contest, without: [0, 1, 2] }));
    for (const changed of [
      { scoring: less },
      { scale: unknown },
      { scale: long },
      { live: 'tally' },
      { contests: allWithout },
      { contests: manifest.contests.map((contest) => ({ ...contest, without: [2, 1] })) },
      { sheet_rules: { ...manifest.sheet_rules, distinct_min: 2 } },
      { items: undefined },
    ])
      expect(itemsHold({ ...manifest, ...changed } as RecordManifest), JSON.stringify(changed)).toBe(false);
  });
});
