// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates in their text
/** A reader of the first notebook runs its cells again, with other hyperparameters and in other orders. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient } from '../../kernel/src/testing/client';
import { repetitions } from '../../lib/src/testing/repetitions';
import { giveOfflineDigits } from '../processes/offlineData';

/** The cells of code of a notebook. */
function codeOf(notebook: string): string[] {
  const file = path.join(__dirname, '..', '..', 'notebooks', `${notebook}.ipynb`);
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as { cells: { cell_type: string; source: string[] }[] };
  return cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));
}

const code = codeOf('01-mechanics-101');

/** The cell that has this text. */
const cell = (text: string) => code.find((source) => source.includes(text)) ?? `throw new Error('no cell has ${text}')`;
const building = cell('const graph = new tf.Graph()');
const starting = cell('const firstWeights');
const training = cell('const logdir = runDirectory');
const evaluating = cell("await doEval('Test set");
/** What only shows what is there: notebooks.test.ts runs it. */
const SHOWING = /^(plot\.|const sketch)/;

let kernel: KernelClient;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'rerun-'));
  mkdirSync(path.join(folder, 'notebooks'));
  await giveOfflineDigits(path.join(folder, 'data'));
  kernel = await KernelClient.start({ cwd: path.join(folder, 'notebooks') });
  for (const source of code.slice(0, code.indexOf(training) + 1))
    if (!SHOWING.test(source)) await run(source.replace('maxSteps: 2000', 'maxSteps: 60'));
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
  readdirSync(path.join(folder, 'summaries', name)).filter(
    (file) => file.startsWith('events') && !file.endsWith('.hparams'),
  ).length;

describe('the cells of the first notebook, run again', () => {
  it('train in a new folder each time, with one event file', async () => {
    expect(runs()).toEqual(['mechanics-101-1']);
    for (const source of [building, starting, training, training]) await run(source);
    expect(runs()).toEqual(['mechanics-101-1', 'mechanics-101-2', 'mechanics-101-3']);
    expect(runs().map(eventFiles)).toEqual([1, 1, 1]);
  });

  it('train in one folder that each training empties first, where the reader has chosen that, with the same losses, to the bit', async () => {
    await run('flags.freshRun = false;');
    // What the live chart has is every loss, and what the event file has what the summaries wrote.
    const losses = async () => {
      const { stdout } = await run(training);
      const { result } = await run(
        'JSON.stringify([chart.figure().data, (await tf.summary.readScalars(logdir)).get("loss")?.map(({ step, value }) => [step, value])])',
      );
      return [stdout, result];
    };
    const first = await losses();
    expect(first[1]).toMatch(/"y":\[2\.\d{5,},(\d\.\d+,?){59}\]/);
    for (let i = 1; i < 5; i++) expect(await losses()).toEqual(first);
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

  it('give the same losses, to the bit, where one call has the session and the sets begin anew', async () => {
    const losses = async () =>
      (
        await run(`
await session.restart(net.init, sets);
const losses: number[] = [];
for (let step = 0; step < 60; step++) losses.push((await session.run([net.trainOp, net.loss], fillFeedDict(sets.train)))[1]);
await doEval('Validation', sets.validation);
JSON.stringify(losses)`)
      ).result;
    const first = await losses();
    for (let i = 1; i < 5; i++) expect(await losses()).toBe(first);
  });

  it('go on with what a training has learned that was stopped before its first checkpoint', async () => {
    await run(
      "import { readdirSync, rmSync } from 'node:fs';\nfor (const file of readdirSync(logdir)) if (/ckpt|checkpoint/.test(file)) rmSync(`${logdir}/${file}`);",
    );
    const { stdout } = await run(cell('const restored ='));
    expect(stdout).toMatch(/Trained: {2}loss ([\d.]+)\nRestored: loss \1\nSteps behind it: 60\n/);
  });

  it('may be run from the middle: what came before stands', async () => {
    for (const source of [evaluating, cell('plot.confusionMatrix'), cell('plot.weights'), cell('graphView(sketch')])
      await run(source);
  });
});

/** In a soak also convolutions, which take their time. */
const isTried = (notebook: string) => notebook !== '03-convnet' || repetitions(0, 1) > 0;

describe('the training cells of the other notebooks', () => {
  const scalars =
    "JSON.stringify((await Promise.all(['train', 'validation'].map((name) => tf.summary.readScalars(`${logdir}/${name}`)))).map((tags) => [...tags].map(([tag, points]) => [tag, points.map(({ step, value }) => [step, value])])))";

  for (const [notebook, all, few] of [
    ['02-tensorboard', 'maxSteps: 1000', 'maxSteps: 30'],
    ['03-convnet', 'maxSteps: 400', 'maxSteps: 20'],
  ] as const)
    it.runIf(isTried(notebook))(`of ${notebook} give the same values however often they are run`, async () => {
      const cells = codeOf(notebook).map((source) => source.replace(all, few));
      const training = cells.findIndex((source) => source.includes('const logdir = runDirectory'));
      for (const source of cells.slice(0, training)) await run(source);
      const values = async () => {
        await run(cells[training] ?? '');
        await run('for (const writer of [trainWriter, validationWriter]) await writer.close();');
        return (await run(scalars)).result;
      };
      const first = await values();
      expect(first).toMatch(/^'\[\[\["/);
      for (let i = 0; i < repetitions(1, 5); i++) expect(await values()).toBe(first);
    });
});

describe('the exercises', () => {
  it('on a trial that breaks finds one that does', async () => {
    const cells = codeOf('04-project-structure');
    const searching = cells.find((source) => source.includes('hyperparameters.search(')) ?? '';
    for (const source of cells.slice(0, 3))
      await run(
        source
          .replace('maxIterations: 900', 'maxIterations: 3')
          .replace('minIterations: 100', 'minIterations: 1')
          .replace(/const { lr, nbUnits.*/, "$&\nif (nbUnits > 70) throw new Error('as if memory did not suffice');"),
      );
    await run(searching);
    const { result } = await run(
      'const broken = results.trials.filter(({ config }) => Number(config.nbUnits) > 70);\n' +
        'JSON.stringify([results.trials.length, broken.length > 0, broken.every(({ error }) => error === "as if memory did not suffice"), results.best !== undefined])',
    );
    expect(result).toBe("'[5,true,true,true]'");
  });
});
