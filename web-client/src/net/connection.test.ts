// The connection's rules p10–p19, on a browser made for tests: no network, no real clock.
import { describe, expect, it } from 'vitest';
import { PROTOCOL } from '../protocol';
import { FakeWorld, settled, voterView } from '../testing/fake_world';
import { Connection, type Status, type ViewMessage } from './connection';
import { lesserChannels } from './lesser_channels';

function hall(world = new FakeWorld()) {
  const views: number[] = [];
  const plans: string[] = [];
  const statuses: Status[] = [];
  world.answer = (path) =>
    path.endsWith('/plan') ? new Response(JSON.stringify({ digest: 'p1' })) : undefined;
  const connection = new Connection(
    {
      meeting: 'm1',
      session: 'secret',
      lesser: () => lesserChannels,
      onView: (message: ViewMessage) => views.push(message.now.version),
      onPlan: (plan) => plans.push(plan.digest),
      onStatus: (status) => statuses.push(status),
    },
    world,
  );
  return { world, views, plans, statuses, connection };
}

function welcome(world: FakeWorld, ahead_ms = 0) {
  return { kind: 'welcome' as const, now_ms: world.now() + ahead_ms, protocol: PROTOCOL };
}

function connects(world: FakeWorld) {
  world.last.says(welcome(world));
}

function last<T>(list: T[]): T | undefined {
  return list[list.length - 1];
}

