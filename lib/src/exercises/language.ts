/** The two languages in which checks and hints speak. */
import path from 'node:path';

/** One text in English and in Chinese. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** A text, or a function that makes it of what was found. */
export type Says<E> = Bilingual | ((effects: E) => Bilingual);

/** Chinese is for the notebooks of the folder `zh`. A kernel works in its notebook's folder. */
export const languageOf = (folder: string): keyof Bilingual => (path.basename(folder) === 'zh' ? 'zh' : 'en');

/** The text in the language of the folder that the program works in. */
export const inLanguage = (text: Bilingual): string => text[languageOf(process.cwd())];

/** What is said of these effects. */
export const said = <E>(says: Says<E>, effects: E): string =>
  inLanguage(typeof says === 'function' ? says(effects) : says);
