/** The language of the notebook to open. */
import { languages } from '../setup/notebooks.mjs';

/** The available languages, by the names of folders and locales. */
export const languageNames = ['en', ...languages];

/** The user's language, by POSIX environment variables, if there are notebooks in it; otherwise English. */
export function languageOf(env) {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return languageNames.find((name) => name === locale.slice(0, 2)) ?? 'en';
}
