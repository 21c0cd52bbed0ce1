import { describe, expect, it } from 'vitest';
import { evenPages, fittingSize, PAGE_MS, pageAfter, ROWS_MAX, spacedName } from './paging';

const count = (rows: number) => Array.from({ length: rows }, (_, place) => place);

describe('pages', () => {
  it('f22 hold at most six rows, every row once and in order, as even as can be', () => {
    expect(evenPages(count(7)).map((page) => page.length)).toEqual([4, 3]);
    expect(evenPages(count(14)).map((page) => page.length)).toEqual([5, 5, 4]);
    expect(evenPages(count(6)).map((page) => page.length)).toEqual([6]);
    expect(evenPages([])).toEqual([[]]);
    for (let rows = 1; rows <= 200; rows += 1) {
      const pages = evenPages(count(rows));
      expect(pages.flat()).toEqual(count(rows));
      const lengths = pages.map((page) => page.length);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(ROWS_MAX);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
    }
  });

  it('f22 turn by themselves and begin with the first', () => {
    expect([-5, 0, PAGE_MS - 1, PAGE_MS, 3 * PAGE_MS].map((shown_ms) => pageAfter(shown_ms, 3))).toEqual([
      0, 0, 0, 1, 0,
    ]);
    expect(pageAfter(10 * PAGE_MS, 1)).toBe(0);
  });
});

describe('sizes', () => {
  it('f23 shrink with the length of a name but never below what a hall can read', () => {
    expect(fittingSize('毛少华', 900, 250, 110)).toBe(250);
    expect(fittingSize('欧阳建国', 900, 250, 110)).toBe(225);
    expect(fittingSize('阿卜杜热合曼·买买提', 900, 250, 110)).toBe(110);
    expect(fittingSize('', 900, 250, 110)).toBe(250);
  });

  it('f23 set names of two signs as wide as those of three, and leave others alone', () => {
    expect(spacedName('宋岚')).toBe('宋\u3000岚');
    expect(spacedName('毛少华')).toBe('毛少华');
    expect(spacedName('Li')).toBe('Li');
  });
});
