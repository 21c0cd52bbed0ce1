// The texts inside the English page: all but the page about secrecy.
import type { Language } from './language';
import { movingEn } from './move';
import { opinionsEn } from './opinions';
import type { PhoneTexts } from './phone';
import { phoneProblemsEn } from './problems';
import { voterEn } from './voter.en';
import { stepKindsEn } from './words';

export const inlinedLanguage: Language = 'en';

export const inlined: PhoneTexts = {
  ...voterEn,
  problems: phoneProblemsEn,
  steps: stepKindsEn,
  moving: movingEn,
  opinions: opinionsEn,
};
