// Everything that the phone says, in one language; the page holds one language, the other is fetched when it is chosen.
import type { ProblemKind, StepKind } from '../protocol';
import type { Secrecy } from './secrecy';
import type { VoterTexts } from './voter';

export interface PhoneTexts extends VoterTexts {
  problems: Record<ProblemKind, string>;
  steps: Record<StepKind, string>;
  /** The page about secrecy, where it has been fetched. */
  secrecy?: Secrecy;
}
