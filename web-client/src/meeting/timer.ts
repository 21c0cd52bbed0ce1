// What a report's timer shows at a moment. Pure: it is given the server's time and must not know any clock.
import type { TimerView } from '../protocol';

export type TimerTone = 'ready' | 'running' | 'last_minute' | 'over';

export interface TimerFigures {
  /** As `6:59`, or `+0:12` once overrun. */
  text: string;
  tone: TimerTone;
  paused: boolean;
  /** The part of the limit that is left, 0 to 1. */
  share: number;
}

/** When a timer turns gold. */
export const WARNING_MS = 60_000;

/** Minutes and seconds of a duration that is not negative, `1:02:03` from an hour on. */
export function clockText(seconds: number): string {
  const two = (part: number) => `0${part}`.slice(-2);
  const [minutes, hours] = [Math.floor(seconds / 60) % 60, Math.floor(seconds / 3600)];
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** What is left in milliseconds, negative once overrun. */
export function leftOf({ state, limit_s }: TimerView, now_ms: number): number {
  if (state.is === 'running') return state.ends_at_ms - now_ms;
  return state.is === 'paused' ? state.left_ms : limit_s * 1000;
}

/** What the timer shows at `now_ms` by the server's clock. */
export function timerFigures(timer: TimerView, now_ms: number): TimerFigures {
  const left_ms = leftOf(timer, now_ms);
  // A countdown shows every second it still has; an overrun counts only whole seconds that have passed.
  const left_s = Math.ceil(left_ms / 1000);
  return {
    text: (left_s < 0 ? '+' : '') + clockText(Math.abs(left_s)),
    tone:
      timer.state.is === 'ready'
        ? 'ready'
        : left_ms <= 0
          ? 'over'
          : left_ms <= WARNING_MS
            ? 'last_minute'
            : 'running',
    paused: timer.state.is === 'paused',
    share: Math.min(1, Math.max(0, left_ms / (timer.limit_s * 1000 || 1))),
  };
}

/**
 * How many strokes the bell gives between two looks at one running timer: one when the last minute begins, two at the end.
 * A jump of more than five seconds (a reload, a sleeping laptop) rings nothing late.
 */
export function strokesBetween(before_ms: number, after_ms: number): 0 | 1 | 2 {
  if (after_ms >= before_ms || before_ms - after_ms > 5000) return 0;
  if (before_ms > 0 && after_ms <= 0) return 2;
  return before_ms > WARNING_MS && after_ms <= WARNING_MS ? 1 : 0;
}
