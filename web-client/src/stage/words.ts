// The projector's dictionary in the page's language.
import { inLanguage } from '../browser/language';
import { projectorTexts } from '../texts/projector';
import type { ProjectorTexts } from '../texts/projector.zh';

/** The words; a component that calls it follows a switch of the language. */
export function words(): ProjectorTexts {
  return inLanguage(projectorTexts);
}
