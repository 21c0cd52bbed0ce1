// What a page needs of the browser beyond the DOM: clock, timers, chance, sockets and requests.
// It must not know meetings. Tests put another world in its place.

export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface World {
  /** Milliseconds since 1970 by this device's clock, which may jump. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Runs it after so many milliseconds; the answer cancels it. */
  after(delay_ms: number, run: () => void): () => void;
  /** A socket to a path of this server. */
  socket(path: string): SocketLike;
  fetch(path: string, init: RequestInit): Promise<Response>;
  /** False where the device knows that it has no network. */
  online(): boolean;
  /** Calls back whenever the page comes back to the front or to the network; the answer ends that. */
  onWake(run: () => void): () => void;
  /** Reloads the page, but only once in this window; false where that was done before. */
  reloadOnce(): boolean;
}

/** The real browser. */
export const browser: World = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(delay_ms, run) {
    const timer = setTimeout(run, delay_ms);
    return () => clearTimeout(timer);
  },
  socket: (path) => new WebSocket(location.origin.replace(/^http/, 'ws') + path) as SocketLike,
  fetch: (path, init) => fetch(path, init),
  online: () => navigator.onLine !== false,
  onWake(run) {
    const seen = () => {
      if (!document.hidden) run();
    };
    document.addEventListener('visibilitychange', seen);
    addEventListener('pageshow', seen);
    addEventListener('online', seen);
    return () => {
      document.removeEventListener('visibilitychange', seen);
      removeEventListener('pageshow', seen);
      removeEventListener('online', seen);
    };
  },
  reloadOnce() {
    try {
      if (sessionStorage.getItem('pingyi/reloaded')) return false;
      sessionStorage.setItem('pingyi/reloaded', '1');
    } catch {
      // Without a memory of the first reload the page would reload for ever.
      return false;
    }
    location.reload();
    return true;
  },
};
