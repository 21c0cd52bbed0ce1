// One page at a time: each HTML entry is built on its own (build.mjs), so that nothing is shared between
// pages and every page is one self-contained file. Knows nothing of the server but the marker `<!--first-->`.
// Versions that are not the newest: Vite 8.4.0 names an optional package for Windows that the registry does not have, so that `npm ci`
// refuses its lock file; Vitest 5 breaks off on Node.js 20 as soon as a test fails.
import { minify } from 'terser';
import { defineConfig, type Plugin } from 'vite';

/**
 * Terser, for what a phone fetches, whose size is limited (rule f2): it comes after the bundler's own minifier, which Vite's way of
 * calling it does not. The other pages do without, because it would take most of the time of their build.
 */
function terse(): Plugin {
  return {
    name: 'terse',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        const made = await minify(file.code, {
          ecma: 2018,
          toplevel: true,
          // Constants stay where they were written: `x === 1` in place of `1 === x` repeats more, and packs to less.
          compress: { passes: 3, module: true, lhs_constants: false },
          format: { comments: false },
        });
        file.code = made.code ?? '';
      }
    },
  };
}

/** Puts scripts and styles into the page itself, after its content, as classic code that any browser since 2018 runs. */
function selfContained(): Plugin {
  return {
    name: 'self-contained',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = Object.values(bundle);
      const page = files.find((file) => file.fileName.endsWith('.html'));
      // later.js is no page.
      if (page?.type !== 'asset') return;
      let script = '';
      let style = '';
      for (const file of files) {
        if (file === page) continue;
        if (file.type === 'chunk') script += file.code;
        // Without the mark that Vite leaves at the end of a style.
        else if (file.fileName.endsWith('.css'))
          style += String(file.source).replace(/\/\*\$vite\$:\d+\*\//, '');
        else throw new Error(`the page would need another request: ${file.fileName}`);
        delete bundle[file.fileName];
      }
      page.source = inlined(String(page.source), script, style);
    },
  };
}

function inlined(html: string, script: string, style: string): string {
  const bare = html
    .replace(/\s*<script type="module"[^>]*><\/script>/g, '')
    .replace(/\s*<link rel="(?:stylesheet|modulepreload)"[^>]*>/g, '')
    .replace(/>\s+</g, '><')
    .trim();
  // A closing tag inside a string would end the script early.
  const code = script.trim().replace(/<\/(script)/gi, '<\\/$1');
  return bare
    .replace('</head>', () => `<style>${style.trim()}</style></head>`)
    .replace('</body>', () => `<script>${code}</script></body>`);
}

/** Whether this is built for phones: `build.mjs` says so. */
const isForPhones = process.env.FOR_PHONES === 'yes';

const here = new URL('.', import.meta.url).pathname;

export default defineConfig(({ command }) => ({
  // What is built calls `h`, which Preact has anyway and whose calls are shorter, in place of Preact's second maker of elements.
  oxc: {
    jsx:
      command === 'build'
        ? { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' }
        : { runtime: 'automatic', importSource: 'preact' },
  },
  build: {
    target: ['es2018'],
    cssTarget: ['chrome87', 'safari14', 'ios14'],
    minify: isForPhones ? false : 'oxc',
    rolldownOptions: {
      transform: {
        inject: { h: ['preact', 'h'], Fragment: ['preact', 'Fragment'] },
        // What older syntax would have to do more for than this code asks: `document.all`, and fields that hide a setter.
        assumptions: { noDocumentAll: true, setPublicClassFields: true },
      },
      // The bundler's own first: it shortens what its lowering to ES2018 made long and Terser leaves.
      ...(isForPhones ? { output: { minify: { compress: true, mangle: false, codegen: false } } } : {}),
      // BigInt is newer than ES2018, but older than every engine that this page is meant for (Chromium 67, Safari 14). That Terser takes
      // most of the time is known.
      checks: { toleratedTransform: false, bundlerTimings: false },
    },
    modulePreload: false,
    sourcemap: false,
    emptyOutDir: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    cssMinify: true,
    reportCompressedSize: false,
  },
  resolve: { alias: { '#inlined': `${here}src/texts/inlined_${process.env.INLINED ?? 'zh'}.ts` } },
  plugins: [...(isForPhones ? [terse()] : []), selfContained()],
}));
