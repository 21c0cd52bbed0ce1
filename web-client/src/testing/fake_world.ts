// A browser made for tests: a clock that only moves when told, sockets and requests that do what the test says.

import type { PageSocket, World } from '../browser/world';
import type { ServerMessage, Situation } from '../protocol';

export class FakeSocket implements PageSocket {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  constructor(
    readonly path: string,
    readonly hello: object,
  ) {}
  close(): void {
    this.closed = true;
  }
  says(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  ends(code: number): void {
    this.onclose?.({ code });
  }
}

export class FakeWorld implements World {
  sockets: FakeSocket[] = [];
  requests: { path: string; init: RequestInit }[] = [];
  reloads = 0;
  isOnline = true;
  chance = 0.5;
  /** Answers requests by path; without one the network fails. */
  answer: (path: string, init: RequestInit) => Response | undefined = () => undefined;
  private clock_ms = 1_000_000;
  private skew_ms = 0;
  private timers: { at_ms: number; run: () => void }[] = [];
  private wakers = new Set<() => void>();

  now(): number {
    return this.clock_ms + this.skew_ms;
  }
  random(): number {
    return this.chance;
  }
  after(delay_ms: number, run: () => void): () => void {
    const timer = { at_ms: this.clock_ms + delay_ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }
  socket(path: string, hello: object): FakeSocket {
    const socket = new FakeSocket(path, hello);
    this.sockets.push(socket);
    return socket;
  }
  async fetch(path: string, init: RequestInit): Promise<Response> {
    this.requests.push({ path, init });
    const response = this.answer(path, init);
    if (!response) throw new TypeError('network');
    return response;
  }
  online(): boolean {
    return this.isOnline;
  }
  onWake(run: () => void): () => void {
    this.wakers.add(run);
    return () => this.wakers.delete(run);
  }
  reloadOnce(): boolean {
    this.reloads += 1;
    return this.reloads === 1;
  }

  /** The newest socket. */
  get last(): FakeSocket {
    const socket = this.sockets[this.sockets.length - 1];
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
  wakes(): void {
    for (const run of this.wakers) run();
  }
  /** Somebody sets the device's clock. */
  setsClock(by_ms: number): void {
    this.skew_ms += by_ms;
  }
  /** Lets so much time pass, timers in their order, and everything that waits for an answer. */
  async passes(duration_ms: number): Promise<void> {
    const end_ms = this.clock_ms + duration_ms;
    await settled();
    for (;;) {
      const due = this.timers.filter((timer) => timer.at_ms <= end_ms).sort((a, b) => a.at_ms - b.at_ms)[0];
      if (!due) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.clock_ms = Math.max(this.clock_ms, due.at_ms);
      due.run();
      await settled();
    }
    this.clock_ms = end_ms;
  }
}

/** Until every promise that can go on has gone on. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await Promise.resolve();
}

export function situation(version: number, more: Partial<Situation> = {}): Situation {
  return {
    epoch: 'one',
    version,
    plan: 'p1',
    phase: 'checkin',
    step: null,
    timer: null,
    round: null,
    box_key: null,
    ...more,
  };
}

export function voterView(version: number, more: Partial<Situation> = {}): ServerMessage {
  return { kind: 'voter', now: situation(version, more), result: null };
}
