// Runs the page's own verifier over a file of records for the tests: a line a record, its proof and the whole
// record, in base64, `-` for none, with blanks between; an exit code a line, as tests/verify.py prints them.
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const server = await createServer({
  root: here,
  configFile: `${here}/vite.config.ts`,
  logLevel: 'warn',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  appType: 'custom',
});
const { verifyRecord, verifyTogether, verifyFraud, endsWith } =
  await server.ssrLoadModule('/src/record/verify.ts');
const { Fault } = await server.ssrLoadModule('/src/record/format.ts');
const watching = { progress: () => {}, breathe: async () => {} };
const lines = (await readFile(process.argv[2], 'utf8'))
  .split('\n')
  .filter((_line, at, all) => at < all.length - 1);
for (const line of lines) {
  const [record, proof, whole] = line
    .split(' ')
    .map((part) => (part === '-' ? null : new Uint8Array(Buffer.from(part, 'base64'))));
  try {
    if (record === null) {
      verifyFraud(proof);
      console.log(4);
      continue;
    }
    const found = whole
      ? await verifyTogether(record, whole, proof, watching)
      : await verifyRecord(record, proof, watching);
    console.log(endsWith(found));
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    console.log(10 + fault.check);
  }
}
await server.close();
