/** A notebook in a folder of a project imports the project's modules. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CellRun, KernelClient } from './testing/client';

const folders: string[] = [];

function project(description: object): { folder: string; write(file: string, text: string): void } {
  const parent = mkdtempSync(path.join(tmpdir(), 'project-'));
  folders.push(parent);
  const folder = path.join(parent, 'own');
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  write('package.json', JSON.stringify({ name: 'own', ...description }));
  write('notebooks/.keep', '');
  return { folder, write };
}

/** What a cell gives, or else its error. */
const outcome = ({ result, reply }: CellRun) => result ?? stripVTControlCharacters(String(reply.evalue ?? ''));
const traceback = ({ reply }: CellRun) => stripVTControlCharacters((reply.traceback ?? []).join('\n'));

const TYPED = 'export interface Box { size: number }\nexport const answer: number = 41;\n';
const COMPILED = 'export interface Box { size: number }\nexport declare const answer: number;\n';
const MODULE = '/** @typedef {{ size: number }} Box */\nexport const answer = 41;\n';
const COMMON = '/** @typedef {{ size: number }} Box */\nexports.answer = 41;\n';

const FORMS = [
  './x',
  './x.ts',
  './x.js',
  '../src/x',
  '../src/x.ts',
  '../src/x.js',
  '../src',
  '../src/index',
  '../src/w',
  '../src/w.tsx',
  '../src/y.mts',
  '../src/y.mjs',
  '../src/z.cts',
  '../src/z.cjs',
  '../src/j',
  '../src/j.js',
  '../src/m.mjs',
  '../src/c.cjs',
  '../src/both',
  '../src/both.js',
  '../src/far',
  'own/inner',
  '#inner',
  'installed/sub',
  'only-import/sub',
];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.each(['commonjs', 'module'])('of a project of type "%s"', (type) => {
  const isModule = type === 'module';
  const { folder, write } = project({
    type,
    exports: { './inner': './src/x.ts' },
    imports: { '#inner': './src/x.ts' },
  });
  let kernel: KernelClient;

  beforeAll(async () => {
    for (const file of ['notebooks/x.ts', 'src/x.ts', 'src/y.mts', 'src/z.cts', 'src/index.ts', 'src/w.tsx'])
      write(file, TYPED);
    write('src/j.js', isModule ? MODULE : COMMON);
    write('src/m.mjs', MODULE);
    write('src/c.cjs', COMMON);
    write('src/both.js', isModule ? 'export const answer = 41;' : 'exports.answer = 41;');
    write('src/both.d.ts', COMPILED);
    write('src/far.ts', "export { answer, type Box } from './deep/near.js';");
    write('src/deep/near.ts', "export * from '../x.ts';\nimport type { Box } from '../y.mjs';\nexport type B = Box;");
    for (const name of ['installed', 'only-import']) {
      write(`node_modules/${name}/dist/sub.d.mts`, COMPILED);
      write(`node_modules/${name}/dist/sub.d.cts`, COMPILED);
      write(`node_modules/${name}/dist/sub.mjs`, 'export const answer = 41;');
      write(`node_modules/${name}/dist/sub.cjs`, 'exports.answer = 41;');
    }
    const imported = { types: './dist/sub.d.mts', default: './dist/sub.mjs' };
    const required = { types: './dist/sub.d.cts', default: './dist/sub.cjs' };
    write(
      'node_modules/installed/package.json',
      JSON.stringify({ name: 'installed', exports: { './sub': { import: imported, require: required } } }),
    );
    write(
      'node_modules/only-import/package.json',
      JSON.stringify({ name: 'only-import', type: 'module', exports: { './sub': { import: imported } } }),
    );
    kernel = await KernelClient.start({ cwd: path.join(folder, 'notebooks') });
  });
  afterAll(() => kernel.shutDown());

  it('gives values and types however it is asked for them', async () => {
    // In one cell, which costs as much as one of them: an error names the request, and so does a missing one.
    const lines = FORMS.flatMap((request, i) => [
      `import { answer as answer${i}, type Box as Box${i} } from '${request}';`,
      `import type * as All${i} from '${request}';`,
      `const box${i}: Box${i} = { size: answer${i} + 1 }, same${i}: All${i}.Box = box${i};`,
      '// @ts-expect-error it is a number',
      `const text${i}: string = answer${i};`,
      '// @ts-expect-error a box has a size',
      `const empty${i}: Box${i} = {};`,
      '// @ts-expect-error no such name',
      `import type { nothing as nothing${i} } from '${request}';`,
    ]);
    const values = `JSON.stringify([${FORMS.map((_, i) => `same${i}.size`).join(', ')}])`;
    expect(outcome(await kernel.run([...lines, values].join('\n')))).toBe(`'${JSON.stringify(FORMS.map(() => 42))}'`);
  });

  it('takes the same modules by import() and by a namespace', async () => {
    expect(outcome(await kernel.run("(await import('../src/x.ts')).answer + 1"))).toBe('42');
    expect(outcome(await kernel.run("(await import('../src/m.mjs')).answer + 1"))).toBe('42');
    expect(outcome(await kernel.run("import * as all from '../src/y.mts';\nall.answer + 1"))).toBe('42');
    expect(outcome(await kernel.run("import again from '../src/data.json';"))).toContain('TS2307');
    write('src/given.ts', 'export default class Given { size = 42 }');
    expect(outcome(await kernel.run("import Given from '../src/given';\nnew Given().size"))).toBe('42');
  });

  it('has a file that has come before a folder of its name, once it is imported again', async () => {
    write('src/place/index.ts', "export const place = 'folder';");
    expect(outcome(await kernel.run("import { place } from '../src/place';\nplace"))).toBe("'folder'");
    expect(outcome(await kernel.run('place'))).toBe("'folder'");
    write('src/place.ts', 'export const place = 1;');
    const again = "import { place as now } from '../src/place';\nconst number: number = now; number";
    expect(outcome(await kernel.run(again))).toBe('1');
    expect(outcome(await kernel.run('const more: number = now + 1; more'))).toBe('2');
  });

  it('has an edited module anew when it is imported again, and what imports it', async () => {
    const module = (name: string) => (isModule ? `export const name = '${name}';` : `exports.name = '${name}';`);
    const cell = [
      "import { label, count } from '../src/upper';",
      "import { name } from '../src/plain.js';",
      "import { esm } from '../src/esm.mjs';",
      "import values from '../src/values.json';",
      'label + name + esm + values.value + count',
    ].join('\n');
    write('src/base.ts', "export const base = 'a';");
    write('src/kept.ts', '(globalThis as any).loads = ((globalThis as any).loads ?? 0) + 1;\nexport const loads = 1;');
    write('src/upper.ts', "import './kept';\nimport { base } from './base';\nexport const label = base, count = 1;");
    write('src/plain.js', module('b'));
    write('src/esm.mjs', "export const esm = 'c';");
    write('src/values.json', '{ "value": "d" }');
    expect(outcome(await kernel.run(cell))).toBe("'abcd1'");
    write('src/base.ts', "export const base = 'after';");
    expect(outcome(await kernel.run(cell))).toBe("'afterbcd1'");
    write('src/plain.js', module('B'));
    write('src/esm.mjs', "export const esm = 'C';");
    write('src/values.json', '{ "value": "D" }');
    expect(outcome(await kernel.run(cell))).toBe("'afterBCD1'");
    write('src/base.ts', 'export const base = 7;');
    await sleep(600);
    expect(outcome(await kernel.run("import { label } from '../src/upper';\nlabel.toFixed(1)"))).toBe("'7.0'");
    expect(outcome(await kernel.run('(globalThis as any).loads'))).toBe('1'); // a module that hasn't changed keeps its state
  });

  if (!isModule) return; // the rest is the same for both

  it('knows the types of the library below its name', async () => {
    const cell = [
      "import { FileWriter } from 'tf-mechanics/summary';",
      '// @ts-expect-error it is a class',
      'const number: number = FileWriter;',
      'FileWriter.name',
    ];
    expect(outcome(await kernel.run(cell.join('\n')))).toBe("'FileWriter'");
  });

  it.each(['closed', 'linked'])(
    'keeps what has a type that only a file within a package names, one that is %s',
    async (name) => {
      const place = name === 'linked' ? '../elsewhere' : `node_modules/${name}`;
      write(`${place}/package.json`, JSON.stringify({ name, exports: { '.': './index.js' } }));
      write(`${place}/index.js`, 'exports.make = () => ({ size: 42 }); exports.sizeOf = ({ size }) => size;');
      // By its private field it is no other class, of whatever form.
      write(`${place}/inner.d.ts`, 'export declare class Inner { #secret; size: number }');
      const methods = ['make: () => Inner', 'sizeOf: (inner: Inner) => number'].map(
        (type) => `export declare const ${type};`,
      );
      write(`${place}/index.d.ts`, ["import type { Inner } from './inner';", ...methods].join('\n'));
      if (name === 'linked') symlinkSync(path.join(folder, place), path.join(folder, 'node_modules', name));
      write(`src/${name}.ts`, `import { make } from '${name}';\nexport const load = () => make();`);
      await kernel.run(`import { load } from '../src/${name}';\nconst ${name} = load();`);
      const cell = [
        `import { sizeOf } from '${name}';`,
        '// @ts-expect-error it is a number',
        `const text: string = ${name}.size;`,
        `sizeOf(${name})`,
      ];
      expect(outcome(await kernel.run(cell.join('\n')))).toBe('42');
    },
  );

  it('tells file and line of what fails in a module', async () => {
    write(
      'src/failing.ts',
      'interface Unused {\n  size: number;\n}\n\nexport function fail(): never {\n  throw new RangeError("too far");\n}\n',
    );
    const failed = await kernel.run("import { fail } from '../src/failing';\nfail();");
    expect(traceback(failed)).toContain('at fail (../src/failing.ts:6:9)');
    expect(traceback(failed)).toContain('at In[');
    write('src/atOnce.mjs', '// not a word\n\nthrow new RangeError("at once");\n');
    expect(traceback(await kernel.run("import '../src/atOnce.mjs';"))).toContain('../src/atOnce.mjs:3:7');
    write('src/caught.ts', 'export const stack = () =>\n  new Error("here").stack;\n');
    expect(outcome(await kernel.run("import { stack } from '../src/caught';\nstack()"))).toContain('caught.ts:2:3');
    write('src/broken.ts', 'export const one = 1;\nexport const two = ;\n');
    expect(outcome(await kernel.run("import { one } from '../src/broken';\none"))).toMatch(/broken\.ts\(2,20\)/);
  });

  it('tells what the compiler objects to in a module, and runs it', async () => {
    write('src/wrong.ts', '\nexport const answer: number = "41";\n');
    const { result, stderr } = await kernel.run("import { answer } from '../src/wrong';\nanswer");
    expect(result).toBe("'41'");
    expect(stripVTControlCharacters(stderr)).toContain('../src/wrong.ts:2:14 - error TS2322');
  });

  it('has modules that import each other', async () => {
    write(
      'src/even.ts',
      "import { odd } from './odd';\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);",
    );
    write(
      'src/odd.ts',
      "import { even } from './even';\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);",
    );
    const cell = "import { even } from '../src/even';\neven(10)";
    expect(outcome(await kernel.run(cell))).toBe('true');
    write('src/odd.ts', 'export const odd = (n: number): boolean => { void n; return false; };');
    expect(outcome(await kernel.run(cell))).toBe('false');
  });

  it('stops a loop in a module', async () => {
    write('src/endless.ts', "export function endless(): void {\n  console.log('begun');\n  for (;;);\n}");
    const cell = await kernel.begin("import { endless } from '../src/endless';\nendless();");
    await cell.until(({ stdout }) => stdout.includes('begun'));
    await kernel.interrupt();
    expect((await cell.done).reply.status).toBe('error');
  });

  it('loads a package anew when a signal has broken its loading, with what had taken a half of it', async () => {
    write('node_modules/broken/package.json', '{ "name": "broken", "main": "index.js", "types": "index.d.ts" }');
    write('node_modules/broken/index.d.ts', 'export const part: () => string;');
    write(
      'node_modules/broken/index.js',
      "exports.part = require('./part').part;\nconst first = !globalThis.wasBroken;\nglobalThis.wasBroken = true;\nconsole.log('begun');\nwhile (first);\nexports.name = 'whole';",
    );
    write('node_modules/broken/part.js', "const whole = require('./index');\nexports.part = () => String(whole.name);");
    const cell = "import { part } from 'broken';\npart()";
    const broken = await kernel.begin(cell);
    await broken.until(({ stdout }) => stdout.includes('begun'));
    kernel.process.kill('SIGINT');
    expect((await broken.done).reply.ename).toBe('Interrupted');
    expect(outcome(await kernel.run(cell))).toBe("'whole'");
  });
});
