/** The tutorial's notebooks. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';

/** The paths of the numbered ones, in their order; others that lie beside them aren't ours. */
export function notebooks() {
  const folder = inRoot('notebooks');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
  return names.sort().map((name) => path.join(folder, name));
}
