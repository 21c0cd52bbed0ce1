// Builds each page into one self-contained file in dist/, the phone's once for each language; beside it the two things
// that a phone fetches once it is there: papers.js, and the texts of the language that its voter chooses; and kiosk.js, with which
// the same page is one for a shared tablet.
// `node build.mjs index chair` builds only those pages.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, createServer } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const asked = process.argv.slice(2);
const pages = asked.length > 0 ? asked : ['index', 'chair', 'screen', 'print', 'verify'];

async function buildPage(page, inlined) {
  process.env.INLINED = inlined;
  await build({
    root: here,
    configFile: `${here}/vite.config.ts`,
    logLevel: 'warn',
    build: {
      rollupOptions: {
        input: `${here}/${page}.html`,
        output: { format: 'iife', inlineDynamicImports: true },
      },
    },
  });
}

async function buildPart(source, name) {
  await build({
    root: here,
    configFile: `${here}/vite.config.ts`,
    logLevel: 'warn',
    build: {
      rollupOptions: {
        input: `${here}/src/${source}`,
        output: { format: 'iife', entryFileNames: name },
      },
    },
  });
}

async function writeTexts() {
  const server = await createServer({
    root: here,
    configFile: `${here}/vite.config.ts`,
    logLevel: 'warn',
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
    appType: 'custom',
  });
  const { fetched } = await server.ssrLoadModule('/src/texts/fetched.ts');
  for (const [language, texts] of Object.entries(fetched)) {
    await writeFile(`${here}/dist/texts/${language}.json`, JSON.stringify(texts));
  }
  await server.close();
}

await mkdir(`${here}/dist/texts`, { recursive: true });
for (const page of pages) {
  if (page === 'index') {
    await buildPage(page, 'en');
    await rename(`${here}/dist/index.html`, `${here}/dist/index.en.html`);
    await buildPart('papers_page.ts', 'papers.js');
    await buildPart('kiosk_page.ts', 'kiosk.js');
    await writeTexts();
  }
  await buildPage(page, 'zh');
}
