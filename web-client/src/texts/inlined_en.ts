// The texts inside the English page. The build picks this file or its twin, so that a page holds one language.
import type { Language } from './language';
import { phoneTexts } from './phone';

export const inlinedLanguage: Language = 'en';

export const inlined = phoneTexts.en;
