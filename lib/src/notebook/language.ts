/** The languages that notebooks are written in, and so speak. */
import path from 'node:path';
import { notebookHost } from '../runtime/notebookHost';

/** One text in English and in Chinese. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** Chinese is for the notebooks of the folder `zh`. */
export const languageOf = (folder: string): keyof Bilingual => (path.basename(folder) === 'zh' ? 'zh' : 'en');

/** The language of the notebook that runs. */
export const notebookLanguage = (): keyof Bilingual => languageOf(notebookHost()?.folder ?? process.cwd());

/** The text in that. */
export const inLanguage = (text: Bilingual): string => text[notebookLanguage()];
