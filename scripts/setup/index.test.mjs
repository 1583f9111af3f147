import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from './paths.mjs';

/** What a module imports as it is loaded. */
const IMPORT = /^(?:import|export)\s[^'";]*?from\s*'([^']+)'|^import\s*'([^']+)'/gm;

/** The modules and the packages that a script needs before it has done anything. */
function neededBy(file, found = { modules: new Set(), packages: new Set() }) {
  if (found.modules.has(file)) return found;
  found.modules.add(file);
  for (const [, from, alone] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    const name = from ?? alone;
    if (name.startsWith('.')) neededBy(path.resolve(file, '..', name), found);
    else if (!name.startsWith('node:')) found.packages.add(`${name} for ${path.relative(inRoot('.'), file)}`);
  }
  return found;
}

describe('of a fresh clone, into which the set-up has yet to install packages,', () => {
  const scripts = readdirSync(inRoot('scripts'))
    .filter((name) => /(?<!\.test)\.mjs$/.test(name))
    .map((name) => [name, neededBy(inRoot('scripts', name))])
    .filter(([, { modules }]) => modules.has(inRoot('scripts', 'setup', 'index.mjs')));

  it('are those that people begin with', () => {
    expect(scripts.map(([name]) => name)).toEqual(expect.arrayContaining(['setup.mjs', 'start.mjs', 'test.mjs']));
  });

  it.each(scripts)('%s needs none before', (_name, { packages }) => {
    expect([...packages]).toEqual([]);
  });
});
