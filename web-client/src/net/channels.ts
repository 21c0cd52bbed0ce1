// The three ways by which views reach a page: a socket, a stream of events, polling. Each is one attempt that
// hears messages until it is lost. It must not know when to try again, nor what a view means.

import type { World } from '../browser/world';
import { PROTOCOL, type ServerMessage } from '../protocol';

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

/** The ways where sockets are blocked (lesser_channels.ts): a phone fetches them once it is there. */
export interface LesserChannels {
  openEvents(world: World, to: Address, listener: Listener): Hangup;
  openPolling(world: World, to: Address, listener: Listener): Hangup;
  /** The view as it is now, or the close code that a socket would have had; 0 where nobody answered. */
  fetchView(world: World, to: Address, signal?: AbortSignal): Promise<ServerMessage | number>;
}

export function openChannel(
  world: World,
  channel: Channel,
  to: Address,
  listener: Listener,
  lesser: LesserChannels | undefined,
): Hangup {
  const guarded = once(listener);
  const open = { socket: openSocket, events: lesser?.openEvents, polling: lesser?.openPolling }[channel];
  const hangup = open?.(world, to, guarded) ?? (() => {});
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
  const socket = world.socket(`/ws/${to.meeting}`, { session: to.session, protocol: PROTOCOL });
  socket.onmessage = ({ data }) => tell(listener, data);
  socket.onclose = ({ code }) => listener.lost(code);
  return () => socket.close();
}

export function tell(listener: Listener, text: unknown): void {
  let message: ServerMessage;
  try {
    message = JSON.parse(String(text)) as ServerMessage;
  } catch {
    // Half a message, or a stranger's: the next whole view makes up for it.
    return;
  }
  listener.heard(message);
}
