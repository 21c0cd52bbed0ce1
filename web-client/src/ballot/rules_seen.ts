// What this phone has seen of the rules of a meeting: its first box key, and for each round the first manifest that this key signed.
// Nothing in it is secret. It must not know a screen. Rules f101 to f103 of tests/SPEC.md.

import type { Storage } from '../browser/storage';
import type { BoxKeyView, RoundView } from '../protocol';
import { fraudOf, isPromised, type SignedManifest } from '../record/fraud';
import { isStrictlySigned } from '../record/strict';
import { readCode } from './rules_code';

/** What the newest view says. */
export interface CurrentRules {
  meeting: string;
  box: BoxKeyView | null;
  round: RoundView | null;
}

export type RulesVerdict =
  /** Nothing to say but what is shown. */
  | { is: 'nothing' }
  /** The wall has the same manifest. */
  | { is: 'same' }
  /** The wall's code is that of another round. */
  | { is: 'other_round'; round: number }
  /** The wall's code is not signed by this meeting's box, or is of a manifest that is not this phone's. */
  | { is: 'other_wall' }
  /** The server shows another box key than the first one. */
  | { is: 'other_box' }
  /** The box did not sign the manifest that the server shows. */
  | { is: 'unsigned' }
  /** Two manifests of a round: the file to keep. */
  | { is: 'fraud'; round: number; proof: string };

const boxName = (meeting: string) => `box/${meeting}`;
const rulesName = (meeting: string, round: number) => `rules/${meeting}/${round}`;
const fraudName = (meeting: string, round: number | '') => `fraud/${meeting}/${round}`;

/** What signatures were found to be: views come often, and rarely with another one. */
const checked = new Map<string, boolean>();
const CHECKED_MAX = 64;

function isGood(key: string, meeting: string, round: number, promised: SignedManifest): boolean {
  const text = [key, meeting, round, promised.hash, promised.signature].join(' ');
  if (checked.size >= CHECKED_MAX) checked.clear();
  const isOne = checked.get(text) ?? isPromised(isStrictlySigned, key, meeting, round, promised);
  checked.set(text, isOne);
  return isOne;
}

/** The box key that this phone goes by: the first one that it saw. Nothing in a meeting that has none. */
export function boxOf(
  storage: Storage,
  { meeting, box }: Pick<CurrentRules, 'meeting' | 'box'>,
): string | null {
  const kept = storage.get(boxName(meeting));
  if (kept === null && box) storage.set(boxName(meeting), box.key);
  return kept ?? box?.key ?? null;
}

/** Keeps the first manifest that was signed for a round; of the second one a proof stays, whatever is shown later. */
function remember(
  storage: Storage,
  key: string,
  meeting: string,
  round: number,
  promised: SignedManifest,
): void {
  const kept = storage.get(rulesName(meeting, round));
  if (kept === null) {
    storage.set(rulesName(meeting, round), JSON.stringify(promised));
    return;
  }
  const first = JSON.parse(kept) as SignedManifest;
  if (first.hash !== promised.hash && storage.get(fraudName(meeting, round)) === null)
    storage.set(fraudName(meeting, round), fraudOf(key, meeting, round, first, promised));
}

function fraudIn(storage: Storage, meeting: string): RulesVerdict | null {
  const [name] = storage.names(fraudName(meeting, ''));
  if (name === undefined) return null;
  const round = Number(name.slice(fraudName(meeting, '').length));
  return { is: 'fraud', round, proof: storage.get(name) ?? '' };
}

/** What there is to say of the rules now, and of the code on the wall if one was scanned. */
export function meetRules(storage: Storage, now: CurrentRules, wall: string): RulesVerdict {
  const { meeting, box, round } = now;
  const key = boxOf(storage, now);
  if (key === null) return wall ? { is: 'other_wall' } : { is: 'nothing' };
  const shown = round?.manifest_hash ? { hash: round.manifest_hash, signature: round.promise ?? '' } : null;
  const isShownSigned = !!round && !!shown && isGood(key, meeting, round.number, shown);
  if (round && shown && isShownSigned) remember(storage, key, meeting, round.number, shown);
  const onWall = readCode(wall);
  // The code does not say its round: the newest one that it was signed for. The wall may be ahead by one.
  let of = onWall ? (round?.number ?? 0) + 1 : 0;
  while (onWall && of > 0 && !isGood(key, meeting, of, onWall)) of -= 1;
  if (onWall && of > 0) remember(storage, key, meeting, of, onWall);
  const fraud = fraudIn(storage, meeting);
  if (fraud) return fraud;
  // Once people are erased a meeting shows none.
  if (box && box.key !== key) return { is: 'other_box' };
  if (shown && !isShownSigned) return { is: 'unsigned' };
  if (!wall) return { is: 'nothing' };
  if (of === 0) return { is: 'other_wall' };
  if (of !== round?.number) return { is: 'other_round', round: of };
  return shown ? { is: 'same' } : { is: 'nothing' };
}

/** Whether nobody should vote on this phone while it stands so. */
export const stopsVoting = ({ is }: RulesVerdict): boolean =>
  is !== 'nothing' && is !== 'same' && is !== 'other_round';
