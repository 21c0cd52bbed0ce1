// Check 16: a public record and the whole one are one count. What is public is then exactly what follows from the ballots, though
// nobody who has only the public file could tell.
import { equal } from '../crypto/bytes';
import { canonical, type Json } from './canonical';
import { demand, isFirst } from './format';
import { reasonsOf } from './sums';
import type { Checked } from './verify';

const isSame = (one: unknown, other: unknown) =>
  one === other || (!!one && !!other && canonical(one as Json) === canonical(other as Json));

export function checkTogether(told: Checked, held: Checked): void {
  const [file, whole] = [told.file, held.file];
  demand(whole.ballots !== undefined, 16, 'ballots');
  demand(isSame(file.manifest, whole.manifest), 16, 'manifest');
  const leaves = told.leaves.length === held.leaves.length && file.root === whole.root;
  demand(leaves && told.leaves.every((leaf, at) => equal(leaf, held.leaves[at] as Uint8Array)), 16, 'leaves');
  for (const name of ['issuance', 'left_out'] as const) demand(isSame(file[name], whole[name]), 16, name);
  const visible = reasonsOf(whole.manifest, whole.tally);
  const reasons = visible.length === 0 && held.hasSmallChannel ? ['channel'] : visible;
  if (file.ballots !== undefined) {
    demand(reasons.length === 0, 16, 'sealed');
    demand(isSame(file.paper, whole.paper), 16, 'paper');
  } else if (file.tally !== null && !isFirst(file.manifest)) {
    demand(isSame(file.sealed, reasons), 16, 'sealed');
  }
  if (file.tally === null) return;
  demand(isSame(file.imported, whole.imported), 16, 'imported');
  file.tally.rows.forEach((row, at) => {
    demand(isSame(row, whole.tally?.rows[at]), 16, `c${row.c}`);
  });
  demand(isSame(file.tally, whole.tally), 16, 'tally');
}
