// The hall's pages without a server: every state of projector, chair and print is opened in a real browser, and looked at by axe-core.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('pictures-hall.mjs', import.meta.url));

/** Opens every state at that width in that language; answers with what was wrong. */
function look(size, language) {
  const out = mkdtempSync(join(tmpdir(), 'hall-'));
  const ran = spawnSync(process.execPath, [program, `size=${size}`, `language=${language}`, `out=${out}`], {
    encoding: 'utf8',
  });
  rmSync(out, { recursive: true });
  return { code: ran.status, said: ran.stdout + ran.stderr };
}

test('f34 every state of the hall holds on the projector, in Chinese', () => {
  const { code, said } = look(1920, 'zh');
  assert.equal(code, 0, said);
});

test('f34 every state of the hall holds on a small phone, in English', () => {
  const { code, said } = look(360, 'en');
  assert.equal(code, 0, said);
});
