// Writes server/src/notices.txt: whose code is in the binary and in its pages, and under what licence. `node server/notices.mjs` after
// a dependency changed; rule y8 says when. It needs the packages: `cargo fetch`, and `npm ci` in web-client.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function cargo(...how) {
  const done = spawnSync('cargo', how, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout;
}

/** The crates that end up in the binary, on whatever system it is built for: none that only build or test it. */
function crates() {
  const inTree = new Set(
    cargo('tree', '--locked', '-p', 'pingyi', '-e', 'normal,no-proc-macro', '--target', 'all', '--prefix', 'none', '--format', '{p}')
      .split('\n')
      .map((line) => line.split(' ').slice(0, 2).join(' ')),
  );
  return JSON.parse(cargo('metadata', '--locked', '--format-version', '1')).packages
    .filter((one) => one.source !== null && inTree.has(`${one.name} v${one.version}`))
    .map((one) => ({ name: one.name, version: one.version, licence: one.license, folder: dirname(one.manifest_path) }));
}

/** The packages that end up in pages. */
function packages() {
  const client = join(root, 'web-client');
  const lock = JSON.parse(readFileSync(join(client, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([path, one]) => path !== '' && !one.dev && !one.devOptional)
    .map(([path, one]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: one.version,
      licence: one.license,
      folder: join(client, path),
    }));
}

/** The texts of a package's licences; of one with a choice that has MIT's, only that. */
function texts({ folder, licence }) {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|unlicense)/i.test(file) && !/\.(rs|js|ts|html)$/.test(file));
  const mit = files.filter((file) => /mit/i.test(file));
  const chosen = /\bOR\b|\//.test(licence) && !/\bAND\b/.test(licence) && mit.length > 0 ? mit : files;
  const read = (file) => {
    try {
      return readFileSync(join(folder, file), 'utf8').replace(/\r/g, '').replace(/[ \t]+$/gm, '').trim();
    } catch {
      return '';
    }
  };
  return chosen.sort().map(read).filter((text) => text !== '');
}

const all = [...crates(), ...packages()].sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
/** @type {Map<string, string[]>} each text once, with whose it is */
const holders = new Map();
for (const one of all) {
  for (const text of texts(one)) holders.set(text, [...(holders.get(text) ?? []), `${one.name} ${one.version}`]);
}
const list = all.map((one) => `${one.name} ${one.version}: ${one.licence}`);
const parts = [...holders].map(([text, names]) => `${'-'.repeat(78)}\n${names.join(', ')}\n\n${text}`);
const head = `Pingyi contains code of others. Each package is listed with its licence; the texts follow, each once.\nSQLite, which libsqlite3-sys brings, is in the public domain.`;
writeFileSync(join(root, 'server/src/notices.txt'), `${head}\n\n${list.join('\n')}\n\n${parts.join('\n\n')}\n`);
