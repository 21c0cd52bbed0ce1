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
import type { PapersKit } from './voting';

const kit: PapersKit = {
  isManifest,
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
window.pingyiPapers = kit;
