// Pictures of every state of the phone, and one sheet of all pictures of a kind, for whoever looks at them.
import { mkdir, readFile } from 'node:fs/promises';
import { test } from '../e2e/scripted/fixtures.ts';
import { type PhoneState, show } from '../e2e/scripted/phone.ts';
import { STATES } from '../e2e/scripted/phone_states.ts';
import { FOLDER, isWanted, SIZES } from './wanted.ts';

for (const language of ['zh', 'en'] as const) {
  for (const size of SIZES) {
    for (const textSize of [0, 2] as const) {
      const kind = `phone-${language}-${size.join('x')}${textSize ? '-large' : ''}`;
      test(kind, async ({ phone, page }) => {
        await mkdir(FOLDER, { recursive: true });
        const opened = await phone({ size, language, textSize });
        const figures: string[] = [];
        for (const [name, state] of Object.entries<PhoneState>(STATES).filter(([name]) => isWanted(name))) {
          await show(opened, state);
          const path = `${FOLDER}/${kind}-${name}.png`;
          await opened.page.screenshot({ path });
          const image = (await readFile(path)).toString('base64');
          figures.push(`<figure><img src="data:image/png;base64,${image}"><figcaption>${name}</figcaption></figure>`);
        }
        await page.setViewportSize({ width: 1800, height: 900 });
        await page.setContent(`<style>body{margin:8px;background:#888;display:flex;flex-wrap:wrap;gap:8px;align-items:start}
          figure{margin:0}img{display:block;max-width:430px;max-height:860px}figcaption{font:14px sans-serif;color:#fff}</style>${figures.join('')}`);
        await page.screenshot({ path: `${FOLDER}/${kind}.png`, fullPage: true });
      });
    }
  }
}
