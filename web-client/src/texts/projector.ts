// The projector's words in both languages.
import type { Bilingual } from './language';
import { projectorEn } from './projector.en';
import { type ProjectorTexts, projectorZh } from './projector.zh';

export const projectorTexts: Bilingual<ProjectorTexts> = { zh: projectorZh, en: projectorEn };
