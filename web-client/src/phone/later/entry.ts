// What later.js is built from: the phone's half of the tokens and what is drawn without Preact, where later_loader.ts finds it.
import '../../browser/polyfills';
import { codeIn } from '../../ballot/rules_code';
import { boxOf, meetRules, stopsVoting } from '../../ballot/rules_seen';
import { seal } from '../../ballot/seal';
import { cast, finalize, isManifest, prepare, receive, unanswered } from '../../ballot/tokens';
import { lesserChannels } from '../../net/lesser_channels';
import { sealedWays } from '../../net/sealed_channel';
import type { Later } from '../later_loader';
import { beginLook } from './look';
import { drawMove, receiveMoved } from './move';
import { drawOpinion } from './opinion';
import { drawOutcome } from './outcome';
import { drawRow } from './row';
import { drawRules } from './rules_note';

const later: Later = {
  tokens: {
    isManifest: (text, { manifest_hash, fingerprint }, storage, meeting) =>
      isManifest(text, manifest_hash ?? '', fingerprint ?? '', boxOf(storage, { meeting, box: null })),
    prepare,
    finalize,
    cast,
    seal,
    receive,
    unanswered,
  },
  drawings: { drawRules, drawMove, drawOpinion, drawOutcome, drawRow },
  sealedWays,
  lesserChannels,
  stopsVoting: (storage, now) => stopsVoting(meetRules(storage, now, codeIn(location.hash))),
  receiveMoved,
  beginLook,
};
// A code of the rules that the camera opens in this very window.
addEventListener('hashchange', () => codeIn(location.hash) && location.reload());
window.pingyiLater = later;
