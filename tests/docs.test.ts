import { existsSync, readFileSync, statSync } from 'node:fs';
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

it('the README in Chinese leads to what there is, and to headings that the English one has', () => {
  const root = path.join(__dirname, '..');
  const chinese = readFileSync(path.join(root, 'README.zh.md'), 'utf8');
  const headings = readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/^#+ (.+)$/gm);
  const anchors = [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  const targets = [...chinese.matchAll(/\]\(([^)]+)\)|(?:src|href)="([^"]+)"/g)].map(([, link, file]) => link ?? file!);
  expect(targets.length).toBeGreaterThan(10);
  const isThere = (target: string) => {
    const [file = '', anchor] = target.split('#');
    return existsSync(path.join(root, file)) && (anchor === undefined || anchors.includes(anchor));
  };
  expect(targets.filter((target) => !isThere(target))).toEqual([]);
});
