/** What cells get of packages of every kind: the values that Node itself gives, and types that agree with them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CellRun, KernelClient } from './testing/client';

const parent = mkdtempSync(path.join(tmpdir(), 'imports-'));
const folder = path.join(parent, 'own');
let kernel: KernelClient;

function write(file: string, text: string | object): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), typeof text === 'string' ? text : JSON.stringify(text));
}

/** Installs a package; its files by name, and what its `package.json` says beside the name. */
function install(name: string, description: object, files: Readonly<Record<string, string>>): void {
  write(`node_modules/${name}/package.json`, { name, version: '1.0.0', ...description });
  for (const [file, text] of Object.entries(files)) write(`node_modules/${name}/${file}`, text);
}

const COMPILED = 'Object.defineProperty(exports, "__esModule", { value: true });';

const SUM = `import { inner } from '~deep';
import two from 'compiled';
export default class Sum { value: number = inner + two }`;

function installAll(): void {
  write('package.json', { name: 'own', type: 'module', imports: { '#own/*': './src/*' } });
  install('untyped', {}, { 'index.js': 'exports.answer = 42;' });
  install('@scope/untyped', { type: 'module', exports: './x.js' }, { 'x.js': 'export default () => 42;' });
  install(
    'hidden',
    { exports: './x.js', types: './types/x.d.ts' },
    { 'x.js': 'exports.answer = 42;', 'types/x.d.ts': 'export {};' },
  );
  install(
    'ecma',
    { type: 'module', exports: { types: './x.d.ts', default: './x.js' } },
    {
      'x.js': 'export const answer = 42; export default class Box { size = 1 }',
      'x.d.ts': 'export const answer: number; export default class Box { size: number }',
    },
  );
  install(
    'assigned',
    {},
    {
      'index.js': 'module.exports = function () { return 42; }; module.exports.extra = 1;',
      'index.d.ts': 'declare function f(): number; declare namespace f { const extra: number } export = f;',
    },
  );
  install(
    'compiled',
    {},
    {
      'index.js': `${COMPILED} exports.default = 42; exports.named = 1;`,
      'index.d.ts': 'declare const answer: number; export default answer; export const named: number;',
    },
  );
  install(
    'no-default',
    {},
    { 'index.js': `${COMPILED} exports.named = 1;`, 'index.d.ts': 'export const named: number;' },
  );
  install(
    'dual',
    {
      exports: {
        node: {
          import: { types: './x.d.mts', default: './x.mjs' },
          require: { types: './x.d.cts', default: './x.cjs' },
        },
        default: './none.js',
      },
    },
    {
      'x.mjs': "export const kind = 'import'; export default 1;",
      'x.d.mts': "export const kind: 'import'; declare const one: 1; export default one;",
      'x.cjs': "exports.kind = 'require';",
      'x.d.cts': "export const kind: 'require';",
    },
  );
  install(
    'below',
    { exports: { './sub/*': { types: './d/*.d.ts', default: './s/*.js' } } },
    {
      's/a.js': 'exports.name = "a";',
      'd/a.d.ts': 'export const name: string;',
    },
  );
  install('elsewhere', {}, { 'index.js': 'exports.answer = 42;' });
  install('@types/elsewhere', { types: 'index.d.ts' }, { 'index.d.ts': 'export const answer: number;' });
  install(
    'waiting',
    { type: 'module', exports: './x.js' },
    {
      'x.js': 'export const answer = await new Promise((resolve) => setTimeout(resolve, 5, 42));',
      'x.d.ts': 'export const answer: number;',
    },
  );
  install('failing', {}, { 'index.js': '\n\nthrow new RangeError("too far");' });
  install('failing-module', { type: 'module', exports: './x.js' }, { 'x.js': '\nthrow new RangeError("too far");' });
  install('unreadable', {}, { 'index.js': 'exports.a = 1;\nexports.b = ;' });
  install(
    'unreadable-module',
    { type: 'module', exports: './x.js' },
    { 'x.js': "import './y.js';", 'y.js': '\nexport const b = ;' },
  );
  install(
    'looping',
    { type: 'module', exports: './x.js' },
    {
      'x.js':
        "const first = !globalThis.once;\nglobalThis.once = true;\nconsole.log('looping');\nwhile (first);\nexport const answer = 42;",
      'x.d.ts': 'export const answer: number;',
    },
  );
  write('tsconfig.json', '{ // what it extends has the paths\n "extends": "./base.json" }');
  write('base.json', { compilerOptions: { paths: { '@/*': ['./lib/*'], '~deep': ['./lib/deep/index.ts'] } } });
  write('lib/deep/index.ts', 'export const inner = 40;');
  // A package that says that it is CommonJS has the defaults that its compiler gives it.
  write('lib/package.json', { name: 'lib', type: 'commonjs' });
  write('lib/sum.ts', SUM);
  write('src/live.mjs', 'export let count = 0;\nexport const raise = () => ++count;');
  write('src/typed.js', 'export const answer = 42;');
  write('src/typed.d.ts', 'export declare const answer: number;');
  write('src/common.cjs', 'exports.named = 1;');
  write('src/values.json', { size: 42 });
}

