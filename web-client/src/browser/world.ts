// What a page needs of the browser beyond the DOM: clock, timers, chance, sockets and requests.
// It must not know meetings. Tests put another world in its place.

/** Why a page does not go on: the server's key is not the one that its address names. */
export const CLOSE_OTHER_KEY = 4599;

/** What a page needs of a socket. */
export interface PageSocket {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  close(code?: number): void;
}

export interface WorldRequest extends RequestInit {
  /** How many bytes its body has at least, for whoever looks at it from outside. */
  least?: number;
}

/** The sealed channel (sealed_channel.ts): a phone fetches it once the page is there. */
export interface SealedWays {
  fetch(path: string, init: WorldRequest): Promise<Response>;
  /** Opens what a page holds already, and says hello. */
  open(socket: PageSocket, path: string, hello: object): void;
}

export interface World {
  /** Milliseconds since 1970 by this device's clock, which may jump. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Runs it after so many milliseconds; the answer cancels it. */
  after(delay_ms: number, run: () => void): () => void;
  /** A socket to a path of this server, on which this is said first, and nothing else. */
  socket(path: string, hello: object): PageSocket;
  fetch(path: string, init: WorldRequest): Promise<Response>;
  /** False where the device knows that it has no network. */
  online(): boolean;
  /** Calls back whenever the page comes back to the front or to the network; the answer ends that. */
  onWake(run: () => void): () => void;
  /** Reloads the page, but only once in this window; false where that was done before. */
  reloadOnce(): boolean;
}

let arrive: (ways: SealedWays) => void;
const arrived = new Promise<SealedWays>((resolve) => {
  arrive = resolve;
});

/** Whatever carries a secret goes this way, and waits until there is one. */
export const sealWith = (ways: SealedWays) => arrive(ways);

/** Whether a request carries or returns a secret: all that are posted do, but for casts, which are sealed to their round. */
const isSecret = (path: string, { method, headers }: WorldRequest) =>
  (method === 'POST' && !path.startsWith('/box/')) || 'Authorization' in (headers ?? {});

/** The real browser. */
export const browser: World = {
  now: () => Date.now(),
  random: () => Math.random(),
  after(delay_ms, run) {
    const timer = setTimeout(run, delay_ms);
    return () => clearTimeout(timer);
  },
  socket(path, hello) {
    const socket: PageSocket = { onmessage: null, onclose: null, close: () => {} };
    void arrived.then((ways) => ways.open(socket, path, hello));
    return socket;
  },
  fetch: async (path, init) => (isSecret(path, init) ? (await arrived).fetch(path, init) : fetch(path, init)),
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
