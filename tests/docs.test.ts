import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tf } from '../lib/src';
import { namesDocument } from '../scripts/names.mjs';

it('docs/names.md has every name that the library exports (npm run docs writes it)', () => {
  expect(readFileSync(path.join(__dirname, '..', 'docs', 'names.md'), 'utf8')).toBe(namesDocument(tf));
});

it('the README opens with pictures that are there, and small: 150 kB', () => {
  const readme = readFileSync(path.join(__dirname, '..', 'README.md'), 'utf8');
  const pictures = [...readme.slice(0, readme.indexOf('## Start')).matchAll(/<img src="([^"]+)"/g)].map(
    ([, file]) => file!,
  );
  expect(pictures).toHaveLength(2);
  const bytes = pictures.map((file) => statSync(path.join(__dirname, '..', file)).size);
  expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
});
