/** The tutorial's notebooks. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';

/** The languages of translations: each is a folder of files with the same names. */
export const languages = ['zh'];

/** The paths of the numbered notebooks, in order; others next to them don't belong to the tutorial. */
export const notebooks = () => numbered(inRoot('notebooks'));

/** The paths of all translations. */
export const translations = () => languages.flatMap((language) => numbered(inRoot('notebooks', language)));

function numbered(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
  return names.sort().map((name) => path.join(folder, name));
}
