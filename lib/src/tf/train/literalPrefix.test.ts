import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NotFoundError } from '../../runtime/errors';
import { literalPrefix } from './literalPrefix';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prefix-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  fs.rmSync(folder, { recursive: true });
});

it('gives a name without special characters, until it is freed', () => {
  fs.writeFileSync(path.join(folder, 'a[1].index'), 'the index');
  const { prefix, free } = literalPrefix(path.join(folder, 'a[1]'));
  expect(prefix).not.toContain('[');
  expect(fs.readFileSync(`${prefix}.index`, 'utf8')).toBe('the index');
  free();
  expect(fs.readdirSync(folder)).toEqual(['a[1].index']);
});

it('leaves no folder behind where the links can not be made', () => {
  // A prefix that is too long for a path, so that neither a link nor a copy of it can be.
  const long = path.join(folder, `[${'x/'.repeat(3000)}`);
  expect(() => literalPrefix(long)).toThrow();
  expect(fs.readdirSync(folder)).toEqual([]);
  expect(() => literalPrefix(path.join(folder, 'a[1]')).free()).not.toThrow(NotFoundError);
});
