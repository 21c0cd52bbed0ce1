// Rules s111 to s114 on the page's side: what it sends, what it opens, and which key it takes. The server is played by Node's own
// cryptography.
import { beforeEach, describe, expect, it, vi } from 'vitest';

import * as hpke from '../../../tests/hpke';
import type { PageSocket } from '../browser/world';
import { CLOSE_STALE } from '../protocol';

const key = hpke.privateKey(Buffer.alloc(32, 7));
const publicKey = Buffer.from(hpke.publicHalf(key)).toString('base64url');

interface Opened {
  head: { method: string; path: string; at_ms: number; bearer?: string };
  body: string;
  length: number;
  answer: (nonce: Buffer) => { seal(body: Buffer, isLast: boolean): Buffer };
}

function opens(scope: string, envelope: Uint8Array): Opened {
  const { body, answer } = hpke.open(key, Buffer.from(`pingyi-channel/1\0${scope}`), Buffer.from(envelope));
  const text: Buffer = hpke.unpadded(body);
  const ends = text.indexOf(10);
  return {
    head: JSON.parse(String(text.subarray(0, ends))),
    body: String(text.subarray(ends + 1)),
    length: envelope.length,
    answer,
  };
}

/** An answer in so many parts. */
function answered(request: Opened, status: number, parts: string[]): Uint8Array<ArrayBuffer> {
  const nonce = hpke.randomBytes(32);
  const messages = request.answer(nonce);
  const head = JSON.stringify({ status, content: 'application/json' });
  const texts = [`${head}\n${parts[0] ?? ''}`, ...parts.slice(1)];
  const sealed = texts.map((text, at) => {
    const isLast = at === texts.length - 1;
    const message = messages.seal(hpke.padded(Buffer.from(text)), isLast);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(isLast ? 0 : message.length);
    return Buffer.concat([length, message]);
  });
  return new Uint8Array(Buffer.concat([nonce, ...sealed]));
}

const problem = (kind: string) => Response.json({ problem: kind, detail: null }, { status: 400 });

/** The page's module anew, on a server that answers what is sealed so. */
async function page(serve: (path: string, request: Opened) => Response, now_ms = () => Date.now()) {
  vi.resetModules();
  const asked: { path: string; init: RequestInit | undefined }[] = [];
  vi.stubGlobal('location', { pathname: '/m/abcd2345', origin: 'http://hall' });
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    asked.push({ path, init });
    if (path.endsWith('/key')) return Response.json({ key: publicKey, now_ms: now_ms() });
    const scope = /^\/sealed\/?(.*)$/.exec(path)?.[1] ?? '';
    return serve(path, opens(scope, init?.body as Uint8Array));
  });
  return { asked, ...(await import('./sealed_channel')) };
}

beforeEach(() => {
  vi.unstubAllGlobals();
});

describe('s111 what a page seals', () => {
  it('holds all of the request, and its answer opens', async () => {
    const seen: Opened[] = [];
    const { asked, sealedWays } = await page((_, request) => {
      seen.push(request);
      return new Response(answered(request, 409, ['{"problem":', '"refused"}']));
    });
    const answer = await sealedWays.fetch('/api/meetings/efgh/commands', {
      method: 'POST',
      headers: { Authorization: 'Bearer secret' },
      body: '{"do":"begin"}',
    });
    expect([answer.status, await answer.json()]).toEqual([409, { problem: 'refused' }]);
    expect(seen[0]?.head).toMatchObject({
      method: 'POST',
      path: '/api/meetings/efgh/commands',
      bearer: 'secret',
    });
    expect(Math.abs((seen[0]?.head.at_ms ?? 0) - Date.now())).toBeLessThan(5_000);
    expect(seen[0]?.body).toBe('{"do":"begin"}');
    // Nothing of it stands outside.
    const { path, init } = asked[1] ?? expect.unreachable();
    expect([path, init?.headers]).toEqual(['/sealed/efgh', { 'Content-Type': 'application/octet-stream' }]);
    // The key is asked for once; what names no meeting is for that of the page.
    await sealedWays.fetch('/api/meetings/efgh/prints', {});
    await sealedWays.fetch('/api/join', { method: 'POST', body: '{}' });
    expect(asked.map((request) => request.path)).toEqual([
      '/api/meetings/efgh/key',
      '/sealed/efgh',
      '/sealed/efgh',
      '/api/meetings/abcd2345/key',
      '/sealed/abcd2345',
    ]);
  });

  it('s113 tells no length of its own', async () => {
    const lengths = new Set<number>();
    const { sealedWays } = await page((_, request) => {
      lengths.add(request.length);
      return new Response(answered(request, 200, ['{}']));
    });
    for (const body of ['', 'x'.repeat(100), 'x'.repeat(200)]) {
      await sealedWays.fetch('/api/join', { method: 'POST', body });
    }
    expect([...lengths]).toEqual([512 + 48]);
    lengths.clear();
    for (const papers of [1, 2, 9]) {
      const body = 'x'.repeat(papers * 359);
      await sealedWays.fetch('/api/join', { method: 'POST', body, least: 10 * 359 });
    }
    expect([...lengths]).toEqual([4096 + 48]);
  });

  it('comes as a stream, part by part', async () => {
    let more: ReadableStreamDefaultController<Uint8Array> | undefined;
    let rest = new Uint8Array(0);
    const { sealedWays } = await page((_, request) => {
      const whole = answered(request, 200, ['data: 1\n\n', 'data: 2\n\n', '']);
      rest = whole.slice(700);
      return new Response(
        new ReadableStream({
          start(into) {
            more = into;
            into.enqueue(whole.subarray(0, 10));
            into.enqueue(whole.subarray(10, 700));
          },
        }),
      );
    });
    const answer = await sealedWays.fetch('/api/meetings/efgh/events', {});
    const reader = answer.body?.getReader() ?? expect.unreachable();
    const read = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await read()).toBe('data: 1\n\n');
    more?.enqueue(rest);
    more?.close();
    expect(await read()).toBe('data: 2\n\n');
    await reader.read();
    expect((await reader.read()).done).toBe(true);
  });
});

