// Prints what each built file weighs, as the server sends it: one gzip of the whole file at level 9.
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const files = [
  { name: 'index.html', limit: 30_000 },
  { name: 'index.en.html', limit: 30_000 },
  { name: 'later.js', limit: 40_000 },
  { name: 'kiosk.js' },
  { name: 'texts/zh.json' },
  { name: 'texts/en.json' },
  { name: 'chair.html' },
  { name: 'screen.html' },
  { name: 'print.html' },
  { name: 'verify.html' },
];
for (const { name, limit } of files) {
  const bytes = await readFile(new URL(`./dist/${name}`, import.meta.url));
  const packed = gzipSync(bytes, { level: 9 }).length;
  const isOver = limit !== undefined && packed > limit;
  if (isOver) process.exitCode = 1;
  const verdict = limit === undefined ? '' : `  limit ${limit}${isOver ? '  TOO LARGE' : ''}`;
  console.log(
    `${name.padEnd(14)} ${String(bytes.length).padStart(7)} bytes ${String(packed).padStart(6)} gzip${verdict}`,
  );
}
