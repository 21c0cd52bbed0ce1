// How a page tries again, whatever it repeats: full jitter below a limit that doubles up to a cap, so that a hall does not come back
// all at once (rule p14). It must not know what is repeated.
import type { World } from '../browser/world';
import type { Problem } from '../protocol';
import type { Answer } from './requests';

/** The limit below which the first pause is, and the one that it never grows above, in milliseconds. */
export type RetryLimits = readonly [first_ms: number, cap_ms: number];

/** How long to wait after so many failures before this one, in milliseconds. */
export const pauseOf = ([first_ms, cap_ms]: RetryLimits, failures: number, world: World): number =>
  Math.min(cap_ms, first_ms * 2 ** Math.min(failures, 10)) * world.random();

/** Whether the same request may get another answer later: the server, or the way to it, was not ready. */
export const isPassing = ({ problem }: Problem): boolean =>
  problem === 'try_again' || problem === 'slow_down';

/** Asks until an answer would not change, or `patience_ms` are over; then the last answer, whose problem is a passing one. */
export async function askUntilKnown<T>(
  asking: (attempt: number) => Promise<Answer<T>>,
  limits: RetryLimits,
  world: World,
  patience_ms = Number.POSITIVE_INFINITY,
): Promise<Answer<T>> {
  const until_ms = world.now() + patience_ms;
  for (let failures = 0; ; failures += 1) {
    const answer = await asking(failures + 1);
    if (answer.ok || !isPassing(answer.problem) || world.now() >= until_ms) return answer;
    // Never sooner than the server asks for.
    const least_ms = (answer.problem.retry_after_s ?? 0) * 1000;
    const pause_ms = Math.max(least_ms, pauseOf(limits, failures, world));
    await new Promise<void>((resume) => void world.after(pause_ms, resume));
  }
}
