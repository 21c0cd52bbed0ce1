import { describe, expect, it } from 'vitest';
import type { TimerView } from '../protocol';
import { clockText, strokesBetween, timerFigures } from './timer';

const NOW_MS = 1_700_000_000_000;
const running = (left_ms: number): TimerView => ({
  limit_s: 420,
  state: { is: 'running', ends_at_ms: NOW_MS + left_ms },
});
const shown = (left_ms: number) => timerFigures(running(left_ms), NOW_MS);

describe('the timer', () => {
  it('f20 shows minutes and seconds, and hours only from an hour on', () => {
    expect([0, 59, 60, 600, 3599, 3600, 3723].map(clockText)).toEqual([
      '0:00',
      '0:59',
      '1:00',
      '10:00',
      '59:59',
      '1:00:00',
      '1:02:03',
    ]);
  });

  it('f20 shows every second that it still has, and counts up once the time is over', () => {
    expect(
      [420_000, 419_999, 419_000, 1, 0, -999, -1000, -83_500].map((left_ms) => shown(left_ms).text),
    ).toEqual(['7:00', '7:00', '6:59', '0:01', '0:00', '0:00', '+0:01', '+1:23']);
  });

  it('f20 is gold in the last sixty seconds and red from the end on', () => {
    expect([60_001, 60_000, 1, 0, -1].map((left_ms) => shown(left_ms).tone)).toEqual([
      'running',
      'last_minute',
      'last_minute',
      'over',
      'over',
    ]);
  });

  it('f20 stands still while it is paused, also overrun, and is not gold before it starts', () => {
    const paused = (left_ms: number) =>
      timerFigures({ limit_s: 420, state: { is: 'paused', left_ms } }, NOW_MS);
    expect(paused(191_000)).toMatchObject({ text: '3:11', tone: 'running', paused: true });
    expect(paused(-5_000)).toMatchObject({ text: '+0:05', tone: 'over', paused: true });
    const ready = timerFigures({ limit_s: 30, state: { is: 'ready' } }, NOW_MS);
    expect(ready).toMatchObject({ text: '0:30', tone: 'ready', share: 1 });
  });

  it('f20 gives the part that is left between nothing and all', () => {
    expect([420_000, 210_000, 0, -60_000, 999_000].map((left_ms) => shown(left_ms).share)).toEqual([
      1, 0.5, 0, 0, 1,
    ]);
  });

  it('f21 rings once at the last minute and twice at the end, and nothing late', () => {
    expect(strokesBetween(60_100, 59_900)).toBe(1);
    expect(strokesBetween(100, -100)).toBe(2);
    expect(strokesBetween(59_900, 59_700)).toBe(0);
    expect(strokesBetween(-100, -300)).toBe(0);
    // A reload, a sleeping laptop, or more time given.
    expect(strokesBetween(90_000, 30_000)).toBe(0);
    expect(strokesBetween(59_000, 119_000)).toBe(0);
  });
});
