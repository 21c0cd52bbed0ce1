// The words of the chair's page in both languages.

import { chairEn } from './chair.en';
import { type ChairTexts, chairZh } from './chair.zh';
import type { Both } from './language';

export const chairTexts: Both<ChairTexts> = { zh: chairZh, en: chairEn };