/** What is imported as `$`, an expression of it, and its type, which Node gives the same values of. */
const KINDS: readonly (readonly [statement: string, expression: string, type: string])[] = [
  ["import $ from 'untyped'", '$.answer', 'any'],
  ["import { answer as $ } from 'untyped'", '$', 'any'],
  ["import * as $ from 'untyped'", 'Object.keys($)', 'string[]'],
  ["import $ from '@scope/untyped'", '$()', 'any'],
  ["import { answer as $ } from 'hidden'", '$', 'any'],
  ["import $ from 'ecma'", 'new $().size', 'number'],
  ["import { answer as $ } from 'ecma'", '$', 'number'],
  [
    "import * as $ from 'ecma'",
    '[Object.keys($), $.answer, new $.default()]',
    '[string[], number, import("ecma").default]',
  ],
  ["import $ from 'assigned'", '[$(), $.extra]', 'number[]'],
  ["import { extra as $ } from 'assigned'", '$', 'number'],
  ["import * as $ from 'assigned'", '[$.default(), $.extra]', 'number[]'],
  ["import $ from 'compiled'", '[$.default, $.named]', 'number[]'],
  ["import { default as $ } from 'compiled'", '$.default', 'number'],
  ["import { named as $ } from 'compiled'", '$', 'number'],
  ["import $ from 'no-default'", '$.named', 'number'],
  ["import * as $ from 'no-default'", '[$.named, $.default.named]', 'number[]'],
  ["import $ from 'dual'", '$', '1'],
  ["import { kind as $ } from 'dual'", '$', "'import'"],
  ["import { name as $ } from 'below/sub/a'", '$', 'string'],
  ["import { answer as $ } from 'elsewhere'", '$', 'number'],
  ["import { answer as $ } from 'waiting'", '$', 'number'],
  ["import $, { join as $j } from 'node:path'", '$.join === $j', 'boolean'],
  ["import { answer as $ } from '#own/typed.js'", '$', 'number'],
  ["import { count as $, raise as $r } from '../src/live.mjs'", '$', 'number'],
  ["import $ from '../src/common.cjs'", '$.named', 'number'],
  ["import * as $ from '../src/common.cjs'", '$', '{ named: number; default: { named: number } }'],
  ["const $ = await import('compiled')", '[$.default.default, $.named]', 'number[]'],
  ["const { kind: $ } = await import('dual')", '$', "'import'"],
];

const named = (text: string, i: number) => text.replaceAll('$', `x${i}`);

/** What a cell gives, or else its error. */
const outcome = ({ result, reply }: CellRun) => result ?? stripVTControlCharacters(String(reply.evalue ?? ''));
const traceback = ({ reply }: CellRun) => stripVTControlCharacters((reply.traceback ?? []).join('\n'));

beforeAll(async () => {
  installAll();
  mkdirSync(path.join(folder, 'notebooks'));
  kernel = await KernelClient.start({ cwd: path.join(folder, 'notebooks') });
});
afterAll(async () => {
  await kernel.shutDown();
  rmSync(parent, { recursive: true, force: true });
});