describe('s112 a page whose key or clock is not the server’s', () => {
  it('asks for them again, once', async () => {
    let ahead_ms = 0;
    let refusals = 1;
    const times: number[] = [];
    const { asked, sealedWays } = await page(
      (_, request) => {
        times.push(request.head.at_ms - Date.now());
        refusals -= 1;
        ahead_ms = 900_000;
        return refusals >= 0 ? problem('stale') : new Response(answered(request, 200, ['{}']));
      },
      () => Date.now() + ahead_ms,
    );
    expect((await sealedWays.fetch('/api/qr', { method: 'POST' })).status).toBe(200);
    expect(asked).toHaveLength(4);
    expect(Math.abs((times[1] ?? 0) - 900_000)).toBeLessThan(5_000);
    refusals = 9;
    expect((await sealedWays.fetch('/api/qr', { method: 'POST' })).status).toBe(400);
    // Any other problem in clear is told as it is.
    const other = await page(() => problem('too_large'));
    expect(await (await other.sealedWays.fetch('/api/qr', { method: 'POST' })).json()).toMatchObject({
      problem: 'too_large',
    });
    expect(other.asked).toHaveLength(2);
  });
});

describe('s115 the key that a page takes', () => {
  it('is the one that its address names, and no other', async () => {
    const { sealedWays, pin, keyHash, asked } = await page(
      (_, request) => new Response(answered(request, 200, ['{}'])),
    );
    pin('abcd2345', 'A'.repeat(22));
    const refused = await sealedWays.fetch('/api/join', { method: 'POST', body: 'a slip' });
    expect(await refused.json()).toEqual({ problem: 'other_key' });
    expect(asked.map(({ path }) => path)).toEqual(['/api/meetings/abcd2345/key']);
    // Without one in the address the first one is kept.
    await sealedWays.fetch('/api/meetings/efgh/prints', {});
    expect(keyHash('efgh')).toMatch(/^[\w-]{22}$/);
    pin('abcd2345', keyHash('efgh'));
    expect((await sealedWays.fetch('/api/join', { method: 'POST', body: 'a slip' })).status).toBe(200);
  });
});

class Raw {
  static all: Raw[] = [];
  binaryType = '';
  sent: Uint8Array[] = [];
  closed = false;
  onopen: () => void = () => {};
  onmessage: (event: { data: string | ArrayBuffer }) => void = () => {};
  onclose: (event: { code: number }) => void = () => {};
  constructor(readonly address: string) {
    Raw.all.push(this);
  }
  send(bytes: Uint8Array) {
    this.sent.push(bytes);
  }
  close() {
    this.closed = true;
  }
}

describe('s114 a socket', () => {
  it('says hello in an envelope, and opens what it is told', async () => {
    const { sealedWays, asked } = await page(() => problem('not_sealed'));
    vi.stubGlobal('WebSocket', Raw);
    Raw.all = [];
    const told: unknown[] = [];
    const socket: PageSocket = {
      onmessage: ({ data }) => told.push(data),
      onclose: ({ code }) => told.push(code),
      close: () => {},
    };
    sealedWays.open(socket, '/ws/efgh', { session: 'secret', protocol: 3 });
    await vi.waitFor(() => expect(Raw.all).toHaveLength(1));
    const [raw] = Raw.all as [Raw];
    expect(raw.address).toBe('ws://hall/ws/efgh');
    raw.onopen();
    const [hello] = raw.sent as [Uint8Array];
    const { body, answer } = hpke.open(key, Buffer.from('pingyi-channel/1\0efgh'), hello);
    expect(JSON.parse(String(hpke.unpadded(body)))).toMatchObject({ session: 'secret', protocol: 3 });
    const nonce = hpke.randomBytes(32);
    const messages = answer(nonce);
    const sealed = (text: string) => messages.seal(hpke.padded(Buffer.from(text)), false);
    const says = (bytes: Buffer) => raw.onmessage({ data: new Uint8Array(bytes).buffer });
    says(Buffer.concat([nonce, sealed('welcome')]));
    says(sealed('a view'));
    raw.onmessage({ data: 'in clear' });
    raw.onclose({ code: CLOSE_STALE });
    expect(told).toEqual(['welcome', 'a view', 'in clear', CLOSE_STALE]);
    // The clock is asked for again before the next one.
    sealedWays.open(socket, '/ws/efgh', {});
    await vi.waitFor(() => expect(Raw.all).toHaveLength(2));
    expect(asked).toHaveLength(2);
    socket.close();
    expect(Raw.all[1]?.closed).toBe(true);
  });
});