describe('connection', () => {
  it('p10 says hello first, and nothing else', () => {
    const { world, statuses } = hall();
    expect(world.last.path).toBe('/ws/m1');
    expect(world.last.hello).toEqual({ session: 'secret', protocol: PROTOCOL });
    connects(world);
    expect(last(statuses)).toEqual({ is: 'connected', channel: 'socket' });
  });

  it('p11 knows the server clock from the message that travelled least', () => {
    const { world, connection } = hall();
    world.last.says(welcome(world, 7_000));
    expect(connection.serverNow() - world.now()).toBe(7_000);
    world.last.says(welcome(world, 7_300));
    world.last.says(welcome(world, 6_100));
    expect(connection.serverNow() - world.now()).toBe(7_300);
    world.setsClock(60_000);
    world.last.says(welcome(world, -52_700));
    expect(connection.serverNow() - world.now()).toBe(-52_700);
  });

  it('p12 drops a view that is older, takes one of another epoch', () => {
    const { world, views } = hall();
    connects(world);
    for (const version of [5, 4, 6]) world.last.says(voterView(version));
    world.last.says(voterView(1, { epoch: 'two' }));
    world.last.says(voterView(2, { epoch: 'two' }));
    expect(views).toEqual([5, 6, 1, 2]);
  });

  it('p13 fetches the plan once for a digest, and again when it fails', async () => {
    const { world, plans } = hall();
    const fine = world.answer;
    world.answer = () => undefined;
    connects(world);
    world.last.says(voterView(1));
    world.last.says(voterView(2));
    await settled();
    expect(world.requests.length).toBe(1);
    world.answer = fine;
    await world.passes(5_000);
    expect(plans).toEqual(['p1']);
    world.last.says(voterView(3));
    await world.passes(5_000);
    expect(world.requests.length).toBe(2);
  });

  it('p14 waits with full jitter that grows to a cap', async () => {
    const { world, statuses } = hall();
    world.chance = 0.999999;
    const delays: number[] = [];
    for (let i = 0; i < 14; i += 1) {
      world.last.ends(1006);
      await settled();
      const status = last(statuses);
      if (status?.is !== 'waiting') throw new Error(`not waiting but ${status?.is}`);
      delays.push(Math.round(status.until_ms - world.now()));
      await world.passes(16_000);
      // Silent attempts give up after ten seconds; here each fails by itself.
      if (last(statuses)?.is !== 'connecting') world.wakes();
    }
    expect(delays[0]).toBe(500);
    expect(Math.max(...delays)).toBeLessThanOrEqual(15_000);
  });

  it('p14 a restarting server is given one to five seconds, spread at random', async () => {
    for (const chance of [0, 0.5, 0.999]) {
      const { world, statuses } = hall();
      connects(world);
      world.chance = chance;
      world.last.ends(1012);
      const status = last(statuses);
      expect(status).toMatchObject({ is: 'waiting' });
      if (status?.is !== 'waiting') return;
      expect(status.until_ms - world.now()).toBeCloseTo(1_000 + 4_000 * chance);
    }
  });

  it('p15 close codes from 4500 stop for good, others reconnect', async () => {
    for (const code of [4501, 4503, 4504]) {
      const { world, statuses } = hall();
      connects(world);
      world.last.ends(code);
      expect(last(statuses)).toEqual({ is: 'stopped', code });
      await world.passes(600_000);
      world.wakes();
      expect(world.sockets.length).toBe(1);
    }
    for (const code of [4000, 4001, 1001, 1006]) {
      const { world } = hall();
      connects(world);
      world.last.ends(code);
      await world.passes(1_000);
      expect(world.sockets.length).toBe(2);
    }
  });

  it('p15 an old page reloads once, and then says that it is old', () => {
    const world = new FakeWorld();
    const first = hall(world);
    world.last.ends(4502);
    expect(world.reloads).toBe(1);
    expect(last(first.statuses)?.is).not.toBe('stopped');
    const second = hall(world);
    world.last.ends(4502);
    expect(last(second.statuses)).toEqual({ is: 'stopped', code: 4502 });
  });

  it('p16 a silent connection is replaced after 45 s, a speaking one is not', async () => {
    const { world } = hall();
    connects(world);
    for (let i = 0; i < 10; i += 1) {
      await world.passes(20_000);
      world.last.says(welcome(world));
    }
    expect(world.sockets.length).toBe(1);
    await world.passes(51_000);
    expect(world.sockets.length).toBe(2);
    expect(world.sockets[0]?.closed).toBe(true);
  });

  it('p16 a page that wakes up after a silence does not trust its connection, and does not wait', async () => {
    const { world, statuses } = hall();
    connects(world);
    world.wakes();
    expect(world.sockets.length).toBe(1);
    world.setsClock(26_000);
    world.wakes();
    expect(world.sockets.length).toBe(2);
    world.chance = 1;
    world.last.ends(1006);
    expect(last(statuses)?.is).toBe('waiting');
    world.wakes();
    expect(world.sockets.length).toBe(3);
  });

  it('p16 a clock that is set back does not keep a dead connection', async () => {
    const { world } = hall();
    connects(world);
    world.setsClock(-3_600_000);
    await world.passes(60_000);
    expect(world.sockets.length).toBe(2);
  });

  it('p17 an attempt that is not welcomed within ten seconds is given up', async () => {
    const { world, statuses } = hall();
    await world.passes(10_000);
    expect(last(statuses)?.is).toBe('waiting');
    expect(world.last.closed).toBe(true);
  });

  it('p18 goes to events, then polling, only where requests work and sockets do not', async () => {
    const { world, statuses, views } = hall();
    world.last.ends(1006);
    await world.passes(2_000);
    world.last.ends(1006);
    await settled();
    expect(last(statuses)?.is).toBe('waiting');

    world.answer = (path) =>
      path.endsWith('/view')
        ? new Response(JSON.stringify(voterView(9)))
        : path.endsWith('/plan')
          ? new Response(JSON.stringify({ digest: 'p1' }))
          : undefined;
    await world.passes(4_000);
    world.last.ends(1006);
    await settled();
    await settled();
    expect(last(statuses)).toEqual({ is: 'connected', channel: 'polling' });
    expect(world.requests.map(({ path }) => path)).toContain('/api/meetings/m1/events');
    expect(views).toContain(9);
    const before = world.requests.length;
    await world.passes(10_000);
    expect(world.requests.length).toBeGreaterThan(before + 2);
  });

  it('p18 reads views from a stream of events, cut anywhere', async () => {
    const { world, statuses, views } = hall();
    const bytes = new TextEncoder().encode(
      `data: ${JSON.stringify(welcome(world))}\n\n: sign of life\n\ndata: ${JSON.stringify(voterView(3))}\n\n`,
    );
    world.answer = (path) => {
      if (path.endsWith('/view')) return new Response(JSON.stringify(voterView(2)));
      if (path.endsWith('/plan')) return new Response(JSON.stringify({ digest: 'p1' }));
      return new Response(
        new ReadableStream({
          start(stream) {
            for (let i = 0; i < bytes.length; i += 7) stream.enqueue(bytes.slice(i, i + 7));
          },
        }),
      );
    };
    world.last.ends(1006);
    await world.passes(2_000);
    world.last.ends(1006);
    for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(last(statuses)).toEqual({ is: 'connected', channel: 'events' });
    expect(views).toEqual([2, 3]);
    await world.passes(130_000);
    expect(world.sockets.length).toBeGreaterThan(2);
  });

  it('p19 nothing happens after a stop', async () => {
    const { world, connection, statuses } = hall();
    connects(world);
    connection.stop();
    const told = statuses.length;
    world.last.ends(1006);
    world.wakes();
    await world.passes(600_000);
    expect(world.sockets.length).toBe(1);
    expect(statuses.length).toBe(told);
  });
});