it('gives what Node gives of every kind of package, and types that agree, and notes once which have none', async () => {
  const imports = KINDS.map(([statement], i) => `${named(statement, i)};`);
  const values = `JSON.stringify([${KINDS.map(([, expression], i) => `\n  ${named(expression, i)}`)}])`;
  const program = [...imports, `process.stdout.write(${values});`].join('\n');
  write('notebooks/program.mjs', program);
  const byNode = execFileSync(process.execPath, ['program.mjs'], {
    cwd: path.join(folder, 'notebooks'),
    encoding: 'utf8',
  });
  const types = KINDS.map(([, expression, type], i) => {
    const value = named(expression, i);
    // Of `any` both hold; of another type only what it is.
    const other = type === 'any' ? '' : '// @ts-expect-error it is no symbol\n';
    return `const v${i}: ${type} = ${value};\n${other}const w${i}: symbol = ${value};`;
  });
  const cell = await kernel.run([...imports, ...types, values].join('\n'));
  expect(outcome(cell)).toBe(`'${byNode}'`);
  const notes = stripVTControlCharacters(cell.stderr).trim().split('\n');
  expect(notes).toEqual([
    'untyped has no types, so it is any: npm install --save-dev @types/untyped may bring them',
    '@scope/untyped has no types, so it is any: npm install --save-dev @types/scope__untyped may bring them',
    "hidden has no types, so it is any: its package.json doesn't export those that it has",
  ]);
  expect((await kernel.run("import again from 'untyped';")).stderr).toBe('');
  // A variable of a module is what it is there, in later cells, too.
  const count = KINDS.findIndex(([statement]) => statement.includes('live.mjs'));
  expect(outcome(await kernel.run(`x${count}r();\nx${count}`))).toBe('1');
}, 180_000);

it('has what only one of the two ways gives', async () => {
  const cell = [
    "import json from '../src/values.json';",
    "import same from '../src/values.json' with { type: 'json' };",
    "import * as whole from '../src/values.json';",
    "import assigned = require('assigned');",
    "import both = require('dual');",
    'const size: number = json.size + whole.default.size + assigned() + (same === json ? 0 : 1);',
    'const empty = await WebAssembly.instantiate(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));',
    "JSON.stringify([size, both.kind === require('dual').kind, import.meta.dirname === __dirname, import.meta.resolve('dual').slice(-5), empty.instance.exports])",
  ];
  expect(outcome(await kernel.run(cell.join('\n')))).toBe('\'[126,true,true,"x.mjs",{}]\'');
});

it('refuses attributes that do not hold, in cells, modules and by import()', async () => {
  write('src/claims.mjs', "import x from './typed.js' with { type: 'json' };\nexport default x;");
  const css = 'Import attribute "type" with value "css" is not supported';
  for (const [code, error] of [
    ["import $ from '../src/values.json' with { type: 'css' };", css],
    ["import $ from '../src/values.json'; import '../src/values.json' with { type: 'css' };", css],
    ["import '../src/values.json' with { as: 'json' };", 'Import attribute "as" with value "json" is not supported'],
    ["import * as $ from '../src/typed.js' with { type: 'json' };", 'Module "../src/typed.js" is not of type "json"'],
    ["import $ from 'node:path' with { type: 'json' };", 'Module "node:path" is not of type "json"'],
    ["import '../src/claims.mjs';", 'Module "./typed.js" is not of type "json"'],
    ["await import('../src/values.json', { with: { type: 'css' } });", css],
  ] as const) {
    const run = await kernel.run(code);
    expect([code, run.reply.ename, outcome(run)]).toEqual([code, 'TypeError', error]);
    expect(traceback(run)).toMatch(/In\[\d+\]:1:\d/);
  }
  const { result } = await kernel.run(
    "[(await import('../src/values.json', { with: { type: 'json' } })).default.size, (await import('data:application/json,[1]' as string, { with: { type: 'json' } })).default]",
  );
  expect(result).toBe('[ 42, [ 1 ] ]');
});

