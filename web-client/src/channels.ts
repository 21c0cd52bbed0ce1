// The three ways by which views reach a page: a socket, a stream of events, polling. Each is one attempt that
// hears messages until it is lost. It must not know when to try again, nor what a view means.
import { CLOSE_UNKNOWN_MEETING, CLOSE_UNKNOWN_SESSION, PROTOCOL, type ServerMessage } from './protocol';
import type { World } from './world';

export type Channel = 'socket' | 'events' | 'polling';

/** Where to connect, and as whom. */
export interface Address {
  meeting: string;
  /** The seat's credential or the role's session. */
  session: string;
}

/** What an attempt tells; `lost` at most once, with the close code or 0 where there was none. */
export interface Listener {
  heard(message: ServerMessage): void;
  lost(code: number): void;
}

/** Ends the attempt; nothing is told after it. */
export type Hangup = () => void;

/** How often a polling page asks, in milliseconds, and how long it waits for an answer. */
const POLL_MS = 3_000;
const PATIENCE_MS = 10_000;

export function openChannel(world: World, channel: Channel, to: Address, listener: Listener): Hangup {
  const guarded = once(listener);
  const hangup = { socket: openSocket, events: openEvents, polling: openPolling }[channel](
    world,
    to,
    guarded,
  );
  return () => {
    guarded.silence();
    hangup();
  };
}

/** Passes on what an attempt tells until it is lost or hung up. */
function once(listener: Listener): Listener & { silence(): void } {
  let over = false;
  return {
    heard: (message) => {
      if (!over) listener.heard(message);
    },
    lost(code) {
      if (over) return;
      over = true;
      listener.lost(code);
    },
    silence() {
      over = true;
    },
  };
}

function openSocket(world: World, to: Address, listener: Listener): Hangup {
  const socket = world.socket(`/ws/${to.meeting}`);
  socket.onopen = () => socket.send(JSON.stringify({ session: to.session, protocol: PROTOCOL }));
  socket.onmessage = ({ data }) => tell(listener, data);
  socket.onclose = ({ code }) => listener.lost(code);
  return () => socket.close();
}

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

/** The view as it is now, or the close code that a socket would have had; 0 where nobody answered. */
export async function fetchView(
  world: World,
  to: Address,
  signal?: AbortSignal,
): Promise<ServerMessage | number> {
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

function tell(listener: Listener, text: unknown): void {
  let message: ServerMessage;
  try {
    message = JSON.parse(String(text)) as ServerMessage;
  } catch {
    // Half a message, or a stranger's: the next whole view makes up for it.
    return;
  }
  listener.heard(message);
}
