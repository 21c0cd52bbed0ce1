// The sealed channel from the outside, for tests that ask a running server without a page (`server/src/protocol/sealed.rs`).
import assert from 'node:assert/strict';
import { padded, seal, unpadded } from './hpke.mjs';

const json = async (url) => (await fetch(url)).json();

function scopeOf(path) {
  return /^\/api\/meetings\/([^/?]+)\//.exec(`${path}/`)?.[1] ?? '';
}

/**
 * One request in its envelope: status and body of what is in the answer. A problem in clear is an answer too.
 * `meeting` is for whom a request is that names no meeting in its path.
 */
export async function ask(url, method, path, { bearer, body, meeting } = {}) {
  const scope = scopeOf(path) || (meeting ?? '');
  const { key, now_ms } = await json(`${url}${scope ? `/api/meetings/${scope}` : '/api'}/key`);
  const head = JSON.stringify({ method, path, at_ms: now_ms, ...(bearer && { bearer }) });
  const text = Buffer.concat([
    Buffer.from(`${head}\n`),
    Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  ]);
  const info = Buffer.from(`pingyi-channel/1\0${scope}`);
  const { envelope, answer } = seal(Buffer.from(key, 'base64url'), info, padded(text));
  const response = await fetch(`${url}/sealed${scope && `/${scope}`}`, { method: 'POST', body: envelope });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (!response.ok) return { status: response.status, body: bytes };
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
export async function told(url, method, path, more) {
  const { status, body } = await ask(url, method, path, more);
  assert.equal(status, 200, `${path}: ${body}`);
  return JSON.parse(body);
}
