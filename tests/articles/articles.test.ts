/**
 * Every line of the three articles has its line here: compiled with the types that users get, run, and what comes out held against what Python's
 * TensorFlow gave for the article's own (`python.json`, which `extract.py` makes).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as library from '../../lib/src';
import { type Keys, parseConfig } from '../../lib/src/models/configuration';
import { articles, type Line } from '../../scripts/articles.mjs';
import { pythonWith, runPython } from '../tensorboard/python';

const { tf } = library;
const root = path.join(__dirname, '..', '..');

/** What Python gave, line by line. */
type Golden = readonly { title: string; lines: readonly { python: string; gives: unknown }[] }[];
const golden: Golden = JSON.parse(readFileSync(path.join(__dirname, 'python.json'), 'utf8'));

/** What the lines of every article may name besides the library, and what is only for the expressions. */
const context = `
declare const FLAGS: {
  readonly trainDir: string; readonly summariesDir: string; readonly resultDir: string;
  readonly fakeData: boolean; readonly learningRate: number; readonly batchSize: number; readonly maxSteps: number;
};
declare const batchSize: number, hidden1Units: number, hidden2Units: number;
declare const oneHot: (i: number) => number[];
declare const value: (fetches: tf.Tensor) => Promise<unknown>;
declare const scalarsIn: (writer: tf.summary.FileWriter) => Promise<object>;
declare const tracesIn: (writer: tf.summary.FileWriter) => Promise<string[]>;
declare const configured: (keys: models.Keys, given: object) => Record<string, unknown>;
declare const printed: string[];
declare const check: (line: number, value: unknown) => void;
`;

/** The lines as one program, which gives each expression to \`check\`. */
function programOf(lines: readonly Line[]): string {
  return lines
    .map(({ before, typescript, gives }, i) =>
      [before?.typescript ?? '', typescript, gives ? `check(${i}, ${gives[0]});` : ''].join('\n'),
    )
    .join('\n');
}

/** A value as JSON has it: arrays in rows, what there isn't as null. */
function plain(value: unknown): unknown {
  if (value instanceof tf.HostArray) return value.toArray();
  if (Array.isArray(value)) return value.map(plain);
  return value ?? null;
}

/** What is the same but for the last digits of its numbers. */
function close(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isInteger(value)) return expect.closeTo(value, Math.abs(value) < 1 ? 6 : 5);
  if (Array.isArray(value)) return value.map(close);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, close(item)]));
  return value;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'articles-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A tensor's value in a session of its own, with zeros for what is fed. */
async function value(tensor: library.tf.Tensor): Promise<unknown> {
  const placeholders = tensor.graph.operations.filter(({ type }) => type === 'Placeholder');
  const known = placeholders
    .flatMap(({ outputs }) => outputs)
    .filter(({ shape }) => shape?.every((size) => size !== null));
  await using session = new tf.Session({ graph: tensor.graph });
  await session.run(tensor.graph.asDefault(() => tf.globalVariablesInitializer()));
  const feeds = known.map((x) => {
    const shape = x.shape as number[];
    const zeros = shape.reduceRight<unknown>((inner, size) => Array(size).fill(inner), 0);
    return [x, tf.hostArray(zeros as number[], x.dtype as 'int32')] as const;
  });
  return await session.run(tensor, feeds); // before the session is closed
}

async function scalarsIn(writer: library.tf.summary.FileWriter): Promise<object> {
  await writer.flush();
  const scalars = await tf.summary.readScalars(writer.getLogdir());
  return Object.fromEntries([...scalars].map(([tag, points]) => [tag, points.map(({ step, value }) => [step, value])]));
}

async function tracesIn(writer: library.tf.summary.FileWriter): Promise<string[]> {
  await writer.flush();
  const tags: string[] = [];
  for await (const { taggedRunMetadata } of tf.summary.readEvents(writer.getLogdir()))
    if (taggedRunMetadata) tags.push(taggedRunMetadata.tag ?? '');
  return tags;
}

/** What the lines of an article may name. */
function given(own: string, printed: readonly string[]) {
  return {
    ...library,
    FLAGS: {
      trainDir: path.join(own, 'train'),
      summariesDir: path.join(own, 'summaries'),
      resultDir: path.join(own, 'results'),
      fakeData: true,
      learningRate: 0.01,
      batchSize: 100,
      maxSteps: 3,
    },
    batchSize: 100,
    hidden1Units: 128,
    hidden2Units: 32,
    oneHot: (i: number) => Array.from({ length: 10 }, (_, k) => Number(k === i)),
    value,
    scalarsIn,
    tracesIn,
    configured: (keys: Keys, config: object) => parseConfig('mine', keys, config, {}),
    printed,
  };
}

it('compile without casts', () => {
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  for (const [i, { lines }] of articles.entries()) {
    const names = 'import { data, hyperparameters, mnist, models, tf } from "tf-mechanics";';
    writeFileSync(path.join(folder, `${i}.ts`), `${names}${context}\n${programOf(lines)}\nexport {};\n`);
  }
  const options = { strict: true, target: 'es2022', lib: ['es2022', 'esnext.disposable'], module: 'node20' };
  const compilerOptions = { ...options, types: ['node'], noEmit: true, skipLibCheck: true };
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  let errors = '';
  try {
    execFileSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
  } catch (error) {
    errors = (error as { stdout: string }).stdout;
  }
  expect(errors).toBe('');
});

describe.each(articles)('the lines of $title', ({ title, lines }) => {
  const values = new Map<number, unknown>();
  let failure: unknown;
  const python = golden.find((article) => article.title === title)?.lines ?? [];

  beforeAll(async () => {
    tf.resetDefaultGraph();
    const printed: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line) => printed.push(line));
    const names = {
      ...given(mkdtempSync(path.join(folder, 'run-')), printed),
      check: (line: number, value: unknown) => values.set(line, plain(value)),
    };
    const { code } = await transform(`async function article() {\n${programOf(lines)}\n}`, {
      loader: 'ts',
      target: 'es2022',
    });
    try {
      await new Function(...Object.keys(names), `${code}\nreturn article();`)(...Object.values(names));
    } catch (error) {
      failure = error;
    } finally {
      log.mockRestore();
    }
  });

  it('were run in Python as they stand here', () => {
    expect(python.map((line) => line.python)).toEqual(lines.map((line) => line.python));
  });

  it.each(lines.map((line, i) => ({ ...line, i })))('$python', ({ gives, i }) => {
    if (failure && gives && !values.has(i)) throw failure;
    if (gives) expect(values.get(i)).toEqual(close(python[i]?.gives));
  });

  it('run to the end', () => {
    if (failure) throw failure;
  });
});

const interpreter = pythonWith('tensorflow');

it.skipIf(!interpreter)('Python gives for the articles’ lines what it gave', async () => {
  const now = await runPython<Golden>(interpreter!, path.join(__dirname, 'extract.py'), '--print');
  expect(now).toEqual(close(golden));
});
