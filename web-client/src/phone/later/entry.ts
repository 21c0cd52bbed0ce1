// What papers.js is built from: the phone's half of the tokens, where papers_loader.ts finds it.
import '../../browser/polyfills';
import { beginLook } from '../../ballot/look';
import { codeIn } from '../../ballot/rules_code';
import { boxOf, meetRules, stopsVoting } from '../../ballot/rules_seen';
import { cast, finalize, isManifest, prepare, receive, seal, unanswered } from '../../ballot/tokens';
import { lesserChannels } from '../../net/lesser_channels';
import { sealedWays } from '../../net/sealed_channel';
import type { PapersKit } from '../voting';
import { drawMove, receiveMoved } from './move';
import { drawOpinion } from './opinion';
import { drawOutcome } from './outcome';
import { drawRow } from './row';
import { drawRules } from './rules_note';

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
