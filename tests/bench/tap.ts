// How long a tap takes on a sheet of 71 rows with six items, on a processor four times slower: from the input to the next
// frame, by the browser's own event timing. A benchmark, never an assertion: `npm --prefix tests run taps` after
// `npm run build` in web-client.

import { type Locator, type Page, test } from '@playwright/test';
import type { PlanView } from '#protocol';
import { type PhoneState, play } from '../e2e/scripted/phone.ts';
import { kept, papers, plan, round, view } from '../e2e/scripted/phone_meeting.ts';
import { STATES } from '../e2e/scripted/phone_states.ts';

declare global {
  interface Window {
    /** Interaction → its longest duration, and the time in its handlers, in milliseconds. */
    taps: Map<number, [longest: number, handled: number]>;
  }
}

const SUBJECTS = 71;
const TAPS = 50;
const SLOWER = 4;
/** What the browser does not tell is below this. */
const LEAST_MS = 16;

const { items, subjects: some } = STATES['sheet-items'].plan;
const bands = STATES['sheet-numbers'].plan.scale;
const subjects = Array.from({ length: SUBJECTS }, (_, at) => ({ ...some[0], id: at + 1, branch: `第${at + 1}党支部` }));

/** An open round over all subjects; the plan says what a row is. */
function sheetOf(more: Partial<PlanView>): PhoneState {
  return {
    plan: plan({ subjects, own_branch: 'allowed', ...more }),
    kept: kept({}, papers),
    view: view({ step: 21, round: round('open', { subjects: subjects.map(({ id }) => id) }) }),
    act: [(page) => page.locator('footer .primary').click(), (page) => page.waitForSelector('.rows .row')],
  };
}

/** Taps as often as asked, and waits for the frame after each; the durations that the browser told. */
async function taps(
  page: Page,
  targetOf: (number: number) => Promise<Locator>,
): Promise<[frames: number[], handlers: number[]]> {
  await page.evaluate((least_ms) => {
    window.taps = new Map();
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as PerformanceEventTiming[]) {
        const { interactionId, duration, processingStart, processingEnd } = entry;
        if (!interactionId) continue;
        const [longest, handled] = window.taps.get(interactionId) ?? [0, 0];
        window.taps.set(interactionId, [Math.max(longest, duration), handled + processingEnd - processingStart]);
      }
    }).observe({ type: 'event', durationThreshold: least_ms } as PerformanceObserverInit);
  }, LEAST_MS);
  for (let number = 0; number < TAPS; number += 1) {
    const target = await targetOf(number);
    await target.click({ force: true });
  }
  // An observer hears of a tap after the frame that follows it: two more frames, and whatever is told was told.
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  );
  const told = await page.evaluate(() => [...window.taps.values()]);
  const all = [...Array.from({ length: Math.max(0, TAPS - told.length) }, (): [number, number] => [LEAST_MS, 0]), ...told];
  const sorted = (which: 0 | 1) => all.map((figures) => figures[which]).sort((a, b) => a - b);
  return [sorted(0), sorted(1)];
}

/** Scrolled to before it is tapped: the scrolling is not measured. */
async function seen(locator: Locator): Promise<Locator> {
  await locator.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  return locator;
}

const rowOf = (page: Page, number: number) => page.locator('.rows > .row').nth((number * 17) % SUBJECTS);

/** A form, and what is tapped on it. */
type Way = [more: Partial<PlanView>, targetOf: (page: Page, number: number) => Promise<Locator>];
const WAYS: Record<string, Way> = {
  'one mark a row': [
    {},
    (page, number) =>
      seen(
        rowOf(page, number)
          .locator('.mark')
          .nth(number % 4),
      ),
  ],
  'a number a row, one step': [
    { scale: bands, numeric: 100 },
    async (page, number) => {
      const row = rowOf(page, number);
      await row.locator('input').fill(String(30 + number));
      return seen(row.locator('.step').last());
    },
  ],
  'an item of a row': [
    { items },
    async (page, number) => {
      if (number === 0) await rowOf(page, 0).locator('.fill button').click();
      if (number % 6 === 0 && number > 0) await page.locator('.row-page nav button').last().click();
      return seen(
        page
          .locator('.row-page section')
          .nth(number % 6)
          .locator('.mark')
          .nth(number % 4),
      );
    },
  ],
  'opening a row': [
    { items },
    async (page, number) => {
      if (number > 0) await page.goBack();
      return seen(rowOf(page, number).locator('.fill button'));
    },
  ],
};

for (const [name, [more, targetOf]] of Object.entries(WAYS)) {
  test(name, async ({ browser }) => {
    const { context, page } = await play(browser, sheetOf(more), { size: [390, 844], language: 'zh' });
    if (more.items || more.numeric) await page.waitForSelector('.fill > *');
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    const figures = await taps(page, (number) => targetOf(page, number));
    const at = (all: number[], share: number) => Math.round(all[Math.min(all.length - 1, Math.floor(all.length * share))]);
    const [frame, code] = figures.map((all) => `${at(all, 0.5)} / ${at(all, 0.99)} ms`);
    console.log(
      `${name}: ${frame} to the frame, ${code} in the page's own code (${SUBJECTS} rows, ${SLOWER} times slower; p50 / p99)`,
    );
    await context.close();
  });
}
