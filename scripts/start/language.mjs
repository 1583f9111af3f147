/** The language of the notebook that is opened. */
import { languages } from '../setup/notebooks.mjs';

/** Those that there are, as folders and locales call them. */
export const languageNames = ['en', ...languages];

/** The user's, by the environment as POSIX orders it, where there are notebooks in it; or else English. */
export function languageOf(env) {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return languageNames.find((name) => name === locale.slice(0, 2)) ?? 'en';
}
