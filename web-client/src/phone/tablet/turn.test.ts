// Rule f71: a shared tablet takes one person after the other and forgets each.
import { describe, expect, it } from 'vitest';
import { IDLE_MS, type Seen, standingOf, THANKS_MS, turnOf, WARNING_MS } from './turn';

const seen = (more: Partial<Seen>): Seen => ({
  standing: 'free',
  idle_ms: 0,
  received_ms: 0,
  round: 'open',
  ...more,
});

describe('f71 a turn at the tablet', () => {
  it('begins only while an evaluation is open', () => {
    expect(turnOf(seen({}))).toEqual({ is: 'page' });
    for (const round of ['draft', 'armed', 'closing', 'closed', 'published']) {
      expect(turnOf(seen({ round }))).toEqual({ is: 'closed' });
    }
    expect(turnOf(seen({ round: 'closing', standing: 'unfinished' }))).toEqual({ is: 'page' });
  });
  it('asks somebody who went away, and forgets after the question', () => {
    const idle = (idle_ms: number) => turnOf(seen({ standing: 'unfinished', idle_ms }));
    expect(idle(IDLE_MS - 1)).toEqual({ is: 'page' });
    expect(idle(IDLE_MS)).toEqual({ is: 'warning', left_s: WARNING_MS / 1000 });
    expect(idle(IDLE_MS + WARNING_MS - 1)).toEqual({ is: 'warning', left_s: 1 });
    expect(idle(IDLE_MS + WARNING_MS)).toEqual({ is: 'forget' });
  });
  it('never forgets a ballot that is on its way, however long it takes', () => {
    expect(turnOf(seen({ standing: 'sending', idle_ms: 3_600_000, round: 'closed' }))).toEqual({
      is: 'page',
    });
  });
  it('thanks, and is free for the next person', () => {
    const received = (received_ms: number) => turnOf(seen({ standing: 'received', received_ms }));
    expect(received(0)).toEqual({ is: 'thanks' });
    expect(received(THANKS_MS)).toEqual({ is: 'forget' });
  });
});

describe('f71 what the tablet knows', () => {
  const kept = (things: Record<string, unknown>) =>
    new Map(Object.entries(things).map(([name, value]) => [`pingyi/${name}`, JSON.stringify(value)]));
  it('reads it off what the page keeps', () => {
    expect(standingOf(kept({ language: 'zh', window: 1 }), false)).toBe('free');
    expect(standingOf(kept({}), true)).toBe('unfinished');
    expect(standingOf(kept({ joining: {} }), false)).toBe('unfinished');
    const seat = { seat: {}, 'seat/m1': {} };
    expect(standingOf(kept({ ...seat, 'round/m1/1': { has: 'papers' } }), false)).toBe('unfinished');
    expect(standingOf(kept({ ...seat, 'round/m1/1': { cast: 'x' } }), false)).toBe('sending');
    expect(standingOf(kept({ ...seat, 'round/m1/1': { cast: 'x', received: {} } }), false)).toBe('received');
    expect(standingOf(kept({ ...seat, 'round/m1/1': { cast: 'x', lost: 'closed' } }), false)).toBe('refused');
    expect(standingOf(new Map([['pingyi/round/m1/1', 'damaged']]), false)).toBe('free');
  });
});
