// In a process of its own: it works in another folder.
/** Every example in a doc comment, a README or a document compiles with the types that users get, runs, and gives the values that its comments claim. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as library from '../../lib/src';
import { publicValues } from '../public';
import { type Context, makeContext, makeFolders, makeSets } from './context';
import { root, type Said } from './extract';
import { mentions, moduleOf, type Program, programs, runModule } from './modules';
import { notRun, notShown } from './notRun';

let folder: string;
let sets: Awaited<ReturnType<typeof makeSets>>;
let names: string[];
/** The names of the context that an example uses. */
const usedBy = (program: Program) => names.filter((name) => mentions(program, name));
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
  expect(programs.length).toBeGreaterThanOrEqual(400);
  expect(programs.filter(({ said }) => said.length > 0).length).toBeGreaterThanOrEqual(150);
});

it('every function and class that is public stands in one', () => {
  const all = programs.map(({ code }) => code).join('\n');
  const owners = new Set(programs.map(({ title }) => title.split(' ').at(-1)));
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
  for (const [i, program] of programs.entries())
    writeFileSync(path.join(folder, `${i}.ts`), moduleOf(program, usedBy(program)));
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
  const named = errors.replace(/^(\d+)\.ts/gm, (_, i) => `${i} ${programs[Number(i)]!.title}`);
  expect(named).toBe('');
});

describe('an example runs', () => {
  beforeAll(() => {
    for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  });
  afterAll(() => vi.restoreAllMocks());

  it.each(programs.filter(({ title }) => !(title in notRun)))('$title', async (example) => {
    const used = usedBy(example);
    library.tf.resetDefaultGraph();
    const context = used.length ? await makeContext(sets, used) : undefined;
    const seen: { said: Said; value: unknown }[] = [];
    try {
      await runModule(example, moduleOf(example, used), context ?? ({} as Context), async (i, value) => {
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
