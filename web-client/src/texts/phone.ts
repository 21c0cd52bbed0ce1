// Everything that the phone says, in one language; the page holds one language, the other is fetched when it is chosen.
import type { StepKind } from '../protocol';
import type { MovePage, MovingTexts } from './move';
import type { OpinionPage, OpinionTexts } from './opinions';
import type { PhoneProblems } from './problems';
import type { Secrecy } from './secrecy';
import type { VoterTexts } from './voter.zh';

export interface PhoneTexts extends VoterTexts {
  problems: PhoneProblems;
  steps: Record<StepKind, string>;
  moving: MovingTexts;
  /** The page about moving to another window, where it has been fetched. */
  move?: MovePage;
  opinions: OpinionTexts;
  /** The page on which opinions are written, where it has been fetched. */
  opinion?: OpinionPage;
  /** The page about secrecy, where it has been fetched. */
  secrecy?: Secrecy;
}
