import { describe, expect, it } from 'vitest';
import { rowPages, rulesHeight } from './pages';

const count = (rows: number) => Array.from({ length: rows }, (_, place) => place);
const RULES_MM = rulesHeight(['好 100 分，较好 80 分。', '空白行视为弃权。', '得分保留两位小数。']);

describe('printed pages', () => {
  it('f40 keep a usual table with its rules and signatures on one sheet', () => {
    expect(rowPages(count(7), RULES_MM)).toHaveLength(1);
    expect(rowPages(count(14), RULES_MM)).toHaveLength(1);
  });

  it('f40 print every row once and in order, and leave no page empty', () => {
    for (let rows = 1; rows <= 200; rows += 1) {
      const pages = rowPages(count(rows), RULES_MM);
      expect(pages.flat()).toEqual(count(rows));
      expect(Math.min(...pages.map((page) => page.length))).toBeGreaterThan(0);
    }
  });

  it('f40 never leave signatures under a single lost row', () => {
    for (let rows = 4; rows <= 200; rows += 1) {
      const pages = rowPages(count(rows), RULES_MM);
      expect(pages[pages.length - 1]?.length, `${rows} rows`).toBeGreaterThan(2);
    }
  });
});
