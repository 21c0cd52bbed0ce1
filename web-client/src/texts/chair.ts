// The words of the chair's page in both languages.

import { chairEn } from './chair.en';
import { type ChairTexts, chairZh } from './chair.zh';
import type { Bilingual } from './language';

export const chairTexts: Bilingual<ChairTexts> = { zh: chairZh, en: chairEn };
