// The server's half of the sealed channel, for pages that are answered from a script.

import type { Route } from '@playwright/test';
import type { AnswerHead, SealedHead } from '#protocol';
import { base64url, open, padded, privateKey, publicHalf, randomBytes, unpadded } from '../../hpke.ts';

const own = privateKey(Buffer.alloc(32, 7));

/** The public half, as routes for keys answer it and the server writes it into a phone's page. */
export const KEY = base64url(publicHalf(own));

export interface Answer {
  status?: number;
  contentType?: string;
  body: string | Buffer;
  headers?: Record<string, string>;
}

export interface Asked {
  path: string;
  query: string;
  fulfill(answer: Answer): Promise<void>;
}

/** The path and the query that a request asks for, also from inside an envelope, and what fulfils it with an answer. */
export function unsealed(route: Route): Asked {
  const { pathname, search } = new URL(route.request().url());
  if (!pathname.startsWith('/sealed')) {
    return { path: pathname, query: search.slice(1), fulfill: (answer) => route.fulfill(answer) };
  }
  const info = Buffer.from(`pingyi-channel/1\0${pathname.split('/')[2] ?? ''}`);
  const { body, answer } = open(own, info, route.request().postDataBuffer() ?? Buffer.alloc(0));
  const text = unpadded(body);
  const head: SealedHead = JSON.parse(String(text.subarray(0, text.indexOf(10))));
  const nonce = randomBytes(32);
  const fulfill = ({ status = 200, contentType = 'application/json', body }: Answer) => {
    const told: AnswerHead = { status, content: contentType };
    const message = answer(nonce).seal(
      padded(Buffer.concat([Buffer.from(`${JSON.stringify(told)}\n`), Buffer.from(body)])),
      true,
    );
    return route.fulfill({ body: Buffer.concat([nonce, Buffer.alloc(4), message]) });
  };
  const [path = '', query = ''] = head.path.split('?');
  return { path, query, fulfill };
}
