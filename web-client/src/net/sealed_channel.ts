// The sealed channel: a request that carries or returns a secret goes as an envelope to the key of its meeting, and what is
// answered opens here alone; so does what a role is told on a socket. The forms are those of the server's `protocol/sealed.rs`.
// A page that came with the hash of a key in its address takes no other one, and neither does one that was here before.
// It must not know what requests there are, nor what sockets say.
import { sha256 } from '@noble/hashes/sha2.js';
import { storage } from '../browser/storage';
import { CLOSE_OTHER_KEY, type PageSocket, type SealedWays } from '../browser/world';
import { browserRandom } from '../crypto/blind_rsa';
import { base64url, concat, fromBase64url, text, utf8 } from '../crypto/bytes';
import { type Messages, NONCE_BYTES, type Sealed, seal } from '../crypto/hpke';
import {
  type AnswerHead,
  type ChannelKey,
  CLOSE_NOT_SEALED,
  CLOSE_STALE,
  type Problem,
  type SealedHead,
} from '../protocol';

/** Padded lengths (`envelope.rs`). */
const SMALLEST = 512;
const LARGE = 64 * 1024;
const LENGTH_BYTES = 4;

class OtherKey extends Error {}

/** The key of a meeting, or of the servers, and how far the server's clock is before ours, in milliseconds. */
interface ScopeKey {
  key: Uint8Array;
  ahead_ms: number;
}

const keys = new Map<string, Promise<ScopeKey>>();
/** The meeting of a page whose address names none. */
let pageMeeting = '';

/** From now on requests that name no meeting are for this one. */
export function belongTo(meeting: string): void {
  pageMeeting = meeting;
}

/** Under which name the hash of a meeting's key is kept. */
const pinName = (meeting: string) => `key/${meeting}`;

/** The hash of a meeting's key, for addresses that this page makes; empty where none is known. */
export const keyHash = (meeting: string): string => storage.get(pinName(meeting)) ?? '';

/** Takes over what an address says of a meeting's key: no other one is taken from now on. */
export function pin(meeting: string, hash: string): void {
  storage.set(pinName(meeting), hash);
  keys.delete(meeting);
}

function scopeOf(path: string): string {
  const [, named] = /^\/(?:api\/meetings|ws)\/([^/?]+)\//.exec(`${path}/`) ?? [];
  return named ?? (pageMeeting || (/^\/m\/([^/]+)/.exec(location.pathname)?.[1] ?? ''));
}

/** What the server wrote into the page is as good as an answer, once. */
let first = globalThis.document?.getElementById('first')?.textContent ?? '';

async function learn(scope: string): Promise<ScopeKey> {
  const written = JSON.parse(first || 'null') as (ChannelKey & { plan?: { id: string } }) | null;
  first = '';
  let said: ChannelKey | null = written?.plan?.id === scope ? written : null;
  if (!said) {
    const path = scope ? `/api/meetings/${encodeURIComponent(scope)}/key` : '/api/key';
    said = (await (await fetch(path, { cache: 'no-store', credentials: 'omit' })).json()) as ChannelKey;
  }
  const key = fromBase64url(said.key, 32);
  const hash = base64url(sha256(concat(utf8('pingyi-channel-key/1\0'), key)).subarray(0, 16));
  const pinned = keyHash(scope);
  if (pinned && pinned !== hash) throw new OtherKey();
  storage.set(pinName(scope), hash);
  return { key, ahead_ms: said.now_ms - Date.now() };
}

function keyOf(scope: string): Promise<ScopeKey> {
  const known = keys.get(scope) ?? learn(scope);
  keys.set(scope, known);
  known.catch(() => keys.delete(scope));
  return known;
}

/** With its length before it and zeros after it. */
function padded(body: Uint8Array, least: number): Uint8Array {
  const needed = Math.max(body.length, least) + LENGTH_BYTES;
  let length = SMALLEST;
  while (length < needed) length = needed > LARGE ? Math.ceil(needed / LARGE) * LARGE : length * 2;
  const whole = new Uint8Array(length);
  new DataView(whole.buffer).setUint32(0, body.length);
  whole.set(body, LENGTH_BYTES);
  return whole;
}

const lengthIn = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);

const unpadded = (whole: Uint8Array) =>
  whole.subarray(LENGTH_BYTES, LENGTH_BYTES + lengthIn(whole)) as Uint8Array<ArrayBuffer>;

function sealed(scope: string, { key }: ScopeKey, body: Uint8Array, least = 0): Sealed {
  return seal(key, utf8(`pingyi-channel/1\0${scope}`), padded(body, least), browserRandom);
}

