import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { inRoot } from '../paths.mjs';
import { linked } from './modules.mjs';

const library = inRoot('lib', 'dist', 'index.js');

/** Where the processes below keep what they have compiled; none of them loads libtensorflow. */
const cache = mkdtempSync(path.join(tmpdir(), 'compiled-'));
afterAll(() => rmSync(cache, { recursive: true }));

/** What a program prints as JSON; `loaded` are the library's rooms of which modules have been loaded. */
function printed(program, type = 'commonjs') {
  const script = `
    const { createRequire } = await import('node:module');
    const load = createRequire(${JSON.stringify(library)})('./library.js');
    const loaded = () => [...new Set(load.loaded().map((name) => name.split('/')[0]))].sort();
    ${type === 'commonjs' ? "const library = load('index');" : `const library = await import(${JSON.stringify(library)});`}
    console.log(JSON.stringify(${program}));`;
  const env = { ...process.env, TF_MECHANICS_CACHE: cache, TF_MECHANICS_LIBTENSORFLOW: cache };
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env }));
}

describe('the index of the library', () => {
  it('loads most rooms when they are first taken', () => {
    const rooms = printed('[loaded(), typeof library.plot.scalars, loaded()]');
    expect(rooms).toEqual([
      ['data', 'index', 'mnist', 'models', 'protos', 'runtime', 'tf', 'tslib'], // of the models only the types of their names
      'function',
      ['data', 'hyperparameters', 'index', 'mnist', 'models', 'notebook', 'protos', 'runtime', 'tf', 'tslib'],
    ]);
  });

  it('knows its own models as soon as somebody asks for models', () => {
    expect(printed('library.models.modelNames()')).toEqual(['fully_connected', 'convnet', 'softmax_regression']);
  });

  it('has the same names, and the same things by them, for ES modules', () => {
    const [names, ofModules] = ['commonjs', 'module'].map((type) =>
      printed('Object.keys(library).filter((name) => library[name] !== undefined).sort()', type),
    );
    expect(names.length).toBeGreaterThan(25);
    expect(ofModules.filter((name) => !['default', '__esModule', 'module.exports'].includes(name))).toEqual(names);
  });

  it('gives the same thing each time', () => {
    expect(printed('[library.plot === library.plot, library.tf === library.tf]')).toEqual([true, true]);
  });
});

it('leaves what trains in other ways than by a loop of steps to those who ask for it', () => {
  const isLoaded = "load.loaded().some((name) => name.startsWith('tf/train/monitored/'))";
  expect(printed(`[${isLoaded}, typeof library.tf.train.MonitoredSession, ${isLoaded}]`)).toEqual([
    false,
    'function',
    true,
  ]);
});

describe('what V8 has compiled of the library', () => {
  const kept = path.join(cache, 'compiled');
  beforeEach(() => rmSync(kept, { recursive: true, force: true }));
  const program = 'typeof library.tf.square';

  it('is kept for the next process', () => {
    expect(printed(program)).toBe('function');
    const [file, ...others] = readdirSync(kept);
    expect([file, ...others]).toEqual([expect.stringMatching(/^library-[0-9a-f]{16}-[0-9a-z]+-v.*-core\.js$/)]);
    const before = readFileSync(path.join(kept, file));
    expect(before.length).toBeGreaterThan(100_000);
    expect(printed(program)).toBe('function');
    expect(readFileSync(path.join(kept, file)).equals(before)).toBe(true);
  });

  it('is known to be in use by each process that takes it', () => {
    printed(program);
    const file = path.join(kept, readdirSync(kept)[0]);
    utimesSync(file, 1, 1);
    printed(program);
    expect(statSync(file).mtimeMs).toBeGreaterThan(1000);
  });

  it('imports as before, when it needs that', async () => {
    const file = path.join(cache, 'answer.mjs');
    writeFileSync(file, 'export const answer = 42;');
    const imported = `[(await load('runtime/modules').loadModule(${JSON.stringify(file)})).answer, Object.keys(library)[0]]`;
    for (const _ of ['compiled', 'kept']) expect(printed(imported, 'module')).toEqual([42, 'Figure']);
    expect(readdirSync(kept)).toHaveLength(2);
  });

  it('does without where it is not what V8 has made, or where there is no folder', () => {
    expect(printed(program)).toBe('function');
    const [file] = readdirSync(kept);
    writeFileSync(path.join(kept, file), 'nothing');
    expect(printed(program)).toBe('function');
    rmSync(kept, { recursive: true });
    writeFileSync(kept, 'a file');
    expect(printed(program)).toBe('function');
  });

  it('is not that of a copy elsewhere, whose paths are others', () => {
    const copy = path.join(cache, 'copy');
    for (const folder of ['dist', 'shared']) mkdirSync(path.join(copy, folder), { recursive: true });
    for (const name of ['index.js', 'library.js', 'core.js', 'rooms.js'])
      cpSync(path.join(library, '..', name), path.join(copy, 'dist', name));
    cpSync(inRoot('lib', 'shared'), path.join(copy, 'shared'), { recursive: true });
    symlinkSync(inRoot('node_modules'), path.join(copy, 'node_modules'));
    const places = [library, path.join(copy, 'dist', 'index.js')].map((index) => {
      const script = `try { require(${JSON.stringify(index)}).tf.constant({}); } catch ({ stack }) { console.log(stack); }`;
      const env = { ...process.env, TF_MECHANICS_CACHE: cache, TF_MECHANICS_LIBTENSORFLOW: cache };
      return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env });
    });
    rmSync(copy, { recursive: true });
    expect(places[0]).toContain(path.dirname(library));
    expect(places[1]).toContain(path.join(copy, 'dist'));
    expect(places[1]).not.toContain(path.dirname(library));
  });

  it('is not kept by a process that has used little of it', () => {
    const script = `require(${JSON.stringify(path.join(library, '..', 'library.js'))})('runtime/version');`;
    execFileSync(process.execPath, ['-e', script], { env: { ...process.env, TF_MECHANICS_CACHE: cache } });
    expect(() => readdirSync(kept)).toThrow(/ENOENT/);
  });
});

describe("a module's code", () => {
  const find = (_, name) => (name === './b' ? 'room/b' : undefined);

  it('asks for modules by their names, for what it needs at once and what it needs later', () => {
    const code = `const b_1 = require("./b");\nconst { x } = await import('./b');`;
    expect(linked('room/a', code, find)).toEqual({
      code: `const b_1 = __load("room/b");\nconst { x } = await Promise.resolve().then(() => __load("room/b"));`,
      atOnce: ['room/b'],
      imports: [],
    });
  });

  it('requires packages as before, and files beside dist from there', () => {
    const code = `require("node:fs"); require(name); require("../../shared/c.cjs");`;
    expect(linked('room/a', code, find).code).toBe(`require("node:fs"); require(name); require("../shared/c.cjs");`);
  });

  it('has what it imports when it needs that imported for it', () => {
    const code = `import('../../setup/d.mjs'); import('jsdom'); import(href);`;
    expect(linked('room/a', code, find)).toEqual({
      code: `__import("../setup/d.mjs"); __import("jsdom"); __import(href);`,
      atOnce: [],
      imports: ['../setup/d.mjs', 'jsdom'],
    });
  });

  it('may not ask for what is not there', () => {
    expect(() => linked('room/a', 'require("./gone");', find)).toThrow("room/a asks for ./gone, which isn't there");
  });
});
