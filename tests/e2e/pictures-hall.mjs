// Pictures of the hall's pages without a server: projector, chair and print in every state, four sizes, two languages.
// Rule f34: axe-core looks at each, and anything serious or too wide fails. After `npm run build` in web-client:
//   node tests/e2e/pictures-hall.mjs [page=chair] [only=turn,closed] [size=1920] [language=zh] [out=DIR | pictures=no]
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launch } from './chromium.mjs';
import { states } from './scripted/states.mjs';
import { drawn, openTab, PAGES, show, wrongWith } from './scripted/tab.mjs';

const asked = Object.fromEntries(process.argv.slice(2).map((argument) => argument.split('=')));
const out = asked.out ?? fileURLToPath(new URL('../../target/pictures', import.meta.url));
const takesPictures = asked.pictures !== 'no';
const isAsked = (what, value) => asked[what] === undefined || asked[what].split(',').includes(String(value));
const SIZES = [
  [360, 640],
  [390, 844],
  [1280, 800],
  [1920, 1080],
];

/** A new evaluation asks for its form (rule f35); another step, or the only form of a meeting, is not asked for. */
async function addsEvaluation(tab) {
  await tab.click('[data-open=add-step]');
  const fields = tab.locator('.window select');
  const before = await fields.count();
  await fields.first().selectOption('evaluation');
  await fields.nth(2).selectOption('zhibu');
  if (before !== 1 || (await fields.nth(2).locator('option').count()) !== 3) throw new Error('f35: the forms are not asked for');
}

/** Windows and menus of the chair's page that a state alone does not open: the state, and what is done there. */
const MOMENTS = {
  help: ['turn', (tab) => tab.keyboard.press('?')],
  deputy: ['turn', (tab) => tab.click('[data-open=deputy]')],
  void: ['open', (tab) => tab.click('[data-open=void]')],
  import: ['components', (tab) => tab.click('[data-open=components]')],
  explain: [
    'result',
    async (tab) => {
      await tab.click('.result-table tbody tr:first-child .strong .figure');
      await tab.waitForSelector('.way');
    },
  ],
  'type-items': [
    'paper-items',
    async (tab) => {
      await tab.click('[data-open=paper-C]');
      for (const key of '1120123') await tab.keyboard.press(key);
    },
  ],
  'type-numbers': [
    'paper-numbers',
    async (tab) => {
      await tab.click('[data-open=paper-C]');
      await tab.locator('.paper-cell input').first().fill('96');
      await tab.locator('.paper-cell input').nth(1).fill('105');
    },
  ],
  'slips-window': ['slips', (tab) => tab.click('[data-open=slips-C]')],
  'slips-made': [
    'slips',
    async (tab) => {
      await tab.click('[data-open=slips-C]');
      await tab.locator('.window .hold').hover();
      await tab.mouse.down();
      await tab.locator('.window [data-print-slips]').waitFor();
      await tab.mouse.up();
    },
  ],
  publish: ['result', (tab) => tab.click('[data-open=publish]')],
  'agenda-menu': ['turn', (tab) => tab.click('.step:nth-child(7) .step-more')],
  'add-step': ['turn', (tab) => tab.click('[data-open=add-step]')],
  'add-evaluation': ['several-forms', addsEvaluation],
};

/** What is looked at on a page: a name, the state, and what is done there first. */
function shotsOf(page) {
  const plain = states.filter(PAGES[page].only).map((state) => [state.name, state, async () => {}]);
  const opened = Object.entries(MOMENTS).map(([name, [stateName, moment]]) => [
    name,
    states.find((state) => state.name === stateName),
    moment,
  ]);
  return [...plain, ...(page === 'chair' ? opened : [])].filter(([name]) => isAsked('only', name));
}

async function takePicture(tab, page, [width], path) {
  const isPrint = PAGES[page].file === 'print';
  await tab.screenshot({ path: `${path}.png`, fullPage: isPrint || (page === 'chair' && width < 500) });
  if (isPrint && width === 1280) await tab.pdf({ path: `${path}.pdf`, preferCSSPageSize: true });
}

const browser = await launch();
let seen = 0;
let failed = 0;
for (const size of SIZES.filter(([width]) => isAsked('size', width))) {
  for (const language of ['zh', 'en'].filter((each) => isAsked('language', each))) {
    const folder = `${out}/${size.join('x')}-${language}`;
    if (takesPictures) await mkdir(folder, { recursive: true });
    for (const page of Object.keys(PAGES).filter((each) => isAsked('page', each))) {
      const opened = await openTab(browser, page, size, language);
      for (const [name, state, moment] of shotsOf(page)) {
        await show(opened, state);
        await moment(opened.tab);
        await drawn(opened.tab);
        if (takesPictures) await takePicture(opened.tab, page, size, `${folder}/${page}-${name}`);
        const wrong = await wrongWith(opened);
        for (const each of wrong) console.log(`${page}-${name} ${size.join('x')} ${language}: ${each}`);
        seen += 1;
        failed += wrong.length;
      }
      await opened.context.close();
    }
  }
}
await browser.close();
console.log(`${seen} states looked at, ${failed} faults${takesPictures ? `, pictures in ${out}` : ''}`);
process.exitCode = failed > 0 || seen === 0 ? 1 : 0;
