// Everything that the phone says; the page holds one language, the other is fetched when it is chosen.
import type { Bilingual } from './language';
import { type MovePageTexts, type MovingTexts, movingTexts } from './move';
import { type OpinionPageTexts, type OpinionTexts, opinionTexts } from './opinions';
import { phoneEn } from './phone.en';
import { type OwnTexts, phoneZh } from './phone.zh';
import { type PhoneProblemTexts, phoneProblemTexts } from './problems';
import type { SecrecyTexts } from './secrecy';
import { type StepTexts, stepTexts } from './words';

export interface PhoneTexts extends OwnTexts {
  problems: PhoneProblemTexts;
  steps: StepTexts;
  moving: MovingTexts;
  /** The page about moving to another window, where it has been fetched. */
  move?: MovePageTexts;
  opinions: OpinionTexts;
  /** The page on which opinions are written, where it has been fetched. */
  opinion?: OpinionPageTexts;
  /** The page about secrecy, where it has been fetched. */
  secrecy?: SecrecyTexts;
}

/** What is inside the page: all but the pages that are rarely opened. */
export const phoneTexts: Bilingual<PhoneTexts> = {
  zh: {
    ...phoneZh,
    problems: phoneProblemTexts.zh,
    steps: stepTexts.zh,
    moving: movingTexts.zh,
    opinions: opinionTexts.zh,
  },
  en: {
    ...phoneEn,
    problems: phoneProblemTexts.en,
    steps: stepTexts.en,
    moving: movingTexts.en,
    opinions: opinionTexts.en,
  },
};
