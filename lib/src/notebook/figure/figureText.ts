/** What figures say in this library's own words: in the language of the notebook. */
import { type Bilingual, inLanguage } from '../language';

/** The English of what was said otherwise, the newest last: for stills, where there is no font for another language. */
const english = new Map<string, string>();
/** More than the figures have that are drawn at a time. */
const MOST = 1000;

/** The text in the language of the notebook that runs. */
export function figureText(text: Bilingual): string {
  const said = inLanguage(text);
  if (said === text.en) return said;
  english.delete(said);
  english.set(said, text.en);
  if (english.size > MOST) english.delete(english.keys().next().value!);
  return said;
}

/** The English of what figures have said in another language lately; undefined where that is nothing. */
export const englishTexts = (): Record<string, string> | undefined =>
  english.size > 0 ? Object.fromEntries(english) : undefined;
