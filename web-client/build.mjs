// Builds each page into one self-contained file in dist/, the phone's once for each language; beside it the two things
// that a phone fetches once it is there: later.js, and the texts of the language that its voter chooses; and kiosk.js, with which
// the same page is one for a shared tablet. And of each page what it may run and ask.
// `node build.mjs index chair` builds only those pages.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, createServer } from 'vite';
import { embed } from './embed.mjs';
import { asHeader, policyOf } from './policy.mjs';

const here = dirname(fileURLToPath(import.meta.url));
/** Where a page names its policy itself. */
const OWN_POLICY = 'content="the policy of this page"';
const asked = process.argv.slice(2);
const pages = asked.length > 0 ? asked : ['index', 'chair', 'screen', 'print', 'verify'];

async function buildPage(page, inlined) {
  process.env.INLINED = inlined;
  process.env.FOR_PHONES = page === 'index' ? 'yes' : 'no';
  await build({
    root: here,
    configFile: `${here}/vite.config.ts`,
    logLevel: 'warn',
    build: {
      rolldownOptions: {
        input: `${here}/${page}.html`,
        output: { format: 'iife', codeSplitting: false },
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
      rolldownOptions: {
        input: `${here}/src/${source}`,
        output: { format: 'iife', entryFileNames: name },
      },
    },
  });
}

/** What modules of the client say, which know no browser. */
async function said(...modules) {
  const server = await createServer({
    root: here,
    configFile: `${here}/vite.config.ts`,
    logLevel: 'warn',
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
    appType: 'custom',
  });
  const loaded = [];
  for (const module of modules) loaded.push(await server.ssrLoadModule(module));
  await server.close();
  return Object.assign({}, ...loaded);
}

async function writeTexts(fetched) {
  for (const [language, texts] of Object.entries(fetched)) {
    await writeFile(`${here}/dist/texts/${language}.json`, JSON.stringify(texts));
  }
}

/** Writes what a built page may do; one that must say so itself, because it is opened from a disk too, says it. */
async function writePolicy(page, file, brought, name = file) {
  const html = await readFile(`${here}/dist/${file}.html`, 'utf8');
  const policy = policyOf(page, html, brought);
  await writeFile(`${here}/dist/${name}.policy`, asHeader(policy));
  if (html.includes(OWN_POLICY)) {
    await writeFile(
      `${here}/dist/${file}.html`,
      html.replace(OWN_POLICY, () => `content="${policy}"`),
    );
  }
}

await mkdir(`${here}/dist/texts`, { recursive: true });
for (const page of pages) {
  if (page === 'index') {
    await buildPage(page, 'en');
    await rename(`${here}/dist/index.html`, `${here}/dist/index.en.html`);
    await buildPart('phone/later/entry.ts', 'later.js');
    await buildPart('phone/tablet/entry.ts', 'kiosk.js');
  }
  await buildPage(page, 'zh');
}
// After everything was built: a server before it would make each build one for development.
const { fetched, DRAWN_STYLE, KIOSK_STYLE, paperRule } = await said(
  '/src/texts/fetched.ts',
  '/src/phone/later/style.ts',
  '/src/phone/tablet/style.ts',
  '/src/print/paper_rule.ts',
);
/** The styles that scripts bring into their pages, whole and exactly as they do: each is allowed by its hash. */
const broughtStyles = {
  phone: [DRAWN_STYLE],
  kiosk: [DRAWN_STYLE, KIOSK_STYLE],
  print: [paperRule('portrait'), paperRule('landscape')],
};
for (const page of pages) {
  if (page !== 'index') {
    await writePolicy(page, page, broughtStyles[page]);
    continue;
  }
  await writeTexts(fetched);
  for (const language of ['', '.en']) {
    await writePolicy(page, `index${language}`, broughtStyles.phone);
    await writePolicy(page, `index${language}`, broughtStyles.kiosk, `kiosk${language}`);
  }
}
// Only a whole build is embedded.
if (asked.length === 0) await embed(`${here}/dist`);
