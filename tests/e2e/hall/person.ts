// One person in the hall with a browser of one's own: everything that it asked for, heard, and did wrong.
import assert from 'node:assert/strict';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import { PATIENCE_MS, until } from '../../processes.ts';
import { fromPage, told } from '../../sealed.ts';
import { hearForbidden } from '../chromium.ts';

export interface Seen {
  context: BrowserContext;
  page: Page;
  errors: string[];
  heard: { at_ms: number };
}

/** Opens a browser that hears what its pages do wrong, and when a server last said something. */
export async function seen(browser: Browser, options: BrowserContextOptions): Promise<Seen> {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const errors: string[] = [];
  await hearForbidden(context, (what) => errors.push(what));
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => errors.push(String(error)));
  const heard = { at_ms: 0 };
  page.on('websocket', (socket) =>
    socket.on('framereceived', () => {
      heard.at_ms = Date.now();
    }),
  );
  return { context, page, errors, heard };
}

export abstract class Person implements Seen {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly errors: string[];
  readonly heard: { at_ms: number };

  constructor({ context, page, errors, heard }: Seen) {
    this.context = context;
    this.page = page;
    this.errors = errors;
    this.heard = heard;
  }

  /** Asks something with the session of a chair's page. */
  protected async asks<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const { meeting, session } = await this.page.evaluate(() =>
      JSON.parse(localStorage.getItem('pingyi/role/chair') ?? '{}'),
    );
    return told(fromPage(this.page), method, `/api/meetings/${meeting}/${path}`, { bearer: session, body });
  }
}

/** Waits until each of them hears the server again without being reloaded; the time that the last one took, in milliseconds. */
export async function comeBack(since_ms: number, ...people: Person[]): Promise<number> {
  for (const someone of people) await until('a page to come back by itself', () => someone.heard.at_ms > since_ms);
  return Math.max(...people.map(({ heard }) => heard.at_ms)) - since_ms;
}

/** Nothing went wrong on any page. */
export function nothingBroke(...people: Person[]): void {
  for (const someone of people) assert.deepEqual(someone.errors, []);
}
