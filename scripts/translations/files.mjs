/** The translations' files, kept in line with the notebooks'. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../../lib/setup/atomic.mjs';
import { languages, notebooks } from '../setup/notebooks.mjs';
import { inRoot } from '../setup/paths.mjs';
import { carriedOver, markedTranslated, untranslated } from './translation.mjs';

/**
 * Carries what has changed in the notebooks over to their translations.
 *
 * @param translated by the name of a notebook, the ids of cells that have been translated as they are now
 * @returns a line for each cell that is to be translated
 * @throws {Error} when a cell isn't there, or has no text to translate
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
  const after = `${JSON.stringify(translation, null, 1)}\n`; // as Jupyter writes it
  if (after !== before) writeFileAtomic(target, after);
  const cells = untranslated(original, translation);
  return cells.map(({ id, what, begins }) => `${language}/${name}, ${id} (“${begins}”): ${what}`);
}
