// In a process of its own: it works in another folder.
/** Every example of a doc comment and every piece of the READMEs compiles with the types that users get, runs, and gives what it says. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as library from '../../lib/src';
import { publicValues } from '../public';
import { type Context, makeContext, makeFolders, makeSets } from './context';
import { type Example, examplesOfMarkdown, examplesOfSources, programOf, root, type Said } from './extract';
import { notRun, notShown } from './notRun';

const examples = [
  ...examplesOfSources(),
  ...examplesOfMarkdown('README.md'),
  ...examplesOfMarkdown('lib/README.md'),
].map((example) => ({
  ...example,
  ...programOf(example),
}));

/** An example as a module: a function of what examples may name, and of who looks at what it gives. */
function moduleOf(example: (typeof examples)[number]): string {
  const { imports, statements } = example;
  const given = Object.keys(library).filter(
    (name) => mentions(example, name) && !imports.includes("from 'tf-mechanics'"),
  );
  return `${imports}
import { ${given.join(', ')} } from 'tf-mechanics';
${importsOfItsFile(example, given)}
import type { Context } from '${path.join(root, 'tests/examples/context')}';
export default async ({ ${usedBy(example).join(', ')} }: Context, check: (i: number, value: unknown) => Promise<void>) => {{
${statements}
}};
`;
}

/** What isn't public is imported from the file in which its example stands. */
function importsOfItsFile(example: Example, given: readonly string[]): string {
  const { file } = example;
  if (!file.endsWith('.ts')) return '';
  const exported = readFileSync(file, 'utf8').matchAll(
    /^export (?:async |abstract )*(?:function\*?|class|const|type) (\w+)/gm,
  );
  const names = new Set([...exported].map(([, name]) => name!));
  const used = [...names].filter((name) => mentions(example, name) && !given.includes(name));
  return used.length ? `import { ${used.join(', ')} } from '${compiledFrom(file)}';` : '';
}

/** What a source file is compiled to, without its ending: examples see the types that users get. */
const compiledFrom = (file: string) =>
  path.join(root, 'lib/dist', path.relative(path.join(root, 'lib/src'), file)).slice(0, -'.ts'.length);

/** The names of the context that an example uses. */
const usedBy = (example: Example) => names.filter((name) => mentions(example, name));

/** The library, whose data sets are made-up digits: examples run without a network. */
const offline = {
  ...library,
  data: {
    ...library.data,
    readDataSets: (folder: string, options: object) =>
      library.data.readDataSets(folder, { ...options, fakeData: true }),
  },
};

/** Whether an example speaks of `name`, not only of a member called so. */
const mentions = ({ code }: Example, name: string) =>
  new RegExp(`(?<![\\w'/]|(?<!\\.\\.)\\.)${name}\\b(?!['/])`).test(code);

let folder: string;
let sets: Awaited<ReturnType<typeof makeSets>>;
let names: string[];
const before = process.cwd();
beforeAll(async () => {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  folder = mkdtempSync(path.join(root, '.cache', 'examples-')); // within the repository, where its packages are found
  process.chdir(folder);
  await makeFolders();
  sets = await makeSets();
  names = Object.keys(await makeContext(sets, []));
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

it('there are hundreds of examples, and many say what comes out', () => {
  expect(examples.length).toBeGreaterThanOrEqual(400);
  expect(examples.filter(({ said }) => said.length > 0).length).toBeGreaterThanOrEqual(150);
});

it('every function and class that is public stands in one', () => {
  const all = examples.map(({ code }) => code).join('\n');
  const owners = new Set(examples.map(({ title }) => title.split(' ').at(-1)));
  const known = new Map<unknown, string[]>();
  for (const [name, value] of publicValues())
    if (typeof value === 'function') known.set(value, [...(known.get(value) ?? []), name]);
  const shown = (name: string) => new RegExp(`(?<![\\w.])${name.replaceAll('.', '\\.')}\\b`).test(all);
  const missing = [...known.values()].filter(
    (names) => !names.some((name) => owners.has(name.split('.').at(-1)) || shown(name) || notShown.test(name)),
  );
  expect(known.size).toBeGreaterThan(350);
  expect(missing).toEqual([]);
});

it('all of them compile, strictly and without casts', () => {
  for (const [i, example] of examples.entries()) writeFileSync(path.join(folder, `${i}.ts`), moduleOf(example));
  const compilerOptions = {
    noEmit: true,
    declaration: false,
    declarationMap: false,
    noUncheckedIndexedAccess: false, // what `strict` alone gives
  };
  const config = { extends: path.join(root, 'tsconfig.base.json'), compilerOptions, include: ['*.ts'] };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  let errors = '';
  try {
    execFileSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });
  } catch (error) {
    errors = (error as { stdout: string }).stdout;
  }
  const named = errors.replace(/^(\d+)\.ts/gm, (_, i) => `${i} ${examples[Number(i)]!.title}`);
  expect(named).toBe('');
});

describe('an example runs', () => {
  beforeAll(() => {
    for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  });
  afterAll(() => vi.restoreAllMocks());

  it.each(examples.filter(({ title }) => !(title in notRun)))('$title', async (example) => {
    const used = usedBy(example);
    library.tf.resetDefaultGraph();
    const context = used.length ? await makeContext(sets, used) : undefined;
    const seen: { said: Said; value: unknown }[] = [];
    const { code } = await transform(moduleOf(example), { loader: 'ts', format: 'cjs', target: 'es2022' });
    const modules: Record<string, unknown> = { 'tf-mechanics': offline };
    const itsFile = compiledFrom(example.file);
    if (code.includes(`require("${itsFile}")`)) modules[itsFile] = await import(example.file);
    const require = createRequire(path.join(root, 'package.json'));
    const module: { exports: { default?: Run } } = { exports: {} };
    new Function('require', 'module', 'exports', code)(
      (name: string) => modules[name] ?? require(name),
      module,
      module.exports,
    );
    try {
      await module.exports.default!(context ?? ({} as Context), async (i, value) => {
        const said = example.said[i]!;
        seen.push({ said, value: await plain(await value, said) });
      });
    } finally {
      await context?.session.close();
    }
    for (const { said, value } of seen) expect(value).toEqual('value' in said ? nearly(said.value) : said);
    expect(seen.length).toBe(example.said.length);
  });
});

type Run = (context: Context, check: (i: number, value: unknown) => Promise<void>) => Promise<void>;

/** What an expression gives as a plain value: of a tensor its name, its dtype and shape, or what it is when it runs. */
async function plain(value: unknown, said: Said): Promise<unknown> {
  if (value instanceof library.tf.Tensor) {
    if (!('value' in said)) return { ...('dtype' in said && { dtype: value.dtype }), shape: value.shape };
    if (typeof said.value === 'string' && value.dtype !== 'string') return value.name;
    return plain(await new library.tf.Session({ graph: value.graph }).run(value), said);
  }
  if (value instanceof library.tf.HostArray)
    return 'value' in said ? plain(value.toArray(), said) : { dtype: value.dtype, shape: value.shape };
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return Promise.all(value.map((item) => plain(item, said)));
  return value;
}

/** The value that a comment has, to its six digits. */
function nearly(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isInteger(value)) return expect.closeTo(value, 5);
  if (typeof value === 'number') return value === 0 || Math.abs(value) < 1e6 ? expect.closeTo(value, 5) : value;
  if (Array.isArray(value)) return value.map(nearly);
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, nearly(item)]));
  return value;
}
