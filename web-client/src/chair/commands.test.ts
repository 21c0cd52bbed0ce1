import { describe, expect, it } from 'vitest';
import type { ChairCommand, Problem } from '../protocol';
import { FakeWorld, settled } from '../testing/fake_world';
import { Commands, PATIENCE_MS } from './commands';

const CLOSE: ChairCommand = { do: 'close', round: 1 };
const BLACK: ChairCommand = { do: 'set_scene', scene: 'black' };

const done = () => new Response('{"version":8}');
const refused = (problem: Partial<Problem>) =>
  new Response(JSON.stringify({ refusal: null, detail: null, retry_after_s: null, ...problem }), {
    status: 409,
  });

function desk() {
  const world = new FakeWorld();
  return { world, commands: new Commands('m 1', 'secret', world) };
}

describe('commands', () => {
  it('f30 go to the meeting with the session, and are forgotten once done', async () => {
    const { world, commands } = desk();
    world.answer = done;
    commands.send(CLOSE);
    await settled();
    expect(world.requests).toHaveLength(1);
    expect(world.requests[0]?.path).toBe('/api/meetings/m%201/commands');
    expect(world.requests[0]?.init.headers).toMatchObject({ Authorization: 'Bearer secret' });
    expect(JSON.parse(String(world.requests[0]?.init.body))).toEqual(CLOSE);
    expect(commands.delivery.value).toEqual({ is: 'idle' });
  });

  it('f30 are repeated with the same bytes until the answer is known', async () => {
    const { world, commands } = desk();
    commands.send(CLOSE);
    await settled();
    expect(commands.delivery.value).toEqual({ is: 'sending', command: CLOSE, attempt: 1 });
    await world.passes(4_000);
    world.answer = done;
    await world.passes(4_000);
    expect(world.requests.length).toBeGreaterThan(2);
    expect(new Set(world.requests.map((request) => request.init.body)).size).toBe(1);
    expect(commands.delivery.value).toEqual({ is: 'idle' });
  });

  it('f30 are asked about, not repeated, once they are half a minute old', async () => {
    const { world, commands } = desk();
    commands.send(CLOSE);
    commands.send(BLACK);
    for (let passed_ms = 0; passed_ms <= PATIENCE_MS + 4_000; passed_ms += 1_000) await world.passes(1_000);
    expect(commands.delivery.value).toEqual({ is: 'undelivered', command: CLOSE });
    const sent = world.requests.length;
    await world.passes(60_000);
    expect(world.requests).toHaveLength(sent);
    // What waited behind it was meant for another situation, and is gone.
    world.answer = done;
    commands.again();
    await settled();
    expect(world.requests.slice(sent).map((request) => JSON.parse(String(request.init.body)))).toEqual([
      CLOSE,
    ]);
    expect(commands.delivery.value).toEqual({ is: 'idle' });
  });

  it('f30 are not repeated after a refusal, which stays until it was read', async () => {
    const { world, commands } = desk();
    world.answer = () => refused({ problem: 'refused', refusal: 'undo_is_too_late' });
    commands.send({ do: 'undo_close', round: 1 });
    await world.passes(10_000);
    expect(world.requests).toHaveLength(1);
    expect(commands.delivery.value).toMatchObject({
      is: 'refused',
      problem: { refusal: 'undo_is_too_late' },
    });
    commands.dismiss();
    expect(commands.delivery.value).toEqual({ is: 'idle' });
  });

  it('f30 wait as long as the server asks', async () => {
    const { world, commands } = desk();
    world.answer = () => refused({ problem: 'slow_down', retry_after_s: 9 });
    commands.send(CLOSE);
    await settled();
    await world.passes(8_500);
    expect(world.requests).toHaveLength(1);
    world.answer = done;
    await world.passes(600);
    expect(world.requests).toHaveLength(2);
    expect(commands.delivery.value).toEqual({ is: 'idle' });
  });

  it('f31 keep their order, and the same one pressed twice is sent once', async () => {
    const { world, commands } = desk();
    world.answer = done;
    commands.send(CLOSE);
    commands.send(CLOSE);
    commands.send(BLACK);
    commands.send(BLACK);
    await settled();
    await settled();
    expect(world.requests.map((request) => JSON.parse(String(request.init.body)))).toEqual([CLOSE, BLACK]);
  });
});
