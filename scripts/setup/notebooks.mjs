/** The tutorial's notebooks. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';

/** The languages into which they are translated: each a folder of files of the same names. */
export const languages = ['zh'];

/** The paths of the numbered ones, in their order; others that lie beside them aren't ours. */
export const notebooks = () => numbered(inRoot('notebooks'));

/** The paths of the translations of all. */
export const translations = () => languages.flatMap((language) => numbered(inRoot('notebooks', language)));

function numbered(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
  return names.sort().map((name) => path.join(folder, name));
}
