// The hall's pages without a server: every state of projector, chair and print is opened in a real browser, and looked at by axe-core.
import assert from 'node:assert/strict';
import { BOX } from './scripted/box.ts';
import { test } from './scripted/fixtures.ts';
import { looksOf } from './scripted/looks.ts';
import { STATES } from './scripted/phone_states.ts';
import { NOW_MS } from './scripted/state.ts';
import { named } from './scripted/states.ts';
import { drawn, PAGES, type PageName, show, wrongWith } from './scripted/tab.ts';

test.describe.configure({ mode: 'parallel' });

const WAYS = [
  { size: [1920, 1080], language: 'zh', where: 'on a projector, in Chinese' },
  { size: [360, 640], language: 'en', where: 'on a small phone, in English' },
] as const;

/** So many looks are one test, so that workers share a page with a hundred of them. */
const A_TEST = 20;

for (const { size, language, where } of WAYS) {
  for (const name of Object.keys(PAGES) as PageName[]) {
    const all = looksOf(name);
    for (let from = 0; from < all.length; from += A_TEST) {
      const looks = all.slice(from, from + A_TEST);
      test(`f34 every state of the page ${name} holds ${where}, from ${looks[0][0]} on`, async ({ tab }) => {
        const opened = await tab(name, [...size], language);
        const faults: string[] = [];
        for (const [look, state, act] of looks) {
          await show(opened, state);
          await act(opened.page);
          await drawn(opened.page);
          for (const fault of await wrongWith(opened)) faults.push(`${look}: ${fault}`);
        }
        assert.deepEqual(faults, []);
      });
    }
  }
}

test('f34 every page is looked at in some state', () => {
  for (const name of Object.keys(PAGES) as PageName[]) assert.ok(looksOf(name).length > 0, name);
});

const letters = (text: string) => text.replace(/[\s-]+/g, '');

test('f100 f104 the wall shows the letters of the box, and then those of the rules with their code', async ({ tab }) => {
  const wall = await tab('screen', [1920, 1080], 'zh');
  const shows = async (name: string, where: string, with_code: boolean) => {
    const state = named(name);
    await show(wall, state);
    const shown = (await wall.page.locator(where).allInnerTexts()).join('');
    const { round, box_key } = state.projector.now;
    assert.equal(letters(shown), letters(round?.fingerprint ?? box_key?.fingerprint ?? ''), name);
    assert.equal(await wall.page.locator('.fingerprint-code img').count(), with_code ? 1 : 0, name);
  };
  for (const before of ['join', 'checkin']) await shows(before, '.box-letters b', false);
  for (const from of ['armed', 'open-waiting', 'open-turnout', 'open-off']) await shows(from, '.fingerprint-digits', true);
  await shows('open', '.foot-letters b', false);
  // Where the form is explained it takes turns with the code.
  await show(wall, named('opening'));
  await wall.page.locator('.opening-groups').waitFor();
  await wall.page.clock.setFixedTime(NOW_MS + 8_000);
  await wall.page.locator('.opening-rules .fingerprint-code img').waitFor();
});

test('f104 a phone shows the letters of the box, and then those of the rules', async ({ play }) => {
  const way = { size: [390, 844] as [number, number], language: 'zh' as const };
  const shown = async ({ page }: Awaited<ReturnType<typeof play>>) => letters(await page.locator('.digits').innerText());
  assert.equal(await shown(await play(STATES['rules-box'], way)), letters(BOX.fingerprint));
  assert.notEqual(await shown(await play(STATES['rules-code'], way)), letters(BOX.fingerprint));
});
