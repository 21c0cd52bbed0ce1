// Debian's Chromium for the browser tests, on an origin that is no secure context: a made-up name that leads to loopback.
import { createRequire } from 'node:module';

const client = new URL('../../web-client/package.json', import.meta.url);
const { chromium } = createRequire(client)('playwright-core');

/** The hall's host. */
export const NAME = 'hall.test';

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
