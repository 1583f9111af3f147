/** Generates `lib/dist/.npmignore`, which lists what isn't packed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../../lib/setup/atomic.mjs';
import { inRoot } from './paths.mjs';

/**
 * Writes the list: Plotly, and the declarations (a tenth of the package) that nobody can import and no other
 * declaration references.
 */
export function writeNpmignore() {
  const dist = inRoot('lib', 'dist');
  const { exports } = JSON.parse(readFileSync(inRoot('lib', 'package.json'), 'utf8'));
  const entries = Object.values(exports).flatMap(({ types }) => (types ? inRoot('lib', types) : []));
  const needed = declarationsFrom(entries);
  const declarations = readdirSync(dist, { recursive: true }).filter((file) => file.endsWith('.d.ts'));
  const internal = declarations.filter((file) => !needed.has(path.join(dist, file)));
  const lines = ['notebook/plotly.min.js', ...internal].map((file) => `/${file.split(path.sep).join('/')}\n`);
  writeFileAtomic(path.join(dist, '.npmignore'), lines.sort().join(''));
}

/** Some declaration files and all those that they import. */
export function declarationsFrom(files, found = new Set()) {
  for (const file of files.filter((file) => !found.has(file))) {
    found.add(file);
    const names = readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g);
    const taken = [...names].flatMap(([, name]) => {
      const stem = path.resolve(path.dirname(file), name.replace(/\.js$/, ''));
      return [`${stem}.d.ts`, path.join(stem, 'index.d.ts')].filter(existsSync);
    });
    declarationsFrom(taken, found);
  }
  return found;
}
