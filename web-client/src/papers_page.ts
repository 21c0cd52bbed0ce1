// What papers.js is built from: the phone's half of the tokens, where papers_loader.ts finds it.
import './polyfills';
import { sealedWays } from './channel';
import { lesserChannels } from './lesser_channels';
import { drawMove, receiveMoved } from './move_page';
import { drawOpinion } from './opinion_page';
import { drawOutcome } from './outcome';
import { cast, finalize, isManifest, prepare, receive, seal, unanswered } from './papers';
import { beginLook } from './record_look';
import { drawRow } from './row_page';
import { codeIn } from './rules_code';
import { drawRules } from './rules_note';
import { boxOf, meetRules, stopsVoting } from './rules_seen';
import type { PapersKit } from './voting';

const kit: PapersKit = {
  isManifest: (text, { manifest_hash, fingerprint }, storage, meeting) =>
    isManifest(text, manifest_hash ?? '', fingerprint ?? '', boxOf(storage, { meeting, box: null })),
  stopsVoting: (storage, now) => stopsVoting(meetRules(storage, now, codeIn(location.hash))),
  drawRules,
  prepare,
  finalize,
  cast,
  seal,
  receive,
  unanswered,
  sealedWays,
  lesserChannels,
  drawMove,
  drawOpinion,
  drawOutcome,
  drawRow,
  receiveMoved,
  beginLook,
};
// A code of the rules that the camera opens in this very window.
addEventListener('hashchange', () => codeIn(location.hash) && location.reload());
window.pingyiPapers = kit;
