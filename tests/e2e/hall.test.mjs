// The hall's pages without a server: every state of projector, chair and print is opened in a real browser, and looked at by axe-core.
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

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
