// In a process of its own: the compiler reads files from the folder that a process is in.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { preparedEngine, prepareEngine } from './prepared';

const before = process.cwd();
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'prepared-')));
const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
write('package.json', '{ "name": "own" }');
process.chdir(folder);
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

it('an engine serves the folder that it was made for, once', () => {
  const engine = prepareEngine(folder, {});
  expect(preparedEngine(folder, {})).toBe(engine);
  expect(preparedEngine(folder, {})).toBeUndefined();
  expect(engine.compile('const one = 1; one', 'In[1]').names).toContain('one');
  engine.close();
});

it('it serves no other, nor other packages, nor one whose packages or options have changed', () => {
  const isFitAfter = (change: () => void, directory = folder, packages = {}) => {
    prepareEngine(folder, {});
    change();
    return preparedEngine(directory, packages) !== undefined;
  };
  expect(isFitAfter(() => {}, before)).toBe(false);
  expect(isFitAfter(() => {}, folder, { extra: before })).toBe(false);
  expect(isFitAfter(() => write('package.json', '{ "name": "own", "type": "module" }'))).toBe(false);
  expect(isFitAfter(() => write('tsconfig.json', '{ "compilerOptions": { "paths": { "x": ["./x"] } } }'))).toBe(false);
  expect(isFitAfter(() => {})).toBe(true);
});
