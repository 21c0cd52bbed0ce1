// The texts inside the Chinese page. The build picks this file or its twin, so that a page holds one language.
import type { Language } from './language';
import { phoneTexts } from './phone';

export const inlinedLanguage: Language = 'zh';

export const inlined = phoneTexts.zh;
