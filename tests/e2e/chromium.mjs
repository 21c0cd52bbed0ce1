// Debian's Chromium for the browser tests, on an origin that is no secure context: a made-up name that leads to loopback.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const client = new URL('../../web-client/package.json', import.meta.url);
const { chromium } = createRequire(client)('playwright-core');

/** The hall's host. */
export const NAME = 'hall.test';

/** Tells what the policy of any page of a context forbids, from the page's first moment on (rule s96). */
export async function hearForbidden(context, tell) {
  await context.exposeBinding('tellForbidden', (_source, what) => tell(what));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const { effectiveDirective, blockedURI, sourceFile, lineNumber, sample } = event;
      const where = `${location.pathname} ${sourceFile}:${lineNumber}`;
      window.tellForbidden(`the policy forbids ${effectiveDirective} ${blockedURI} at ${where}: ${sample}`);
    });
  });
}

/** The policy that the server sends with a page, for tests that serve what is built without it. */
export async function policyOf(page) {
  const file = new URL(`../../web-client/dist/${page}.policy`, import.meta.url);
  return (await readFile(file, 'utf8')).replace('{sockets}', `ws://${NAME} wss://${NAME}`);
}

/** Chromium, with more switches where a hall needs them. */
export function launch(...more) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP ${NAME} 127.0.0.1`,
      ...more,
    ],
  });
}
