// What is looked at on each page of the hall: its states, and windows and menus that a state alone does not open.
import assert from 'node:assert/strict';
import type { Page } from '@playwright/test';
import type { HallState } from './state.ts';
import { named, states } from './states.ts';
import { PAGES, type PageName } from './tab.ts';

/** A name, the state, and what is done there first. */
export type Look = [name: string, state: HallState, act: (page: Page) => Promise<unknown>];

/** A new evaluation asks for its form (rule f35); another step, or the only form of a meeting, is not asked for. */
async function addsEvaluation(page: Page): Promise<void> {
  await page.click('[data-open=add-step]');
  const fields = page.locator('.window select');
  assert.equal(await fields.count(), 1, 'f35: a step asks for nothing');
  await fields.first().selectOption('evaluation');
  await fields.nth(2).selectOption('zhibu');
  assert.equal(await fields.nth(2).locator('option').count(), 3, 'f35: the forms are asked for');
}

const presses = (opener: string) => (page: Page) => page.click(`[data-open=${opener}]`);

/** Windows and menus of the chair's page. */
const MOMENTS: Look[] = [
  ['help', named('turn'), (page) => page.keyboard.press('?')],
  ['deputy', named('turn'), presses('deputy')],
  ['void', named('open'), presses('void')],
  ['import', named('components'), presses('components')],
  [
    'explain',
    named('result'),
    async (page) => {
      await page.click('.result-table tbody tr:first-child .strong .figure');
      await page.waitForSelector('.way');
    },
  ],
  [
    'type-items',
    named('paper-items'),
    async (page) => {
      await page.click('[data-open=paper-C]');
      for (const key of '1120123') await page.keyboard.press(key);
    },
  ],
  [
    'type-numbers',
    named('paper-numbers'),
    async (page) => {
      await page.click('[data-open=paper-C]');
      await page.locator('.paper-cell input').first().fill('96');
      await page.locator('.paper-cell input').nth(1).fill('105');
    },
  ],
  ['slips-window', named('slips'), presses('slips-C')],
  [
    'slips-made',
    named('slips'),
    async (page) => {
      await page.click('[data-open=slips-C]');
      await page.locator('.window .hold').hover();
      await page.mouse.down();
      await page.locator('.window [data-print-slips]').waitFor();
      await page.mouse.up();
    },
  ],
  ['publish', named('result'), presses('publish')],
  ['agenda-menu', named('turn'), (page) => page.click('.step:nth-child(7) .step-more')],
  ['add-step', named('turn'), presses('add-step')],
  ['add-evaluation', named('several-forms'), addsEvaluation],
];

/** What is looked at on a page. */
export function looksOf(page: PageName): Look[] {
  const plain = states.filter(PAGES[page].only).map((state): Look => [state.name, state, async () => {}]);
  return page === 'chair' ? [...plain, ...MOMENTS] : plain;
}
