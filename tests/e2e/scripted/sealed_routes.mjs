// The server's half of the sealed channel, for pages that are answered from a script.
import { base64url, open, padded, privateKey, publicHalf, randomBytes, unpadded } from '../../hpke.mjs';

const own = privateKey(Buffer.alloc(32, 7));

/** The public half, as routes for keys answer it and the server writes it into a phone's page. */
export const KEY = base64url(publicHalf(own));

/** The path and the query that a request asks for, also from inside an envelope, and what fulfils it with an answer. */
export function unsealed(route) {
  const { pathname, search } = new URL(route.request().url());
  if (!pathname.startsWith('/sealed')) {
    return { path: pathname, query: search.slice(1), fulfill: (answer) => route.fulfill(answer) };
  }
  const info = Buffer.from(`pingyi-channel/1\0${pathname.split('/')[2] ?? ''}`);
  const { body, answer } = open(own, info, route.request().postDataBuffer());
  const text = unpadded(body);
  const { path } = JSON.parse(text.subarray(0, text.indexOf(10)));
  const nonce = randomBytes(32);
  const fulfill = ({ status = 200, contentType = 'application/json', body }) => {
    const head = `${JSON.stringify({ status, content: contentType })}\n`;
    const message = answer(nonce).seal(padded(Buffer.from(head + body)), true);
    return route.fulfill({ body: Buffer.concat([nonce, Buffer.alloc(4), message]) });
  };
  const [asked, query = ''] = path.split('?');
  return { path: asked, query, fulfill };
}