it('says in which line of the cell, and of what file, an import fails', async () => {
  write('src/uses.mjs', "// not a word\nimport 'failing';\n");
  write('src/lacking.mjs', "\nimport 'nowhere';\n");
  write('src/wrong.mjs', "import { nothing } from './live.mjs';\nnothing();\n");
  write('src/text.mjs', "throw 'a text';");
  const failed = async (request: string) => traceback(await kernel.run(`const before = 1;\nimport '${request}';`));
  for (const [request, ...parts] of [
    ['failing', 'RangeError: too far', 'node_modules/failing/index.js:3:7'],
    ['failing-module', 'RangeError: too far', 'node_modules/failing-module/x.js:2:7'],
    ['../src/uses.mjs', 'RangeError: too far', 'failing/index.js:3:7', '../src/uses.mjs:2:1'],
    ['../src/lacking.mjs', "Error: Cannot find package 'nowhere'", '../src/lacking.mjs:2:1'],
    ['../src/wrong.mjs', "SyntaxError: the module './live.mjs' has no export named 'nothing'", '../src/wrong.mjs:1:1'],
    ['../src/text.mjs', "the module '../src/text.mjs' threw 'a text'"],
    ['unreadable', "SyntaxError: Unexpected token ';'", 'node_modules/unreadable/index.js:2:13'],
    ['unreadable-module', "SyntaxError: Unexpected token ';'", 'node_modules/unreadable-module/y.js:2:18'],
  ] as const) {
    const shown = await failed(request);
    for (const part of [...parts, /In\[\d+\]:2:1/]) expect(shown).toMatch(part);
    expect(shown.split('\n').filter((line) => / at .*(kernel[\\/]dist|node:internal)/.test(line))).toEqual([]);
  }
  expect(outcome(await kernel.run("import { nothing } from 'untyped';"))).toBe(
    "the module 'untyped' has no export named 'nothing'",
  );
  expect(traceback(await kernel.run("const one = 1;\nawait import('../src/' + 'none.mjs');"))).toMatch(/In\[\d+\]:2:/);
});

it('waits for modules that await, in the order and at the times that Node does', async () => {
  const log = (text: string) => `(globalThis.log ??= []).push('${text}');`;
  // The first waits for the second, whatever the machine does meanwhile.
  const waiting = 'await new Promise((resolve) => { globalThis.goOn = resolve; });';
  write('src/slow.mjs', `${log('slow')} ${waiting} ${log('slow over')} export const slow = 1;`);
  const turn = 'await new Promise((resolve) => setImmediate(resolve));';
  write('src/quick.mjs', `${log('quick')} ${turn} ${log('quick over')} globalThis.goOn();`);
  write('src/atOnce.mjs', log('at once'));
  write('src/after.mjs', `import { slow } from './slow.mjs'; ${log('after')} export default slow;`);
  write(
    'src/a.mjs',
    "import { b } from './b.mjs'; export const a = await Promise.resolve(20); export const sum = () => a + b; export function early() { return 22; }",
  );
  write('src/b.mjs', "import { a, early } from './a.mjs'; export const b = early(); export const later = () => a;");
  const imports = [
    "import slow from '../src/after.mjs';",
    "import '../src/quick.mjs'; import '../src/atOnce.mjs';",
    "import { sum } from '../src/a.mjs'; import { later } from '../src/b.mjs';",
  ].join('\n');
  const values = "JSON.stringify([slow, sum(), later(), (globalThis as any).log.join(', ')])";
  write('notebooks/order.mjs', `${imports}\nprocess.stdout.write(${values.replace(' as any', '')});`);
  const byNode = execFileSync(process.execPath, ['order.mjs'], {
    cwd: path.join(folder, 'notebooks'),
    encoding: 'utf8',
  });
  expect(byNode).toContain('slow, quick, at once, quick over, slow over, after');
  expect(outcome(await kernel.run(`${imports}\n${values}`))).toBe(`'${byNode}'`);
  const both = "const [one, two] = await Promise.all([import('../src/a.mjs'), import('../src/a.mjs')]);\none === two";
  expect(outcome(await kernel.run(both))).toBe('true');
  write('src/fresh.mjs', 'export const fresh = await 1;');
  expect(outcome(await kernel.run("require('../src/fresh.mjs')"))).toBe(
    "../src/fresh.mjs awaits outside of its functions, which `require` can't wait for: `import` it",
  );
});

