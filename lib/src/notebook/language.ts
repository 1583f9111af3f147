/** The languages of notebooks and their output. */
import path from 'node:path';
import { notebookHost } from '../runtime/notebookHost';

/** A text in English and in Chinese. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** The language of the notebooks in a folder: Chinese if it is named `zh`. */
export const languageOf = (folder: string): keyof Bilingual => (path.basename(folder) === 'zh' ? 'zh' : 'en');

/** The language of the running notebook. */
export const notebookLanguage = (): keyof Bilingual => languageOf(notebookHost()?.folder ?? process.cwd());

/** The text in that language. */
export const inLanguage = (text: Bilingual): string => text[notebookLanguage()];
