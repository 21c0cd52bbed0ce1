// What papers.js is built from: the phone's half of the tokens, where papers_loader.ts finds it.
import './polyfills';
import { cast, finalize, isManifest, prepare, receiptCode } from './papers';
import type { PapersKit } from './voting';

const kit: PapersKit = { isManifest, prepare, finalize, cast, receiptCode };
window.pingyiPapers = kit;
