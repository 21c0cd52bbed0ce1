// What `/texts/{language}.json` holds: everything that the phone says in one language. Read by the build only.
import { inlined as en } from './inlined_en';
import { inlined as zh } from './inlined_zh';
import { movePageEn, movePageZh } from './move';
import { opinionPageEn, opinionPageZh } from './opinions';
import type { PhoneTexts } from './phone';
import { secrecyEn, secrecyZh } from './secrecy';

export const fetched: { zh: PhoneTexts; en: PhoneTexts } = {
  zh: { ...zh, secrecy: secrecyZh, move: movePageZh, opinion: opinionPageZh },
  en: { ...en, secrecy: secrecyEn, move: movePageEn, opinion: opinionPageEn },
};