const isAsBefore = async (response: Response): Promise<boolean> => {
  const { problem } = (await response.clone().json()) as Problem;
  return problem !== 'not_sealed' && problem !== 'stale';
};

async function sealedFetch(path: string, init: RequestInit & { least?: number }): Promise<Response> {
  const scope = scopeOf(path);
  const { Authorization } = (init.headers ?? {}) as Record<string, string>;
  const body =
    typeof init.body === 'string' ? utf8(init.body) : ((init.body ?? new Uint8Array(0)) as Uint8Array);
  for (let isLast = false; ; isLast = true) {
    let known: ScopeKey;
    try {
      known = await keyOf(scope);
    } catch (error) {
      if (!(error instanceof OtherKey)) throw error;
      return new Response(JSON.stringify({ problem: 'other_key' }), { status: 400 });
    }
    const head: SealedHead = {
      method: init.method ?? 'GET',
      path,
      at_ms: Date.now() + known.ahead_ms,
      ...(Authorization && { bearer: Authorization.slice('Bearer '.length) }),
    };
    const line = utf8(`${JSON.stringify(head)}\n`);
    const request = sealed(scope, known, concat(line, body), line.length + (init.least ?? 0));
    const response = await fetch(scope ? `/sealed/${encodeURIComponent(scope)}` : '/sealed', {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: request.envelope,
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: init.signal ?? null,
    });
    if (response.ok) return opened(response, request, path.endsWith('/events'));
    // A server that was set up anew has other keys, and clocks are set.
    if (isLast || (await isAsBefore(response))) return response;
    keys.delete(scope);
  }
}

/** What was answered, as a handler made it; of a stream its beginning, and the rest as it comes. */
async function opened(response: Response, request: Sealed, isStream: boolean): Promise<Response> {
  const reader = isStream ? response.body?.getReader() : undefined;
  let held = reader ? new Uint8Array(0) : new Uint8Array(await response.arrayBuffer());
  /** So many bytes, or all that come. */
  const take = async (length: number): Promise<Uint8Array> => {
    for (let more = reader; more && held.length < length; ) {
      const { done, value } = await more.read();
      if (done) more = undefined;
      else held = concat(held, value);
    }
    const taken = held.subarray(0, length);
    held = held.subarray(length);
    return taken;
  };
  const open = request.answer(await take(NONCE_BYTES));
  let isOver = false;
  const next = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const length = lengthIn(await take(LENGTH_BYTES));
    isOver = length === 0;
    return unpadded(open(await take(length || Number.POSITIVE_INFINITY), isOver));
  };
  const begin = await next();
  const ends = begin.indexOf(10);
  const { status, content } = JSON.parse(text(begin.subarray(0, ends))) as AnswerHead;
  const as = { status, headers: { 'Content-Type': content } };
  let body = begin.subarray(ends + 1);
  if (reader) {
    const stream = new ReadableStream<Uint8Array>({
      start: (into) => into.enqueue(body),
      pull: async (into) => (isOver ? into.close() : into.enqueue(await next())),
      cancel: () => reader.cancel(),
    });
    return new Response(stream, as);
  }
  const parts = [body];
  while (!isOver) parts.push(await next());
  body = parts.length > 1 ? concat(...parts) : body;
  return new Response(body, as);
}

/** Opens a socket behind one that a page holds already, and says hello on it. */
function open(outer: PageSocket, path: string, hello: object): void {
  const scope = scopeOf(path);
  let raw: WebSocket | undefined;
  let isOver = false;
  outer.close = (code) => {
    isOver = true;
    raw?.close(code);
  };
  const begin = (known: ScopeKey) => {
    if (isOver) return;
    const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + path);
    let request: Sealed;
    let messages: Messages | undefined;
    raw = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      const said = { ...hello, at_ms: Date.now() + known.ahead_ms };
      request = sealed(scope, known, utf8(JSON.stringify(said)));
      socket.send(request.envelope);
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      let message = data;
      if (typeof message !== 'string') {
        let bytes = new Uint8Array(message);
        if (!messages) {
          messages = request.answer(bytes.subarray(0, NONCE_BYTES));
          bytes = bytes.subarray(NONCE_BYTES);
        }
        message = text(unpadded(messages(bytes, false)));
      }
      outer.onmessage?.({ data: message });
    };
    socket.onclose = ({ code }) => {
      if (code === CLOSE_NOT_SEALED || code === CLOSE_STALE) keys.delete(scope);
      outer.onclose?.({ code });
    };
  };
  keyOf(scope).then(begin, (error) =>
    outer.onclose?.({ code: error instanceof OtherKey ? CLOSE_OTHER_KEY : 0 }),
  );
}

export const sealedWays: SealedWays = { fetch: sealedFetch, open };
