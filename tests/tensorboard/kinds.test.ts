/** Every kind of summary, written by graphs and from the host, through the eyes of TensorBoard's server. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../lib/src';
import { pngFile } from '../../lib/src/runtime/png';
import { decodePng } from '../../lib/src/testing/decodePng';
import { readSummaries } from '../../lib/src/tf/summary';
import { pythonWith, skipped } from './python';
import { TensorBoardServer } from './server';

const python = pythonWith('tensorboard');

/** TensorBoard reads with a program of its own, or where it hasn't that one, in Python. */
const readers = [
  ['fast', true],
  ['Python', false],
] as const;

const title = python ? "TensorBoard's server with its %s reader" : skipped('tensorboard');
describe.skipIf(!python).each(readers)(title, (_, fast) => {
  const pixels = Float32Array.from({ length: 2 * 4 * 5 * 3 }, (_, i) => (i * 29) % 256);
  const images = new tf.HostArray('uint8', [2, 4, 5, 3], Uint8Array.from(pixels));
  const tone = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i / 5) / 2);
  const weights = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i) * (i % 7));
  const labels = Array.from({ length: 200 }, (_, i) => i % 3 === 0);
  const predictions = Array.from({ length: 200 }, (_, i) => ((i * 37) % 101) / 101);
  const vectors = new tf.HostArray(
    'float32',
    [12, 3],
    Float32Array.from({ length: 36 }, (_, i) => Math.fround(i / 7)),
  );
  const png = pngFile({ width: 3, height: 2, channels: 3, samples: Uint8Array.from({ length: 18 }, (_, i) => i * 9) });
  const steps = 3;

  let logdir: string;
  let server: TensorBoardServer;

  beforeAll(async () => {
    logdir = fs.mkdtempSync(path.join(os.tmpdir(), 'tensorboard-kinds-'));
    await Promise.all([writeFromGraph(path.join(logdir, 'graph')), writeFromHost(path.join(logdir, 'host'))]);
    const other = new tf.summary.FileWriter(path.join(logdir, 'other'));
    other.hparams({ rate: 0.1, optimizer: 'adam', dropout: false });
    other.scalar('accuracy', 0.25, 1);
    await other.close();
    server = await TensorBoardServer.start(python!, logdir, { fast });
  });
  afterAll(async () => {
    await server?.stop();
    fs.rmSync(logdir, { recursive: true, force: true });
  });

  async function writeFromGraph(folder: string): Promise<void> {
    const graph = new tf.Graph();
    const [merged, step] = graph.asDefault(() => {
      const step = tf.placeholder('float32', []);
      tf.summary.scalar('scalar', tf.mul(step, 0.5));
      tf.summary.histogram('histogram', tf.mul(tf.constant(weights), step));
      tf.summary.image('image', tf.constant(images));
      tf.summary.audio('audio', tf.constant(new tf.HostArray('float32', [1, 400, 1], tone)), 8000, { maxOutputs: 1 });
      tf.summary.text('text', [
        ['a', 'b'],
        ['**c**', 'd'],
      ]);
      return [tf.summary.mergeAll(), step] as const;
    });
    const session = new tf.Session({ graph });
    const writer = new tf.train.SummaryWriter(folder, graph);
    for (let i = 1; i <= steps; i++) writer.addSummary(session.runSync(merged, [[step, i]]), i);
    await writer.close();
    session.close();
  }

  async function writeFromHost(folder: string): Promise<void> {
    const writer = new tf.summary.FileWriter(folder);
    writer.hparams({ rate: 0.01, optimizer: 'sgd', dropout: true });
    for (let i = 1; i <= steps; i++) {
      writer.scalar('scalar', i * 0.5, i);
      writer.histogram(
        'histogram',
        weights.map((weight) => Math.fround(weight * i)),
        i,
      );
      writer.image('image', images, i);
      writer.audio('audio/audio', tone, i, { sampleRate: 8000 });
      writer.text(
        'text',
        [
          ['a', 'b'],
          ['**c**', 'd'],
        ],
        i,
      );
      writer.prCurve('curve', { labels, predictions }, i, { numThresholds: 11 });
    }
    writer.scalar('accuracy', 0.75, steps);
    await writer.figure('figure', { toPng: async () => png }, 1);
    const colors = Array.from({ length: 12 }, (_, i) => i % 4);
    const names = colors.map((_, i) => `point\t${i}`);
    const sprites = new tf.HostArray(
      'uint8',
      [12, 2, 2],
      Uint8Array.from({ length: 48 }, (_, i) => i * 5),
    );
    await Promise.all([
      writer.embedding('points "of" \\ all', vectors, 3, { metadata: { name: names, color: colors }, images: sprites }),
      writer.embedding('plain', vectors, undefined, { metadata: names }),
    ]);
    await writer.embedding('plain', vectors, undefined, { metadata: names });
    await writer.close();
  }

  const runs = ['graph', 'host'];

  it.each(runs)('has the scalars of the %s', async (run) => {
    const scalars = await server.json<number[][]>('plugin/scalars/scalars', { run, tag: 'scalar' });
    expect(scalars.map(([, step, value]) => [step, value])).toEqual([
      [1, 0.5],
      [2, 1],
      [3, 1.5],
    ]);
  });

  it.each(runs)('has the histograms of the %s, as we read them', async (run) => {
    const found = await server.json<[number, number, number[][]][]>('plugin/histograms/histograms', {
      run,
      tag: 'histogram',
    });
    const read = (await readSummaries(path.join(logdir, run), 'histograms')).get('histogram')!;
    expect(found.map(([, step]) => step)).toEqual([1, 2, 3]);
    for (const [i, [, , buckets]] of found.entries()) {
      const { highs, counts } = read[i]!;
      const ours = counts.map((count, bucket) => [highs[bucket]!, count]);
      expect(inner(buckets.map(([, high, count]) => [high!, count!]))).toEqual(inner(ours));
      expect(buckets.reduce((sum, [, , count]) => sum + count!, 0)).toBe(weights.length);
    }
  });

  /** Upper ends and counts of buckets that have any; TensorBoard's fast reader doesn't end the last one with the last value. */
  function inner(buckets: number[][]): number[][] {
    const some = buckets.filter(([, count]) => count! > 0).map((bucket) => bucket.map(Math.fround));
    some.at(-1)![0] = 0;
    return some;
  }

  it.each(runs)('shows the images of the %s', async (run) => {
    for (const image of [0, 1]) {
      const tag = `image/image/${image}`;
      const found = await server.json<{ step: number; query: string }[]>('plugin/images/images', {
        run,
        tag,
        sample: 0,
      });
      expect(found.map(({ step }) => step)).toEqual([1, 2, 3]);
      const query = Object.fromEntries(new URLSearchParams(found[0]!.query));
      const png = await server.bytes('plugin/images/individualImage', query);
      expect(decodePng(png, 3)).toEqual(images.data.slice(image * 60, (image + 1) * 60));
    }
  });

  it.each(runs)('plays the sounds of the %s', async (run) => {
    const found = await server.json<{ step: number; query: string }[]>('plugin/audio/audio', {
      run,
      tag: 'audio/audio',
      sample: 0,
    });
    expect(found.map(({ step }) => step)).toEqual([1, 2, 3]);
    const wav = await server.bytes(
      'plugin/audio/individualAudio',
      Object.fromEntries(new URLSearchParams(found[0]!.query)),
    );
    expect(wav.readUInt32LE(24)).toBe(8000);
    const samples = Array.from(tone, (_, i) => wav.readInt16LE(44 + 2 * i));
    expect(samples).toEqual(Array.from(tone, (value) => Math.sign(value) * Math.round(Math.abs(value) * 32768) || 0));
  });

  it.each(runs)('makes a table of the text of the %s', async (run) => {
    const found = await server.json<{ step: number; text: string }[]>('plugin/text/text', { run, tag: 'text' });
    expect(found.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(found[0]!.text.replace(/\s+/g, '')).toContain(
      '<tr><td><p><strong>c</strong></p></td><td><p>d</p></td></tr>',
    );
  });

  it('shows figures', async () => {
    const [found] = await server.json<{ query: string }[]>('plugin/images/images', {
      run: 'host',
      tag: 'figure',
      sample: 0,
    });
    expect(
      await server.bytes('plugin/images/individualImage', Object.fromEntries(new URLSearchParams(found!.query))),
    ).toEqual(png);
  });

  it('has the graph that a writer began with', async () => {
    expect(await (await server.get('plugin/graphs/graph', { run: 'graph' })).text()).toContain('name: "histogram"');
  });

  it('draws curves of precision and recall', async () => {
    const found = await server.json<
      Record<
        string,
        {
          step: number;
          precision: number[];
          recall: number[];
          thresholds: number[];
          true_positives: number[];
          false_positives: number[];
        }[]
      >
    >('plugin/pr_curves/pr_curves', { run: 'host', tag: 'curve' });
    const curve = found.host!;
    expect(curve.map(({ step }) => step)).toEqual([1, 2, 3]);
    // TensorBoard leaves out thresholds at the end whose precision is 0.
    for (const [i, threshold] of [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].entries()) {
      const chosen = labels.filter((_, at) => Math.floor(predictions[at]! * 10) >= i);
      const right = chosen.filter(Boolean).length;
      expect(curve[0]!.thresholds[i]).toBeCloseTo(threshold);
      expect(curve[0]!.true_positives[i]).toBe(right);
      expect(curve[0]!.false_positives[i]).toBe(chosen.length - right);
      expect(curve[0]!.precision[i]).toBeCloseTo(right / chosen.length);
      expect(curve[0]!.recall[i]).toBeCloseTo(right / labels.filter(Boolean).length);
    }
  });

  it('compares runs by hyperparameters and by the metrics that it finds', async () => {
    interface Experiment {
      hparamInfos: { name: string; type: string }[];
      metricInfos: { name: { tag: string } }[];
    }
    const experiment = await server.json<Experiment>('plugin/hparams/experiment', {}, {});
    const types = Object.fromEntries(experiment.hparamInfos.map(({ name, type }) => [name, type]));
    expect(types).toEqual({ rate: 'DATA_TYPE_FLOAT64', optimizer: 'DATA_TYPE_STRING', dropout: 'DATA_TYPE_BOOL' });
    expect(experiment.metricInfos.map(({ name }) => name.tag)).toContain('accuracy');

    interface Group {
      hparams: Record<string, unknown>;
      metricValues: { name: { tag: string }; value: number }[];
      sessions: { status: string; name: string }[];
    }
    const { sessionGroups } = await server.json<{ sessionGroups: Group[] }>(
      'plugin/hparams/session_groups',
      {},
      {
        startIndex: 0,
        sliceSize: 10,
        allowedStatuses: ['STATUS_UNKNOWN', 'STATUS_SUCCESS', 'STATUS_FAILURE', 'STATUS_RUNNING'],
        colParams: [{ metric: { group: '', tag: 'accuracy' } }, { hparam: 'rate' }],
      },
    );
    const trials = sessionGroups.map(({ hparams, metricValues, sessions }) => ({
      hparams,
      accuracy: metricValues.find(({ name }) => name.tag === 'accuracy')?.value,
      sessions: sessions.map(({ name, status }) => ({ name, status })),
    }));
    expect(trials.sort((a, b) => (a.accuracy ?? 0) - (b.accuracy ?? 0))).toMatchObject([
      {
        hparams: { rate: 0.1, optimizer: 'adam', dropout: false },
        accuracy: 0.25,
        sessions: [{ name: 'other', status: 'STATUS_SUCCESS' }],
      },
      {
        hparams: { rate: 0.01, optimizer: 'sgd', dropout: true },
        accuracy: 0.75,
        sessions: [{ name: 'host', status: 'STATUS_SUCCESS' }],
      },
    ]);
  });

  it('shows embeddings with what is known about their points', async () => {
    const run = 'host';
    const name = 'points "of" \\ all, step 3';
    const info = await server.json<{ embeddings: Record<string, unknown>[] }>('plugin/projector/info', { run });
    expect(info.embeddings).toMatchObject([
      { tensorName: name, tensorShape: [12, 3], sprite: { singleImageDim: [2, 2] } },
      { tensorName: 'plain', tensorShape: [12, 3] },
    ]);
    for (const each of [name, 'plain']) {
      const bytes = await server.bytes('plugin/projector/tensor', { run, name: each });
      expect(Array.from({ length: 36 }, (_, i) => bytes.readFloatLE(4 * i))).toEqual(Array.from(vectors.data));
    }
    const metadata = await (await server.get('plugin/projector/metadata', { run, name })).text();
    expect(metadata.split('\n').slice(0, 3)).toEqual(['name\tcolor', 'point 0\t0', 'point 1\t1']);
    const plain = await (await server.get('plugin/projector/metadata', { run, name: 'plain' })).text();
    expect(plain.split('\n').slice(0, 2)).toEqual(['point 0', 'point 1']);
    // Four images in a row: the second row begins with the fifth.
    const sprite = decodePng(await server.bytes('plugin/projector/sprite_image', { run, name }), 1);
    expect(sprite).toHaveLength(8 * 8);
    expect(Array.from(sprite.slice(16, 18))).toEqual([80, 85]);
  });
});
