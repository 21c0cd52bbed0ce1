// Pictures of every state of projector, chair and print, the last as PDF too, for whoever looks at them.
import { mkdir } from 'node:fs/promises';
import { test } from '../e2e/scripted/fixtures.ts';
import { looksOf } from '../e2e/scripted/looks.ts';
import { drawn, PAGES, type PageName, show } from '../e2e/scripted/tab.ts';
import { FOLDER, isWanted, SIZES } from './wanted.ts';

for (const language of ['zh', 'en'] as const) {
  for (const size of SIZES) {
    for (const name of Object.keys(PAGES) as PageName[]) {
      const kind = `${name}-${language}-${size.join('x')}`;
      test(kind, async ({ tab }) => {
        await mkdir(FOLDER, { recursive: true });
        const opened = await tab(name, size, language);
        const isPrint = PAGES[name].file === 'print';
        for (const [look, state, act] of looksOf(name).filter(([look]) => isWanted(look))) {
          await show(opened, state);
          await act(opened.page);
          await drawn(opened.page);
          const path = `${FOLDER}/${kind}-${look}`;
          await opened.page.screenshot({ path: `${path}.png`, fullPage: isPrint || (name === 'chair' && size[0] < 500) });
          if (isPrint && size[0] === 1280) await opened.page.pdf({ path: `${path}.pdf`, preferCSSPageSize: true });
        }
      });
    }
  }
}
