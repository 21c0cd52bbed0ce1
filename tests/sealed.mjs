// The sealed channel from the outside, for tests that ask a running server without a page (`server/src/protocol/sealed.rs`).
import assert from 'node:assert/strict';
import { padded, seal, unpadded } from './hpke.mjs';

/** Asks a server at an address by itself; a page asks with `fromPage`. */
const from = (url) => async (path, body) => {
  const answer = await fetch(url + path, body && { method: 'POST', body });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
};

/** Asks from a page of a browser: as its network, names and certificates are. */
export const fromPage = (page) => async (path, body) => {
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

function scopeOf(path) {
  return /^\/api\/meetings\/([^/?]+)\//.exec(`${path}/`)?.[1] ?? '';
}

/**
 * One request in its envelope, to an address or through `fromPage`: status and body of what is in the answer. A problem in
 * clear is an answer too. `meeting` is for whom a request is that names no meeting in its path.
 */
export async function ask(where, method, path, { bearer, body, meeting } = {}) {
  const through = typeof where === 'string' ? from(where) : where;
  const scope = scopeOf(path) || (meeting ?? '');
  const { key, now_ms } = JSON.parse((await through(`${scope ? `/api/meetings/${scope}` : '/api'}/key`)).bytes);
  const head = JSON.stringify({ method, path, at_ms: now_ms, ...(bearer && { bearer }) });
  const text = Buffer.concat([
    Buffer.from(`${head}\n`),
    Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  ]);
  const info = Buffer.from(`pingyi-channel/1\0${scope}`);
  const { envelope, answer } = seal(Buffer.from(key, 'base64url'), info, padded(text));
  const { status, bytes } = await through(`/sealed${scope && `/${scope}`}`, envelope);
  if (status !== 200) return { status, body: bytes };
  const { open } = answer(bytes.subarray(0, 32));
  const parts = [];
  for (let at = 32; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const end = length === 0 ? bytes.length : at + 4 + length;
    parts.push(unpadded(open(bytes.subarray(at + 4, end), length === 0)));
    at = end;
  }
  const whole = Buffer.concat(parts);
  const ends = whole.indexOf(10);
  return { ...JSON.parse(whole.subarray(0, ends)), body: whole.subarray(ends + 1) };
}

/** The same, of which the answer is JSON and no problem. */
export async function told(where, method, path, more) {
  const { status, body } = await ask(where, method, path, more);
  assert.equal(status, 200, `${path}: ${body}`);
  return JSON.parse(body);
}
