// Rule t28: the table of characters that nobody sees, against what this machine's Unicode says, which may be a newer one.
import { expect, it } from 'vitest';
import { isPlain, isRefused } from './text';

it('t28 refuses every character that nobody sees', () => {
  const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?![ \u3000])\p{Zs}/u;
  // Assigned after 15.1, the Unicode of the table, and so seen only on newer machines.
  const later: number[] = [];
  const taken: string[] = [];
  for (let point = 0; point < 0x110000; point += 1) {
    // Half of a pair is no character of a text.
    if (point >= 0xd800 && point < 0xe000) continue;
    const isUnseen = unseen.test(String.fromCodePoint(point));
    if (isUnseen && !isRefused(point)) taken.push(point.toString(16));
    if (!isUnseen && isRefused(point)) later.push(point);
  }
  expect(taken).toEqual([]);
  for (const drawnAsNothing of [0x2800, 0x16fe4, 0x1d159]) expect(later).toContain(drawnAsNothing);
  expect(later.length, 'nothing that was seen in 15.1 is refused').toBeLessThan(12_000);
});

it('t28 takes single blanks between what is seen', () => {
  for (const text of ['', '述职', '2026年度 述职', '韩　梅', '🀄']) expect(isPlain(text), text).toBe(true);
  for (const text of [' a', 'a ', 'a  b', 'a 　b', 'a\u00a0b', 'a\u200bb', '\ufeffa', 'a\nb'])
    expect(isPlain(text), text).toBe(false);
});
