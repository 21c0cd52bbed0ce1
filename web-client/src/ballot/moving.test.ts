// The address by which tokens move to another window (rule f60).
import { expect, it } from 'vitest';
import { qr } from '../browser/qr';
import type { Storage } from '../browser/storage';
import { fragmentOf, type Moved, movedIn, seedName, takeTokens } from './moving';

const moved: Moved = {
  meeting: 'abcd2345',
  credential: 'c'.repeat(22),
  group: 'B',
  leads_subject: 7,
  round: 2,
  seed: 's'.repeat(43),
};

it('f60 what a fragment hands over comes out as it went in', () => {
  for (const each of [moved, { ...moved, leads_subject: null, round: 1 }]) {
    expect(movedIn(each.meeting, fragmentOf(each))).toEqual(each);
    expect(movedIn(each.meeting, `${fragmentOf(each)}&h=${'h'.repeat(22)}`)).toEqual(each);
    expect(movedIn(each.meeting, `${fragmentOf(each)}&h=`)).toBeNull();
  }
});

it('f60 a fragment that is cut, longer or another one hands over nothing', () => {
  const whole = fragmentOf(moved);
  for (let length = 0; length < whole.length; length += 1) {
    expect(movedIn('abcd2345', whole.slice(0, length))).toBeNull();
  }
  for (const other of [`${whole}x`, whole.replace('#p', '#s'), whole.replace('.B.', '..'), '#s=ABCDEFGHJK']) {
    expect(movedIn('abcd2345', other)).toBeNull();
  }
});

it('f60 a window that gave tokens up takes them back by its own code; one that has some keeps them', () => {
  const kept = new Map<string, string>();
  const storage = {
    get: (name: string) => kept.get(name) ?? null,
    set: (name: string, text: string) => kept.set(name, text) !== undefined,
  } as Storage;
  takeTokens(storage, moved);
  expect(kept).toEqual(new Map([[seedName('abcd2345', 2), moved.seed]]));
  kept.clear();
  kept.set('round/abcd2345/2', '{"wallet":"w","moved":true}');
  takeTokens(storage, moved);
  expect([...kept]).toEqual([['round/abcd2345/2', '{"wallet":"w","moved":false}']]);
  takeTokens(storage, moved);
  expect([...kept]).toEqual([['round/abcd2345/2', '{"wallet":"w","moved":false}']]);
});

it('f60 the code holds the whole address', () => {
  const address = `http://10.0.0.1:8080/m/abcd2345#p=${'c'.repeat(22)}.B.7.1.${'s'.repeat(43)}`;
  const svg = decodeURIComponent(qr(address).replace('data:image/svg+xml,', ''));
  expect(svg).toContain('<svg');
  // 41 modules a side hold 122 bytes with medium correction; with the quiet zone that is 49.
  expect(svg).toMatch(/viewBox="0 0 (49|53) (49|53)"/);
});
