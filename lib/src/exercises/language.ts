/** The two languages in which checks and hints speak. */
import path from 'node:path';
import { notebookHost } from '../runtime/notebookHost';

/** One text in English and in Chinese. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** A text, or a function that makes it of what was found. */
export type Says<E> = Bilingual | ((effects: E) => Bilingual);

/** The notebook's language: Chinese for those in the folder `zh`, wherever their cells run. */
const language = (): keyof Bilingual => (path.basename(notebookHost()?.folder ?? process.cwd()) === 'zh' ? 'zh' : 'en');

/** The text in the notebook's language. */
export const inLanguage = (text: Bilingual): string => text[language()];

/** What is said of these effects. */
export const said = <E>(says: Says<E>, effects: E): string =>
  inLanguage(typeof says === 'function' ? says(effects) : says);
