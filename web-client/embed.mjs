// What the server embeds, made of what was built: each page cut where the server puts in the first view, with both halves compressed
// here once, so that a request costs no compression of a whole page; and what a phone fetches later, as it is and as gzip.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';

/** Where a page takes the first view. */
const MARKER = '<!--first-->';
const PAGES = ['index', 'index.en', 'chair', 'screen', 'print', 'verify'];
/** Pages with a policy: those above, and the phone's for a shared tablet. */
const POLICIES = [...PAGES, 'kiosk', 'kiosk.en'];
/** What a phone's page fetches once it is there. */
const PARTS = ['later.js', 'kiosk.js', 'texts/zh.json', 'texts/en.json'];

async function cut(page, dist, out) {
  const html = await readFile(`${dist}/${page}.html`);
  const place = html.indexOf(MARKER);
  if (place < 0) throw new Error(`${page}.html has no ${MARKER}`);
  const halves = [
    // Others can follow a full flush; the tail ends the stream.
    ['head', html.subarray(0, place), constants.Z_FULL_FLUSH],
    ['tail', html.subarray(place + MARKER.length), constants.Z_FINISH],
  ];
  for (const [name, bytes, finishFlush] of halves) {
    await writeFile(`${out}/${page}.${name}.html`, bytes);
    await writeFile(`${out}/${page}.${name}.deflate`, deflateRawSync(bytes, { level: 9, finishFlush }));
  }
}

/** Writes everything that the server embeds into `embedded/` of what was built. */
export async function embed(dist) {
  const out = `${dist}/embedded`;
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  for (const page of PAGES) await cut(page, dist, out);
  for (const name of POLICIES) await copyFile(`${dist}/${name}.policy`, `${out}/${name}.policy`);
  for (const part of PARTS) {
    const bytes = await readFile(`${dist}/${part}`);
    await writeFile(`${out}/${basename(part)}`, bytes);
    await writeFile(`${out}/${basename(part)}.gz`, gzipSync(bytes, { level: 9 }));
  }
}
