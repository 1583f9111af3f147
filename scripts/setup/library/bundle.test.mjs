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

const library = inRoot('lib', 'dist', 'index.js');

/** Where the processes below keep what they have compiled; none of them loads libtensorflow. */
const cache = mkdtempSync(path.join(tmpdir(), 'compiled-'));
afterAll(() => rmSync(cache, { recursive: true }));

/**
 * What a program prints as JSON; `loaded` are the library's modules that have been loaded, which V8 knows: esbuild makes of each a function with the name
 * of its file.
 */
function printed(program, type = 'commonjs') {
  const script = `
    import { Session } from 'node:inspector';
    import { createRequire } from 'node:module';
    const session = new Session();
    session.connect();
    const ask = (method, params) => {
      let answer;
      session.post(method, params, (_, result) => { answer = result; });
      return answer;
    };
    ask('Profiler.enable');
    ask('Profiler.startPreciseCoverage', { callCount: true });
    const modules = new Set();
    const loaded = () => {
      const { functions } = ask('Profiler.takePreciseCoverage').result.find(({ url }) => url.endsWith('/dist/modules.js'));
      for (const { functionName, ranges } of functions)
        if (functionName.endsWith('.js') && ranges[0].count > 0) modules.add(functionName);
      return [...modules];
    };
    const roomsOf = (names) => [...new Set(names.map((name) => name.split(/[./]/)[0]))].sort();
    const load = createRequire(${JSON.stringify(library)})('./library.js');
    ${type === 'commonjs' ? "const library = load('index');" : `const library = await import(${JSON.stringify(library)});`}
    console.log(JSON.stringify(${program}));`;
  const env = { ...process.env, TF_MECHANICS_CACHE: cache, TF_MECHANICS_LIBTENSORFLOW: cache };
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env }));
}

describe('the index of the library', () => {
  it('loads most rooms when they are first taken', () => {
    const rooms = printed('[roomsOf(loaded()), typeof library.plot.scalars, roomsOf(loaded())]');
    expect(rooms).toEqual([
      ['data', 'index', 'mnist', 'models', 'protos', 'runtime', 'tf'], // of the models only the types of their names
      'function',
      ['data', 'hyperparameters', 'index', 'mnist', 'models', 'notebook', 'protos', 'runtime', 'tf'],
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

  it('names classes as the sources do, those that speak of themselves, too', () => {
    const names = '[library.tf.Graph, library.tf.HostArray, library.tf.errors.NotFoundError].map(({ name }) => name)';
    expect(printed(names)).toEqual(['Graph', 'HostArray', 'NotFoundError']);
  });

  it('gives the same thing each time', () => {
    expect(printed('[library.plot === library.plot, library.tf === library.tf]')).toEqual([true, true]);
  });
});

it('leaves what trains in other ways than by a loop of steps to those who ask for it', () => {
  const isLoaded = "loaded().some((name) => name.startsWith('tf/train/monitored/'))";
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
    expect([file, ...others]).toEqual([expect.stringMatching(/^modules\.js-v.*-[0-9a-f]{16}$/)]);
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
    expect(readdirSync(kept)).toHaveLength(1);
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
    for (const name of ['index.js', 'library.js', 'modules.js'])
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
