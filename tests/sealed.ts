// The sealed channel from the outside, for tests that ask a running server without a page (`server/src/protocol/sealed.rs`).
import assert from 'node:assert/strict';
import type { Page } from '@playwright/test';
import type { AnswerHead, ChannelKey, SealedHead } from '#protocol';
import { padded, seal, unpadded } from './hpke.ts';

/** One request in clear, with a body or without: how a sealed one is carried. */
type Carrier = (path: string, body?: Buffer) => Promise<{ status: number; bytes: Buffer }>;

interface More {
  bearer?: string;
  body?: unknown;
  /** For whom a request is that names no meeting in its path. */
  meeting?: string;
}

/** Asks a server at an address by itself; a page asks with `fromPage`. */
const from =
  (url: string): Carrier =>
  async (path, body) => {
    const answer = await fetch(url + path, body ? { method: 'POST', body: new Uint8Array(body) } : {});
    return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
  };

/** Asks from a page of a browser: as its network, names and certificates are. */
export const fromPage =
  (page: Page): Carrier =>
  async (path, body) => {
    const { status, text } = await page.evaluate(
      async ({ path, text }) => {
        const bytes = text && Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
        const answer = await fetch(path, bytes ? { method: 'POST', body: bytes } : {});
        const got = new Uint8Array(await answer.arrayBuffer());
        return { status: answer.status, text: btoa(Array.from(got, (byte) => String.fromCharCode(byte)).join('')) };
      },
      { path, text: body?.toString('base64') },
    );
    return { status, bytes: Buffer.from(text, 'base64') };
  };

function scopeOf(path: string): string {
  return /^\/api\/meetings\/([^/?]+)\//.exec(`${path}/`)?.[1] ?? '';
}

/**
 * One request in its envelope, to an address or through `fromPage`: status and body of what is in the answer. A problem in
 * clear is an answer too.
 */
export async function ask(
  where: string | Carrier,
  method: SealedHead['method'],
  path: string,
  { bearer, body, meeting }: More = {},
): Promise<{ status: number; body: Buffer }> {
  const through = typeof where === 'string' ? from(where) : where;
  const scope = scopeOf(path) || (meeting ?? '');
  const answered = await through(`${scope ? `/api/meetings/${scope}` : '/api'}/key`);
  const { key, now_ms }: ChannelKey = JSON.parse(String(answered.bytes));
  const head: SealedHead = { method, path, at_ms: now_ms, ...(bearer && { bearer }) };
  const text = Buffer.concat([
    Buffer.from(`${JSON.stringify(head)}\n`),
    Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  ]);
  const info = Buffer.from(`pingyi-channel/1\0${scope}`);
  const { envelope, answer } = seal(Buffer.from(key, 'base64url'), info, padded(text));
  const { status, bytes } = await through(`/sealed${scope && `/${scope}`}`, envelope);
  if (status !== 200) return { status, body: bytes };
  const { open } = answer(bytes.subarray(0, 32));
  const parts: Buffer[] = [];
  for (let at = 32; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const end = length === 0 ? bytes.length : at + 4 + length;
    parts.push(unpadded(open(bytes.subarray(at + 4, end), length === 0)));
    at = end;
  }
  const whole = Buffer.concat(parts);
  const ends = whole.indexOf(10);
  const told: AnswerHead = JSON.parse(String(whole.subarray(0, ends)));
  return { status: told.status, body: whole.subarray(ends + 1) };
}

/** The same, of which the answer is JSON and no problem. */
export async function told<Answer>(where: string | Carrier, method: string, path: string, more?: More): Promise<Answer> {
  const { status, body } = await ask(where, method, path, more);
  assert.equal(status, 200, `${path}: ${body}`);
  return JSON.parse(String(body));
}
