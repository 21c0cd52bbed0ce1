// The texts inside the Chinese page: all but the page about secrecy.
import type { Language } from './language';
import { movingZh } from './move';
import { opinionsZh } from './opinions';
import type { PhoneTexts } from './phone';
import { phoneProblemsZh } from './problems';
import { voterZh } from './voter.zh';
import { stepKindsZh } from './words';

export const inlinedLanguage: Language = 'zh';

export const inlined: PhoneTexts = {
  ...voterZh,
  problems: phoneProblemsZh,
  steps: stepKindsZh,
  moving: movingZh,
  opinions: opinionsZh,
};
