import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { tf } from '../lib/src';
import { namesDocument } from '../scripts/names.mjs';

it('docs/names.md has every name that the library exports (npm run docs writes it)', () => {
  expect(readFileSync(path.join(__dirname, '..', 'docs', 'names.md'), 'utf8')).toBe(namesDocument(tf));
});