it('refuses what a module that imports itself by others has no value for yet, as Node does', async () => {
  write(
    'src/circle.mjs',
    `import { early, told } from './back.mjs';
    export const a = 1; export let l = 2; export var v = 3; export class C {} const inner = 4; export { inner as outer };
    export const { x, y: [z] } = { x: 5, y: [6] }; export function f() { return a; } export default f;
    export const seen = [early, told()];`,
  );
  write(
    'src/back.mjs',
    `import * as all from './circle.mjs';
    import * as again from './again.mjs';
    import { a, l, v, C, outer, x, z, f } from './circle.mjs';
    const tell = (get) => { try { return String(get()); } catch (error) { return error.name + ': ' + error.message; } };
    export const told = () =>
      [() => a, () => l, () => v, () => C.name, () => outer, () => x, () => z, () => f(), () => all.a, () => all.f.name, () => again.a].map(tell);
    export const early = told();`,
  );
  write('src/again.mjs', "export * from './circle.mjs';");
  const cell = "import { seen } from '../src/circle.mjs';\nJSON.stringify(seen)";
  write('notebooks/circle.mjs', cell.replace('JSON', 'process.stdout.write(JSON').concat(')'));
  const byNode = execFileSync(process.execPath, ['circle.mjs'], {
    cwd: path.join(folder, 'notebooks'),
    encoding: 'utf8',
  }).replaceAll('inner', 'outer'); // Node calls it by its name in the module
  expect(byNode).toContain("ReferenceError: Cannot access 'a' before initialization");
  expect(
    outcome(await kernel.run(cell))
      .replaceAll("\\'", "'")
      .slice(1, -1),
  ).toBe(byNode);
});

it('leaves nothing half of a module that was interrupted while it awaited, or that failed', async () => {
  write(
    'src/stuck.mjs',
    'globalThis.tries = (globalThis.tries ?? 0) + 1;\nconsole.log("begun");\nif (tries === 1) await new Promise(() => {});\nexport const done = tries;',
  );
  const cell = "import { done } from '../src/stuck.mjs';\ndone";
  const stuck = await kernel.begin(cell);
  await stuck.until(({ stdout }) => stdout.includes('begun'));
  await kernel.interrupt();
  expect((await stuck.done).reply.ename).toBe('Interrupted');
  expect(outcome(await kernel.run(cell))).toBe('2');
  write('src/one.mjs', "import { two } from './two.mjs';\nexport const one = 1;\nthrow new Error('early ' + two());");
  write('src/two.mjs', "import { one } from './one.mjs';\nexport const two = () => one;");
  const circular = "const { one, again } = await import('../src/one.mjs' as string);\n[one, again()]";
  expect(outcome(await kernel.run(circular))).toBe('early 1');
  write('src/one.mjs', "import { two } from './two.mjs';\nexport const one = 10;\nexport const again = () => two();");
  expect(outcome(await kernel.run(circular))).toBe('[ 10, 10 ]');
});

it('stops a loop of a module that has awaited, and a signal one of a package, which is loaded anew then', async () => {
  write('src/endless.mjs', 'await 1;\nconsole.log("endless");\nfor (;;);');
  const endless = await kernel.begin("import '../src/endless.mjs';");
  await endless.until(({ stdout }) => stdout.includes('endless'));
  await kernel.interrupt();
  expect((await endless.done).reply.ename).toBe('Interrupted');
  const looping = await kernel.begin("import { answer } from 'looping';\nanswer");
  await looping.until(({ stdout }) => stdout.includes('looping'));
  kernel.process.kill('SIGINT');
  expect((await looping.done).reply.ename).toBe('Interrupted');
  expect(outcome(await kernel.run("import { answer } from 'looping';\nanswer"))).toBe('42');
});

it('imports by the paths of a tsconfig.json, in cells and in modules, and what other cells are', async () => {
  await kernel.run("/** @module cellOf */\nimport { inner } from '~deep';\nexport const two: number = inner + 2;");
  const cell = [
    "import Sum from '@/sum';",
    "import { two } from './cellOf';",
    'const value: number = new Sum().value + two;',
    "[value, require('~deep').inner, import.meta.dirname.length > 0]",
  ];
  const run = await kernel.run(cell.join('\n'));
  expect([outcome(run), run.stderr]).toEqual(['[ 124, 40, true ]', '']);
});
