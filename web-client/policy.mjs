// The Content-Security-Policy of each built page: nothing but what stands in it runs, by its hash, and it talks to its own server
// only. Hashes are made here, where the page is whole and where the styles are known that its scripts bring.
import { createHash } from 'node:crypto';

/** Where the server puts its own address for sockets: older browsers do not count it as `'self'`. */
const SOCKETS = '{sockets}';

/** What each page needs beside what stands in it. */
const PAGES = {
  // later.js and kiosk.js come from the server.
  index: { scripts: ["'self'"], images: ["'self'", 'data:'], connects: ["'self'", SOCKETS] },
  chair: { images: ["'self'", 'data:', 'blob:'], connects: ["'self'", SOCKETS] },
  screen: { images: ["'self'", 'data:'], connects: ["'self'", SOCKETS] },
  print: { images: ["'self'", 'data:'], connects: ["'self'"] },
  verify: { images: ['data:'], connects: ["'none'"] },
};

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The texts of a page's own scripts or styles; what has attributes is data for them. */
function inline(html) {
  const found = { script: [], style: [] };
  for (const [, tag, text] of html.matchAll(/<(script|style)>([\s\S]*?)<\/\1>/g)) found[tag].push(text);
  return found;
}

/** The policy of a page as its own file has it: without what only a header can say. */
export function policyOf(page, html, broughtStyles = []) {
  const { scripts = [], images, connects } = PAGES[page];
  const { script, style } = inline(html);
  const parts = {
    'default-src': ["'none'"],
    'script-src': [...scripts, ...script.map(hash)],
    'style-src': [...style, ...broughtStyles].map(hash),
    'img-src': images,
    'connect-src': connects,
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
  };
  return Object.entries(parts)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

/** The policy as the server sends it: nobody puts the page into a frame. */
export const asHeader = (policy) => `${policy}; frame-ancestors 'none'`;
