// The hall's pages without a server: every state of projector, chair and print is opened in a real browser, and looked at by axe-core.
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './chromium.mjs';
import { NOW_MS } from './scripted/state.mjs';
import { states } from './scripted/states.mjs';
import { openTab, show } from './scripted/tab.mjs';
import { openPhone, show as showPhone } from './pictures.mjs';
import { BOX } from './scripted/box.mjs';

const program = fileURLToPath(new URL('pictures-hall.mjs', import.meta.url));

/** Opens every state at that width in that language; answers with what was wrong. */
async function look(size, language) {
  const ran = spawn(process.execPath, [program, `size=${size}`, `language=${language}`, 'pictures=no']);
  let said = '';
  for (const stream of [ran.stdout, ran.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  const [code] = await once(ran, 'close');
  return { code, said };
}

// At once, one for each core: they only draw.
const looks = { zh: look(1920, 'zh'), en: look(360, 'en') };

test('f34 every state of the hall holds on the projector, in Chinese', async () => {
  const { code, said } = await looks.zh;
  assert.equal(code, 0, said);
});

test('f34 every state of the hall holds on a small phone, in English', async () => {
  const { code, said } = await looks.en;
  assert.equal(code, 0, said);
});

test('f100 f104 wall and phone show the letters of the box, and then those of the rules with their code', async () => {
  const browser = await launch();
  const letters = (text) => text.replace(/[\s-]+/g, '');
  const wall = await openTab(browser, 'screen', [1920, 1080], 'zh');
  const shows = async (name, where, with_code) => {
    const state = states.find((each) => each.name === name);
    await show(wall, state);
    const shown = (await wall.tab.locator(where).allInnerTexts()).join('');
    const { round, box_key } = state.projector.now;
    assert.equal(letters(shown), letters(round.fingerprint ?? box_key.fingerprint), name);
    assert.equal(await wall.tab.locator('.fingerprint-code img').count(), with_code ? 1 : 0, name);
  };
  for (const before of ['join', 'checkin']) await shows(before, '.box-letters b', false);
  for (const from of ['armed', 'open-waiting', 'open-turnout', 'open-off']) await shows(from, '.fingerprint-digits', true);
  await shows('open', '.foot-letters b', false);
  // Where the form is explained it takes turns with the code.
  await show(wall, states.find(({ name }) => name === 'opening'));
  await wall.tab.locator('.opening-groups').waitFor();
  await wall.tab.clock.setFixedTime(NOW_MS + 8_000);
  await wall.tab.locator('.opening-rules .fingerprint-code img').waitFor();
  const phone = await openPhone(browser, { size: [390, 844], language: 'zh' });
  await showPhone(phone, 'rules-box');
  assert.equal(letters(await phone.page.locator('.digits').innerText()), letters(BOX.fingerprint));
  await showPhone(phone, 'rules-code');
  assert.notEqual(letters(await phone.page.locator('.digits').innerText()), letters(BOX.fingerprint));
  await browser.close();
});
