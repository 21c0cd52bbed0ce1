// Debian's Chromium for the browser tests, without the windows that nobody sees, which would take half of the processor's time; on an
// origin that is no secure context: a made-up name that leads to loopback.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { BrowserContext, LaunchOptions, Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

/** The hall's host. */
export const NAME = 'hall.test';

export const LAUNCH: LaunchOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--host-resolver-rules=MAP ${NAME} 127.0.0.1`,
  ],
};

declare global {
  interface Window {
    tellForbidden(what: string): void;
    axe: { run(options: RunOptions): Promise<AxeResults> };
  }
}

/** Tells what the policy of any page of a context forbids, from the page's first moment on (rule s96). */
export async function hearForbidden(context: BrowserContext, tell: (what: string) => void): Promise<void> {
  await context.exposeBinding('tellForbidden', (_source, what: string) => tell(what));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const { effectiveDirective, blockedURI, sourceFile, lineNumber, sample } = event;
      const where = `${location.pathname} ${sourceFile}:${lineNumber}`;
      window.tellForbidden(`the policy forbids ${effectiveDirective} ${blockedURI} at ${where}: ${sample}`);
    });
  });
}

/** A file of the built client. */
export function built(name: string): Promise<string> {
  return readFile(new URL(`../../web-client/dist/${name}`, import.meta.url), 'utf8');
}

/** The policy that the server sends with a page, for tests that serve what is built without it. */
export async function policyOf(page: string): Promise<string> {
  return (await built(`${page}.policy`)).replace('{sockets}', `ws://${NAME} wss://${NAME}`);
}

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong with a page. */
export async function axeFinds(page: Page, options: RunOptions): Promise<AxeResults['violations']> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((asked) => window.axe.run(asked), {
    ...options,
    resultTypes: ['violations' as const],
  });
  return violations;
}

/** WCAG 2.2 AA, as far as a machine can tell. */
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
