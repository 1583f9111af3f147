/** Keeps the files of translations in line with the notebooks. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../../lib/setup/atomic.mjs';
import { languages, notebooks } from '../setup/notebooks.mjs';
import { inRoot } from '../setup/paths.mjs';
import { carriedOver, markedTranslated, untranslated } from './translation.mjs';

/**
 * Applies changes in the notebooks to their translations.
 *
 * @param translated the ids of cells whose translations are up to date, by notebook
 * @returns a line for each cell to be translated
 * @throws {Error} when a cell doesn't exist or has no text to translate
 */
export function carryOver(translated = {}) {
  return notebooks().flatMap((file) => languages.flatMap((language) => carryOverTo(language, file, translated)));
}

function carryOverTo(language, file, translated) {
  const name = path.basename(file);
  const target = inRoot('notebooks', language, name);
  const before = existsSync(target) ? readFileSync(target, 'utf8') : '';
  const original = JSON.parse(readFileSync(file, 'utf8'));
  const ids = translated[path.basename(file, '.ipynb')] ?? [];
  const translation = markedTranslated(original, carriedOver(original, before ? JSON.parse(before) : undefined), ids);
  const after = `${JSON.stringify(translation, null, 1)}\n`; // in Jupyter's format
  if (after !== before) writeFileAtomic(target, after);
  const cells = untranslated(original, translation);
  return cells.map(({ id, what, begins }) => `${language}/${name}, ${id} (“${begins}”): ${what}`);
}
