// What `/texts/{language}.json` holds: everything that the phone says in one language. Read by the build only.
import type { Bilingual } from './language';
import { movePageTexts } from './move';
import { opinionPageTexts } from './opinions';
import { type PhoneTexts, phoneTexts } from './phone';
import { secrecyTexts } from './secrecy';

export const fetched: Bilingual<PhoneTexts> = {
  zh: {
    ...phoneTexts.zh,
    secrecy: secrecyTexts.zh,
    move: movePageTexts.zh,
    opinion: opinionPageTexts.zh,
  },
  en: {
    ...phoneTexts.en,
    secrecy: secrecyTexts.en,
    move: movePageTexts.en,
    opinion: opinionPageTexts.en,
  },
};
