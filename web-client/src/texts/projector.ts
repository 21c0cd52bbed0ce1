// The projector's words in both languages.
import type { Both } from './language';
import { projectorEn } from './projector.en';
import { type ProjectorTexts, projectorZh } from './projector.zh';

export const projectorTexts: Both<ProjectorTexts> = { zh: projectorZh, en: projectorEn };
