// Rule p14: full jitter that grows to a cap, for everything that is repeated.
import { describe, expect, it } from 'vitest';
import type { Problem } from '../protocol';
import { FakeWorld, settled } from '../testing/fake_world';
import type { Answer } from './requests';
import { askUntilKnown, pauseOf, type RetryLimits } from './retry';

const RETRY: RetryLimits = [500, 4_000];

const no = (problem: Problem['problem'], retry_after_s: number | null = null): Answer<string> => ({
  ok: false,
  problem: { problem, refusal: null, detail: null, retry_after_s },
});

function asks(world: FakeWorld, answers: Answer<string>[], patience_ms?: number) {
  const seen: { asked: number; answer: Answer<string> | null } = { asked: 0, answer: null };
  const asking = async () => {
    seen.asked += 1;
    return answers[Math.min(seen.asked, answers.length) - 1] as Answer<string>;
  };
  void askUntilKnown(asking, RETRY, world, patience_ms).then((answer) => {
    seen.answer = answer;
  });
  return seen;
}

describe('trying again', () => {
  it('p14 waits between nothing and a limit that doubles up to a cap', () => {
    const world = new FakeWorld();
    const pauses = (chance: number) => {
      world.chance = chance;
      return [0, 1, 2, 3, 4, 99].map((failures) => pauseOf(RETRY, failures, world));
    };
    expect(pauses(0)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(pauses(1)).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  });

  it('p14 repeats what was not answered and takes any other answer as it is', async () => {
    const world = new FakeWorld();
    const good = asks(world, [no('try_again'), no('slow_down', 2), { ok: true, value: 'yes' }]);
    await world.passes(250);
    expect(good.asked).toBe(2);
    await world.passes(1_999);
    expect(good.asked).toBe(2);
    await world.passes(1);
    expect(good.answer).toEqual({ ok: true, value: 'yes' });
    const refused = asks(world, [no('not_allowed')]);
    await settled();
    expect(refused).toEqual({ asked: 1, answer: no('not_allowed') });
  });

  it('p14 gives up once its patience is over', async () => {
    const world = new FakeWorld();
    const seen = asks(world, [no('try_again')], 1_000);
    await world.passes(60_000);
    expect(seen.answer).toEqual(no('try_again'));
    expect(seen.asked).toBeLessThan(5);
  });
});
