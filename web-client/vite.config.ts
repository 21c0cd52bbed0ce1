// One page at a time: each HTML entry is built on its own (build.mjs), so that nothing is shared between
// pages and every page is one self-contained file. Knows nothing of the server but the marker `<!--first-->`.
import { defineConfig, type Plugin } from 'vite';

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
        else if (file.fileName.endsWith('.css')) style += file.source;
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

const here = new URL('.', import.meta.url).pathname;

export default defineConfig({
  // BigInt is newer than ES2018, but older than every engine that this page is meant for (Chromium 67, Safari 14).
  esbuild: {
    jsx: 'automatic',
    jsxImportSource: 'preact',
    supported: { bigint: true },
    legalComments: 'none',
  },
  build: {
    target: ['es2018'],
    cssTarget: ['chrome87', 'safari14'],
    // Three hundred bytes less than esbuild's own for the phone's page, whose size is limited (rule f2).
    minify: 'terser',
    terserOptions: {
      ecma: 2018,
      toplevel: true,
      compress: { passes: 3, module: true },
      format: { comments: false },
    },
    modulePreload: false,
    sourcemap: false,
    emptyOutDir: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
  resolve: { alias: { '#inlined': `${here}src/texts/inlined_${process.env.INLINED ?? 'zh'}.ts` } },
  plugins: [selfContained()],
});
