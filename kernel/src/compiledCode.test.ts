import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { requireKept } from './compiledCode';

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
  writeFileSync(file, text);
  delete require.cache[file];
  const value = requireKept(file);
  vi.runAllTimers();
  return value;
}

const text = "module.exports = [__filename, module.filename, require('node:path').sep, Math.max(1, 2)];";
const value = [file, file, path.sep, 2];

// From 22.8 on Node does all of it.
it.skipIf('enableCompileCache' in Module)('gives the module, whether there is kept code, none, or another', () => {
  expect(load(text)).toEqual(value);
  const [name] = readdirSync(kept);
  const code = readFileSync(path.join(kept, name!));
  expect(load(text)).toEqual(value);
  writeFileSync(path.join(kept, name!), code.subarray(0, 100));
  expect(load(text)).toEqual(value);
  expect(load('exports.a = 1;')).toEqual({ a: 1 });
});

it('needs no folder that can be written', () => {
  vi.stubEnv('TF_MECHANICS_CACHE', '/dev/null/none');
  expect(load(text)).toEqual(value);
});
