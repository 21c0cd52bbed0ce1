// Writes the table of characters that no text of a manifest may have, into the server, into tests/verify.py and into the page that
// checks records: they must agree to the character, for ever, whatever Unicode a machine has. It is made of Unicode 15.1 and not
// made again with another one: that would be another format. Run by hand, in this folder:
//   npm install --no-save @unicode/unicode-15.1.0 && node text_ranges.mjs
import { readFile, writeFile } from 'node:fs/promises';

const WIDTH = 110;
/** Blanks that a text may have. */
const BLANKS = [0x20, 0x3000];
/** Assigned, no blank and not ignorable, and yet drawn as nothing: a blank of Braille, a musical and a Khitan one. */
const DRAWN_AS_NOTHING = [0x2800, 0x16fe4, 0x1d159];
const CLASSES = [
  'General_Category/Control',
  'General_Category/Format',
  'General_Category/Surrogate',
  'General_Category/Private_Use',
  'General_Category/Unassigned',
  'General_Category/Line_Separator',
  'General_Category/Paragraph_Separator',
  'General_Category/Space_Separator',
  'Binary_Property/Default_Ignorable_Code_Point',
  'Binary_Property/Noncharacter_Code_Point',
];

const refused = new Uint8Array(0x110000);
for (const name of CLASSES) {
  const { default: points } = await import(`@unicode/unicode-15.1.0/${name}/code-points.mjs`);
  for (const point of points) refused[point] = 1;
}
for (const point of DRAWN_AS_NOTHING) refused[point] = 1;
for (const point of BLANKS) refused[point] = 0;

const ranges = [];
for (let from = 0; from < refused.length; from += 1) {
  if (!refused[from]) continue;
  let to = from;
  while (refused[to + 1]) to += 1;
  ranges.push(from === to ? from.toString(16) : `${from.toString(16)}-${to.toString(16)}`);
  from = to;
}
const lines = [''];
for (const range of ranges) {
  if (`${lines.at(-1)} ${range}`.length > WIDTH) lines.push('');
  lines.push(`${lines.pop()} ${range}`.trim());
}
const table = lines.join('\n');

/** Puts the table between what stands before and after it in a file. */
async function into(path, before, after) {
  const file = new URL(path, import.meta.url);
  const text = await readFile(file, 'utf8');
  const from = text.indexOf(before) + before.length;
  const to = text.indexOf(after, from);
  if (from < before.length || to < 0) throw new Error(`${path} has no place for the table`);
  await writeFile(file, text.slice(0, from) + table + text.slice(to));
}

await writeFile(new URL('../server/rules/src/ballot/text_ranges.txt', import.meta.url), `${table}\n`);
await into('../tests/verify.py', 'REFUSED = """\n', '\n"""');
await into('src/record/text_ranges.ts', 'export const REFUSED = `\n', '\n`;');
console.log(`${ranges.length} ranges, ${table.length} characters`);
