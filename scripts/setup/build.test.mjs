import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { removeLeftovers } from './build.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'leftovers-'));
afterEach(() => rmSync(folder, { recursive: true }));

it('a build removes what was compiled of sources that are no more, and nothing else', () => {
  const make = (...files) => {
    for (const file of files) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), '');
    }
  };
  make('src/index.ts', 'src/tf/graph.ts');
  const kept = [
    '.sources',
    '.tsbuildinfo',
    'index.d.ts',
    'index.js',
    'index.js.map',
    'tf/graph.d.ts.map',
    'tf/graph.js',
  ];
  make(...[...kept, 'graph.js', 'graph.d.ts', 'old/graph.js.map'].map((file) => `dist/${file}`));
  removeLeftovers(path.join(folder, 'src'), path.join(folder, 'dist'));
  const left = readdirSync(path.join(folder, 'dist'), { recursive: true, withFileTypes: true });
  const files = left.filter((entry) => entry.isFile());
  expect(
    files.map(({ parentPath, name }) => path.relative(path.join(folder, 'dist'), path.join(parentPath, name))).sort(),
  ).toEqual(kept);
});
