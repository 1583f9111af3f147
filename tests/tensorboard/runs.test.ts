/**
 * Runs that are unlike each other, and runs that went on from a checkpoint, through the eyes of TensorBoard's server and ours; every day
 * of its fast reader, in a soak of Python's, too.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../lib/src';
import { repetitions } from '../../lib/src/testing/repetitions';
import { pythonWith, skipped } from './python';
import { TensorBoardServer } from './server';

const python = pythonWith('tensorboard');

const readers = [
  ['fast', true],
  ['Python', false],
] as const;

const title = python ? "TensorBoard's server with its %s reader" : skipped('tensorboard');
describe.skipIf(!python).each(readers.slice(0, repetitions(1, 2)))(title, (_, fast) => {
  let logdir: string;
  let server: TensorBoardServer;
  const folder = (run: string) => path.join(logdir, run);

  async function write(run: string, add: (writer: tf.summary.FileWriter) => void): Promise<void> {
    const writer = new tf.summary.FileWriter(folder(run));
    add(writer);
    await writer.close();
  }

  beforeAll(async () => {
    logdir = fs.mkdtempSync(path.join(os.tmpdir(), 'tensorboard-runs-'));
    await write('a', (writer) => {
      writer.hparams({ lr: 0.1, layers: 2 }, { metrics: ['loss'] });
      writer.scalar('loss', 0.5, 1);
    });
    await write('b', (writer) => {
      writer.hparams({ lr: 0.2, dropout: true }, { metrics: ['accuracy'] });
      writer.scalar('accuracy', 0.75, 1);
    });
    for (const [from, to] of [
      [0, 150],
      [100, 190],
    ] as const)
      await write('restarted', (writer) => {
        writer.addSessionLog({ status: 1 }, from);
        for (let step = from; step <= to; step += 10) {
          writer.scalar('loss', step + from, step);
          writer.histogram('values', [step, from], step);
          writer.image('picture', [[step]], step);
          writer.text('text', `${step} from ${from}`, step);
        }
      });
    server = await TensorBoardServer.start(python!, logdir, { fast });
  });
  afterAll(async () => {
    await server?.stop();
    fs.rmSync(logdir, { recursive: true, force: true });
  });

  it('compares runs with unlike hyperparameters and metrics by all of them, also those of a run that came later', async () => {
    interface Experiment {
      hparamInfos: { name: string }[];
      metricInfos: { name: { tag: string } }[];
    }
    const compared = async () => {
      const { hparamInfos, metricInfos } = await server.json<Experiment>('plugin/hparams/experiment', {}, {});
      return [...hparamInfos.map(({ name }) => name), ...metricInfos.map(({ name }) => name.tag)].sort();
    };
    await expect.poll(compared, { timeout: 20_000 }).toEqual(['accuracy', 'dropout', 'layers', 'loss', 'lr']);
    await write('c', (writer) => {
      writer.hparams({ lr: 0.3, optimizer: 'adam' });
      writer.scalar('error', 0.25, 1);
    });
    const all = ['accuracy', 'dropout', 'error', 'layers', 'loss', 'lr', 'optimizer'];
    await expect.poll(compared, { timeout: 30_000 }).toEqual(all);
  });

  it('has of a restarted run the steps that we read', async () => {
    const run = 'restarted';
    const steps = Array.from({ length: 20 }, (_, i) => 10 * i);
    const from = (step: number) => (step < 100 ? 0 : 100);

    const scalars = await server.json<number[][]>('plugin/scalars/scalars', { run, tag: 'loss' });
    const ours = (await tf.summary.readScalars(folder(run))).get('loss')!;
    expect(ours.map(({ step, value }) => [step, value])).toEqual(steps.map((step) => [step, step + from(step)]));
    expect(ours.map(({ wallTime, step, value }) => [wallTime, step, value])).toEqual(scalars);

    const tables: Record<string, () => Promise<{ step: number }[]>> = {
      histograms: async () =>
        (await server.json<number[][]>('plugin/histograms/histograms', { run, tag: 'values' })).map(([, step]) => ({
          step: step!,
        })),
      images: () => server.json('plugin/images/images', { run, tag: 'picture', sample: 0 }),
      text: () => server.json('plugin/text/text', { run, tag: 'text' }),
    };
    for (const [kind, read] of Object.entries(tables)) {
      const [found] = (await tf.summary.readSummaries(folder(run), kind as 'histograms' | 'images' | 'text')).values();
      expect(found!.map(({ step }) => step)).toEqual(steps);
      // TensorBoard keeps only some values of those kinds.
      for (const { step } of await read()) expect(steps).toContain(step);
      expect(new Set((await read()).map(({ step }) => step)).size).toBe((await read()).length);
    }
  });
});
