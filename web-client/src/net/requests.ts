// One request to the server and its answer: a value, or a `Problem` in the server's own words.
// A request that got no answer is the problem `try_again`. It must not know which requests there are, nor repeat any.

import { browser, type World } from '../browser/world';
import type { Problem } from '../protocol';

export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export interface RequestOptions {
  /** The seat's credential or the role's session. */
  session?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as they are, in place of `body`. */
  text?: string;
  /** Sent as they are, in place of `body`. */
  bytes?: Uint8Array<ArrayBuffer>;
  /** Whether the answer is plain text. */
  wantsText?: boolean;
  /** How many bytes the body has at least, for whoever looks at it from outside. */
  least?: number;
  /** Opens an answer that only the asker can read. */
  open?: (answer: Uint8Array) => object;
}

/** How long an answer may take, in milliseconds. */
const PATIENCE_MS = 15_000;

const NO_ANSWER: Problem = { problem: 'try_again', refusal: null, detail: null, retry_after_s: null };

export async function ask<T>(
  method: 'GET' | 'POST',
  path: string,
  asked: RequestOptions = {},
  world: World = browser,
): Promise<Answer<T>> {
  const headers: Record<string, string> = {};
  if (asked.session !== undefined) headers.Authorization = `Bearer ${asked.session}`;
  const text = asked.text ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body));
  const body = asked.bytes ?? text;
  if (body !== undefined)
    headers['Content-Type'] = asked.bytes ? 'application/octet-stream' : 'application/json';
  const patience = new AbortController();
  const cancel = world.after(PATIENCE_MS, () => patience.abort());
  try {
    const response = await world.fetch(path, {
      method,
      headers,
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: patience.signal,
      ...(asked.least === undefined ? {} : { least: asked.least }),
      ...(body === undefined ? {} : { body }),
    });
    if (response.ok && asked.open) {
      const opened = asked.open(new Uint8Array(await response.arrayBuffer()));
      return 'problem' in opened
        ? { ok: false, problem: opened as Problem }
        : { ok: true, value: opened as T };
    }
    if (response.ok) {
      return { ok: true, value: (asked.wantsText ? await response.text() : await response.json()) as T };
    }
    const problem = (await response.json()) as Problem;
    return { ok: false, problem: problem.problem ? problem : NO_ANSWER };
  } catch {
    return { ok: false, problem: NO_ANSWER };
  } finally {
    cancel();
  }
}
