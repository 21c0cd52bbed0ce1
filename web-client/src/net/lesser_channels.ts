// The ways by which views reach a page where sockets are blocked: a stream of events, and polling. Each is one attempt that hears
// messages until it is lost. It must not know when to try again, nor what a view means.

import type { World } from '../browser/world';
import { CLOSE_UNKNOWN_MEETING, CLOSE_UNKNOWN_SESSION, type ServerMessage } from '../protocol';
import { type Address, type Hangup, type LesserChannels, type Listener, tell } from './channels';

/** How often a polling page asks, in milliseconds, and how long it waits for an answer. */
const POLL_MS = 3_000;
const PATIENCE_MS = 10_000;

function openEvents(world: World, to: Address, listener: Listener): Hangup {
  const end = new AbortController();
  const read = async () => {
    const response = await request(world, to, 'events', end.signal);
    const reader = response.ok ? response.body?.getReader() : undefined;
    if (!reader) return listener.lost(closeCodeOf(response.status));
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return listener.lost(0);
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data:')) tell(listener, line.slice(5));
    }
  };
  read().catch(() => listener.lost(0));
  return () => end.abort();
}

function openPolling(world: World, to: Address, listener: Listener): Hangup {
  const end = new AbortController();
  let cancel: () => void = () => {};
  const poll = async () => {
    const answer = await fetchView(world, to, end.signal);
    if (typeof answer === 'number') return listener.lost(answer);
    listener.heard(answer);
    cancel = world.after(POLL_MS * (0.8 + 0.4 * world.random()), poll);
    return undefined;
  };
  void poll();
  return () => {
    cancel();
    end.abort();
  };
}

async function fetchView(world: World, to: Address, signal?: AbortSignal): Promise<ServerMessage | number> {
  const patience = new AbortController();
  const cancel = world.after(PATIENCE_MS, () => patience.abort());
  signal?.addEventListener('abort', () => patience.abort());
  try {
    const response = await request(world, to, 'view', patience.signal);
    return response.ok ? ((await response.json()) as ServerMessage) : closeCodeOf(response.status);
  } catch {
    return 0;
  } finally {
    cancel();
  }
}

function request(world: World, to: Address, what: string, signal: AbortSignal): Promise<Response> {
  return world.fetch(`/api/meetings/${to.meeting}/${what}`, {
    headers: { Authorization: `Bearer ${to.session}` },
    cache: 'no-store',
    credentials: 'omit',
    signal,
  });
}

function closeCodeOf(status: number): number {
  return status === 401 ? CLOSE_UNKNOWN_SESSION : status === 404 ? CLOSE_UNKNOWN_MEETING : 0;
}

export const lesserChannels: LesserChannels = { openEvents, openPolling, fetchView };
