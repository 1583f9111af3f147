/** A reader of the first notebook runs its cells again, with other hyperparameters and in other orders. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient } from '../../kernel/src/testing/client';

const notebook = path.join(__dirname, '..', '..', 'notebooks', '01-mechanics-101.ipynb');
const { cells } = JSON.parse(readFileSync(notebook, 'utf8')) as { cells: { cell_type: string; source: string[] }[] };
const code = cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));

/** The cell that has this text. */
const cell = (text: string) => code.find((source) => source.includes(text)) ?? `throw new Error('no cell has ${text}')`;
const building = cell('const graph = new tf.Graph()');
const starting = cell('const session = new tf.Session');
const training = cell('const logdir = runDirectory');
const evaluating = cell("await doEval('Test set");

let kernel: KernelClient;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'rerun-'));
  mkdirSync(path.join(folder, 'notebooks'));
  kernel = await KernelClient.start({ cwd: path.join(folder, 'notebooks') });
  for (const source of code)
    if (!source.includes('tensorboard(')) await run(source.replace('maxSteps: 2000', 'maxSteps: 60'));
}, 120_000);
afterAll(async () => {
  await kernel.shutDown();
  rmSync(folder, { recursive: true });
});

async function run(source: string) {
  const result = await kernel.run(source);
  if (result.reply.status !== 'ok') throw new Error(`${source}\n${result.reply.evalue}`);
  return result;
}

const runs = () => readdirSync(path.join(folder, 'summaries')).sort();
const eventFiles = (name: string) =>
  readdirSync(path.join(folder, 'summaries', name)).filter((file) => file.startsWith('events')).length;

describe('the cells of the first notebook, run again', () => {
  it('train in a new folder each time, with one event file', async () => {
    expect(runs()).toEqual(['mechanics-101-1']);
    for (const source of [building, starting, training, training]) await run(source);
    expect(runs()).toEqual(['mechanics-101-1', 'mechanics-101-2', 'mechanics-101-3']);
    expect(runs().map(eventFiles)).toEqual([1, 1, 1]);
  });

  it('train in one folder that each training empties first, where the reader has chosen that', async () => {
    await run('flags.freshRun = false;');
    for (let i = 0; i < 3; i++) await run(training);
    expect(runs()).toEqual(['mechanics-101', 'mechanics-101-1', 'mechanics-101-2', 'mechanics-101-3']);
    expect(eventFiles('mechanics-101')).toBe(1);
  });

  it('build a graph as large as the first one, and lose with another learning rate what was learned', async () => {
    const size = async () => (await run('graph.operations.length')).result;
    const before = await size();
    await run('flags.learningRate = 0.5;');
    for (const source of [building, building, starting]) await run(source);
    expect(await size()).toBe(before);
    const { stdout } = await run(cell("await doEval('Before training"));
    expect(Number(/precision @ 1: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThan(0.3);
    await run(training);
    const after = await run(evaluating);
    expect(Number(/Test set.*precision @ 1: ([\d.]+)/.exec(after.stdout)?.[1])).toBeGreaterThan(0.5);
  });

  it('give the same losses for the same seed', async () => {
    const lines = async () => {
      await run(cell('await data.readDataSets'));
      for (const source of [building, starting]) await run(source);
      return (await run(training)).stdout;
    };
    expect(await lines()).toBe(await lines());
  });

  it('may be run from the middle: what came before stands', async () => {
    for (const source of [evaluating, cell('plot.confusionMatrix'), cell('plot.weights'), cell('graphView(sketch')])
      await run(source);
  });
});
