import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { prune, requireLarge } from './keptFiles';

const folder = mkdtempSync(path.join(tmpdir(), 'kept-'));
const file = path.join(folder, 'module.cjs');
const kept = path.join(folder, 'cache', 'compiled');
beforeAll(() => {
  vi.stubEnv('TF_MECHANICS_CACHE', path.join(folder, 'cache'));
  vi.useFakeTimers();
});
afterAll(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});
afterEach(() => rmSync(kept, { recursive: true, force: true }));

/** As another process does. */
function load(text: string): unknown {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  delete require.cache[file];
  const value = requireLarge(file);
  vi.runAllTimers();
  return value;
}

const text = "module.exports = [__filename, module.filename, require('node:path').sep, Math.max(1, 2)];";
const value = [file, file, path.sep, 2];

it('gives the module, whether there is kept code, none, or another', () => {
  expect(load(text)).toEqual(value);
  const [name] = readdirSync(kept);
  const code = readFileSync(path.join(kept, name!));
  expect(load(text)).toEqual(value);
  writeFileSync(path.join(kept, name!), code.subarray(0, 100));
  expect(load(text)).toEqual(value);
  expect(load('exports.a = 1;')).toEqual({ a: 1 });
});

it('says of the code that it is used', () => {
  load(text);
  const [name] = readdirSync(kept);
  utimesSync(path.join(kept, name!), 1, 1);
  expect(load(text)).toEqual(value);
  expect(statSync(path.join(kept, name!)).mtimeMs).toBeGreaterThan(1000);
});

it('throws away the files of a kind, but for those that were used last', () => {
  const names = ['a-1', 'a-2', 'a-3', 'a-4', 'b-1'];
  mkdirSync(kept, { recursive: true });
  for (const [i, name] of names.entries()) {
    writeFileSync(path.join(kept, name), '');
    utimesSync(path.join(kept, name), 100 - i, 100 - i);
  }
  utimesSync(path.join(kept, 'a-4'), 200, 200);
  prune(kept, (name) => name.startsWith('a-'), 2);
  expect(readdirSync(kept).sort()).toEqual(['a-1', 'a-4', 'b-1']);
  expect(() => prune(path.join(kept, 'none'), () => true, 0)).not.toThrow();
});

it('needs no folder that can be written', () => {
  vi.stubEnv('TF_MECHANICS_CACHE', '/dev/null/none');
  expect(load(text)).toEqual(value);
});
