// The words of the chair's page in both languages.
import type { Both } from '../browser/language';
import { chairEn } from './chair.en';
import { type ChairTexts, chairZh } from './chair.zh';

export const chairTexts: Both<ChairTexts> = { zh: chairZh, en: chairEn };
