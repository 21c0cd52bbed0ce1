// How long a tap takes on a sheet of 71 rows with six items, on a processor four times slower: from the input to the next
// frame, by the browser's own event timing. A benchmark, never an assertion: `node tests/bench/tap.mjs` after
// `npm run build` in web-client.
import { launch } from '../e2e/chromium.mjs';
import { plan } from '../e2e/scripted/phone_meeting.mjs';
import { STATES } from '../e2e/scripted/phone_states.mjs';
import { play } from '../e2e/pictures.mjs';

const SUBJECTS = 71;
const TAPS = 50;
const SLOWER = 4;
/** What the browser does not tell is below this. */
const LEAST_MS = 16;

const subjects = Array.from({ length: SUBJECTS }, (_, at) => ({
  ...STATES['sheet-items'].plan.subjects[0],
  id: at + 1,
  branch: `第${at + 1}党支部`,
}));
const items = STATES['sheet-items'].plan.items;
const bands = STATES['sheet-numbers'].plan.scale;

/** An open round over all subjects; the plan says what a row is. */
function sheetOf(more) {
  const { view, kept, ...open } = STATES['lamp-open'];
  const round = { ...view.now.round, subjects: subjects.map(({ id }) => id) };
  const filled = { ...kept, 'draft/abcd1234': '{}', 'seat/abcd1234': kept['seat/abcd1234'] };
  return {
    ...open,
    plan: plan({ subjects, own_branch: 'allowed', ...more }),
    kept: filled,
    view: { ...view, now: { ...view.now, round } },
    act: [(page) => page.locator('footer .primary').click(), (page) => page.waitForSelector('.rows .row')],
  };
}

/** Taps as often as asked, and waits for the frame after each; the durations that the browser told. */
async function taps(page, targetOf) {
  await page.evaluate((least_ms) => {
    globalThis.told = new Map();
    new PerformanceObserver((list) => {
      for (const { interactionId, duration, processingStart, processingEnd } of list.getEntries()) {
        if (!interactionId) continue;
        const [longest, handled] = told.get(interactionId) ?? [0, 0];
        told.set(interactionId, [Math.max(longest, duration), handled + processingEnd - processingStart]);
      }
    }).observe({ type: 'event', durationThreshold: least_ms });
  }, LEAST_MS);
  for (let number = 0; number < TAPS; number += 1) {
    const target = await targetOf(number);
    await target.click({ force: true });
  }
  await page.waitForTimeout(500);
  const told = await page.evaluate(() => [...globalThis.told.values()]);
  const untold = new Array(Math.max(0, TAPS - told.length)).fill([LEAST_MS, 0]);
  return [0, 1].map((which) => [...untold, ...told].map((figures) => figures[which]).sort((a, b) => a - b));
}

/** Scrolled to before it is tapped: the scrolling is not measured. */
async function seen(locator) {
  await locator.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  return locator;
}

const rowOf = (page, number) => page.locator('.rows > .row').nth((number * 17) % SUBJECTS);

const WAYS = {
  'one mark a row': [{}, (page) => (number) => seen(rowOf(page, number).locator('.mark').nth(number % 4))],
  'a number a row, one step': [
    { scale: bands, numeric: 100 },
    (page) => async (number) => {
      const row = rowOf(page, number);
      await row.locator('input').fill(String(30 + number));
      return seen(row.locator('.step').last());
    },
  ],
  'an item of a row': [
    { items },
    (page) => async (number) => {
      if (number === 0) await rowOf(page, 0).locator('.fill button').click();
      if (number % 6 === 0 && number > 0) await page.locator('.row-page nav button').last().click();
      return seen(page.locator('.row-page section').nth(number % 6).locator('.mark').nth(number % 4));
    },
  ],
  'opening a row': [
    { items },
    (page) => async (number) => {
      if (number > 0) await page.goBack();
      return seen(rowOf(page, number).locator('.fill button'));
    },
  ],
};

const browser = await launch();
console.log(`${SUBJECTS} rows, ${TAPS} taps each, processor ${SLOWER} times slower; median / p99 in ms`);
console.log(`${''.padEnd(28)}${'to the frame'.padEnd(16)}in the page's own code`);
for (const [name, [more, targets]] of Object.entries(WAYS)) {
  const { context, page } = await play(browser, sheetOf(more), { size: [390, 844], language: 'zh', textSize: 0 });
  if (more.items || more.numeric) await page.waitForSelector('.fill > *');
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const [frames, handlers] = await taps(page, targets(page));
  const at = (all, share) => Math.round(all[Math.min(all.length - 1, Math.floor(all.length * share))]);
  const told = [frames, handlers].map((all) => `${at(all, 0.5)} / ${at(all, 0.99)}`);
  console.log(`${name.padEnd(28)}${told[0].padEnd(16)}${told[1]}`);
  await context.close();
}
await browser.close();
