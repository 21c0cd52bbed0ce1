import { describe, expect, it } from 'vitest';
import { emsOf, ROWS_MAX } from '../meeting/paging';
import { meansLayout, meansPages } from './item_means';

const six = ['政治和思想建设', '组织建设', '作风和廉政建设', '履职实绩', '查找和解决问题', '下年度思路'];
const words = (items: number, length: number) =>
  Array.from({ length: items }, (_, place) => `${place}`.padEnd(length, '评'));

describe('means of items on the wall', () => {
  it('f27 stand in letters that a hall can read, as large as the pages let', () => {
    expect(meansLayout(six, 1)).toMatchObject({ size: 72, columns: 2, rows: 1, items: 6 });
    const hall = meansLayout(six, 7);
    expect(hall).toMatchObject({ size: 62, columns: 2, rows: 2, items: 6 });
    for (let items = 2; items <= 16; items += 1)
      for (const length of [1, 5, 12, 40])
        for (const subjects of [1, 2, 7, 71]) {
          const labels = words(items, length);
          const { size, columns, rows, items: most } = meansLayout(labels, subjects);
          expect(size).toBeGreaterThanOrEqual(54);
          expect(rows).toBeGreaterThanOrEqual(1);
          expect(rows).toBeLessThanOrEqual(ROWS_MAX);
          const width = emsOf(labels[1] ?? '') * size;
          const lines = Math.ceil(width / (1792 - 3.9 * size - 48)) || 1;
          if (columns > 1) expect((width + 3.9 * size + 48) * columns).toBeLessThanOrEqual(1792);
          expect(rows * (148 + Math.ceil(most / columns) * lines * 1.28 * size)).toBeLessThanOrEqual(780);
        }
  });

  it('f27 come in pages that hold every item of every subject once, in order', () => {
    for (const items of [2, 6, 16])
      for (const subjects of [1, 7, 71]) {
        const layout = meansLayout(words(items, 9), subjects);
        const rows = Array.from({ length: subjects }, (_, place) => place);
        const pages = meansPages(rows, items, layout);
        const all = pages.flat().flatMap(({ row, places }) => places.map((place) => [row, place]));
        expect(all).toEqual(rows.flatMap((row) => Array.from({ length: items }, (_, place) => [row, place])));
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(layout.rows);
      }
  });
});
