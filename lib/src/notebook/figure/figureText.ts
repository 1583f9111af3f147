/** The built-in texts of figures, in the language of the notebook. */
import { type Bilingual, inLanguage } from '../language';

/**
 * The English versions of texts that were shown in another language, most recent last: for stills without a font for
 * that language.
 */
const english = new Map<string, string>();
/** More than the number of texts in figures drawn at the same time. */
const MOST = 1000;

/** The text in the language of the running notebook. */
export function figureText(text: Bilingual): string {
  const said = inLanguage(text);
  if (said === text.en) return said;
  english.delete(said);
  english.set(said, text.en);
  if (english.size > MOST) english.delete(english.keys().next().value!);
  return said;
}

/** The English versions of texts recently shown in another language; undefined if there are none. */
export const englishTexts = (): Record<string, string> | undefined =>
  english.size > 0 ? Object.fromEntries(english) : undefined;
