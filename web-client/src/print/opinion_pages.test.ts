// Rule e15: opinions are parted into pages by the lines that they need, and none is lost.
import { expect, test } from 'vitest';
import { heightOf, type Line, linePages } from './opinion_pages';

const opinion = (text: string): Line => ({ is: 'opinion', text });
const head: Line = { is: 'head', text: '第一党支部' };

test('e15 longer opinions take more room, line feeds too', () => {
  expect(heightOf(opinion('好'.repeat(200)))).toBeGreaterThan(heightOf(opinion('好'.repeat(30))) * 3);
  expect(heightOf(opinion('一\n\n二'))).toBeGreaterThan(heightOf(opinion('一二')) * 2);
});

test('e15 no page is fuller than a page, no head ends one, nothing is lost', () => {
  const lines = Array.from({ length: 400 }, (_, at) =>
    at % 9 === 0 ? head : opinion('好'.repeat(1 + ((at * 37) % 200))),
  );
  const pages = linePages(lines);
  expect(pages.flat()).toEqual(lines);
  expect(pages.length).toBeGreaterThan(5);
  for (const page of pages) {
    expect(page.reduce((sum, line) => sum + heightOf(line), 0)).toBeLessThanOrEqual(244);
    expect(page.at(-1)?.is).toBe('opinion');
  }
  expect(linePages([])).toEqual([[]]);
});
