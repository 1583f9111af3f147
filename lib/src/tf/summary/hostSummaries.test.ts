import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HParamsPluginData, PrCurvePluginData, type Summary } from '../../protos';
import { HostArray } from '../../runtime/hostArray';
import { pngFile } from '../../runtime/png';
import { decodePng } from '../../testing/decodePng';
import { FileWriter } from './fileWriter';
import { readHParams } from './hparams';
import { readEvents } from './readEvents';
import { readScalars, readSummaries, type SummaryKinds } from './readSummaries';

let logdir: string;
beforeEach(() => {
  logdir = fs.mkdtempSync(path.join(os.tmpdir(), 'host-'));
});
afterEach(() => {
  fs.rmSync(logdir, { recursive: true, force: true });
});

/** The values that `write` has a writer write, each with its step. */
async function written(write: (writer: FileWriter) => unknown): Promise<(Summary.Value & { step: number })[]> {
  const writer = new FileWriter(logdir);
  await write(writer);
  await writer.close();
  const events = await readEvents(writer.path).toArray();
  return events.flatMap(({ step, summary }) => (summary?.value ?? []).map((value) => ({ ...value, step })));
}

/** What is read of a kind of what `write` writes: by tag, without times. */
async function readBack<K extends keyof SummaryKinds>(kind: K, write: (writer: FileWriter) => unknown) {
  await written(write);
  const tags = [...(await readSummaries(logdir, kind))];
  return Object.fromEntries(tags.map(([tag, all]) => [tag, all.map(({ wallTime, ...event }) => event)]));
}

describe('a tag of a FileWriter', () => {
  it('is of one kind; one of another is refused when it is written, and nothing of its summary is', async () => {
    const values = await written((writer) => {
      writer.scalar('loss', 1, 1);
      const refused = (kind: string, write: () => unknown) =>
        expect(write).toThrow(
          `the tag 'loss' is of the kind scalar in this event file, and can't be of the kind ${kind}, too: TensorBoard shows one kind under a tag; take another tag`,
        );
      refused('histogram', () => writer.histogram('loss', [1, 2], 2));
      refused('image', () => writer.image('loss', [[1]], 2));
      refused('audio', () => writer.audio('loss', [1], 2));
      refused('text', () => writer.text('loss', 'a', 2));
      refused('pr_curves', () => writer.prCurve('loss', { labels: [1], predictions: [1] }, 2));
      refused('histogram', () =>
        writer.addSummary({
          value: [
            { tag: 'b', simpleValue: 1 },
            { tag: 'loss', histo: {} },
          ],
        }),
      );
      refused('histogram', () => writer.addEvent({ summary: { value: [{ tag: 'loss', histo: {} }] } }));
      refused('run metadata', () => writer.addRunMetadata(new Uint8Array(0), 'loss'));
      const both = {
        value: [
          { tag: 'b', simpleValue: 1 },
          { tag: 'b', histo: {} },
        ],
      };
      expect(() => writer.addSummary(both)).toThrow(/the tag 'b' is of the kind scalar/);
      writer.histogram('b', [1], 3);
      expect(() => writer.scalar('b', 1)).toThrow(/the tag 'b' is of the kind histogram/);
      writer.addRunMetadata(new Uint8Array(0), 'step 1');
      expect(() => writer.scalar('step 1', 1)).toThrow(/the tag 'step 1' is of the kind run metadata/);
      writer.scalar('loss', 2, 2);
    });
    expect(values.map(({ tag, step }) => [tag, step])).toEqual([
      ['loss', 1],
      ['b', 3],
      ['loss', 2],
    ]);
  });

  it('may have numbers of both TensorFlows, and tensors whose first one says what they are', async () => {
    const metadata = { pluginData: { pluginName: 'scalars' } };
    const tensor = { dtype: 1, floatVal: [2] };
    await written((writer) => {
      writer.addSummary({ value: [{ tag: 'loss', metadata, tensor }] }, 1);
      writer.addSummary({ value: [{ tag: 'loss', tensor }] }, 2);
      writer.scalar('loss', 2, 3);
      writer.text('notes', 'a', 1);
      writer.text('notes', 'b', 2);
    });
    expect((await readScalars(logdir)).get('loss')!.map(({ value }) => value)).toEqual([2, 2, 2]);
  });
});

describe('a FileWriter', () => {
  it('writes numbers', async () => {
    const read = await readBack('scalars', (writer) => {
      writer.scalar('loss', 0.5, 1);
      writer.scalar('loss', Number.NaN, 2n);
      writer.scalar('no step', 3);
    });
    expect(read).toEqual({
      loss: [
        { step: 1, value: 0.5 },
        { step: 2, value: Number.NaN },
      ],
      'no step': [{ step: 0, value: 3 }],
    });
  });

  it('writes histograms, from the least value to the greatest', async () => {
    const read = await readBack('histograms', (writer) => {
      writer.histogram('h', [-2, -2, 0.5, 3], 4);
      writer.histogram('h', new Float32Array(0), 5);
    });
    const [some, none] = read.h!;
    expect(some).toMatchObject({ step: 4, counts: [2, 0, 1, 0, 1] });
    expect([some!.lows[0], some!.highs.at(-1)]).toEqual([-2, 3]);
    expect(some!.lows.slice(1)).toEqual(some!.highs.slice(0, -1));
    expect(none).toEqual({ step: 5, lows: [], highs: [], counts: [] });
  });

  it('writes images', async () => {
    const pixels = new HostArray(
      'uint8',
      [2, 1, 2, 3],
      Uint8Array.from({ length: 12 }, (_, i) => i),
    );
    const read = await readBack('images', (writer) => writer.image('in', pixels, 1, { maxOutputs: 2 }));
    expect(Object.keys(read)).toEqual(['in/image/0', 'in/image/1']);
    const [image] = read['in/image/1']!;
    expect(image).toMatchObject({ step: 1, width: 2, height: 1 });
    expect(Array.from(decodePng(image!.file, 3))).toEqual([6, 7, 8, 9, 10, 11]);
  });

  it('writes sounds', async () => {
    const read = await readBack('audio', (writer) => writer.audio('tone', [0, 1, -1], 2, { sampleRate: 10 }));
    expect(read).toMatchObject({ tone: [{ step: 2, contentType: 'audio/wav' }] });
    expect(Buffer.from(read.tone![0]!.file).readInt16LE(44 + 2)).toBe(32767);
  });

  it('writes texts, columns and tables', async () => {
    const table = [
      ['a', 'b'],
      ['c', 'd'],
    ];
    const read = await readBack('text', (writer) => {
      writer.text('t', 'é', 1);
      writer.text('t', ['a', 'b'], 2);
      writer.text('t', table, 3);
      writer.text('t', new HostArray('string', [], [Buffer.from('x')]), 4);
    });
    expect(read.t).toEqual(['é', ['a', 'b'], table, 'x'].map((text, i) => ({ step: i + 1, text })));
    const writer = new FileWriter(logdir);
    expect(() => writer.text('t', [['a'], ['b', 'c']])).toThrow('nested arrays must be rectangular');
    expect(() => writer.text('t', [[['a']]] as never)).toThrow('got the shape [1, 1, 1]');
    await writer.close();
  });

  it('writes figures, as soon as there is a picture of them', async () => {
    const png = pngFile({ width: 2, height: 1, channels: 3, samples: Uint8Array.of(1, 2, 3, 4, 5, 6) });
    const file = new Uint8Array(png);
    const read = await readBack('images', async (writer) => {
      await writer.figure('now', { toPng: () => png }, 1);
      await writer.figure('later', { toPng: async () => png }, 2);
    });
    expect(read).toEqual({
      now: [{ step: 1, width: 2, height: 1, file }],
      later: [{ step: 2, width: 2, height: 1, file }],
    });
    const writer = new FileWriter(logdir);
    const cut = pngFile({ width: 1, height: 1, channels: 1, samples: Uint8Array.of(7) }).subarray(0, -12);
    await expect(writer.figure('cut', { toPng: () => cut })).rejects.toThrow(
      'cut: the PNG file is damaged: it is cut short',
    );
    await expect(writer.figure('svg', { toPng: () => Buffer.from('<svg>') })).rejects.toThrow('expected a PNG file');
    await writer.close();
  });
});

describe('hyperparameters', () => {
  const contentOf = ({ metadata }: Summary.Value) => HParamsPluginData.decode(metadata!.pluginData!.content);

  it('begin a session, which ends when the writer is closed', async () => {
    const [start, end, ...others] = await written((writer) => writer.hparams({ rate: 0.1, name: 'a', fast: false }));
    expect(others).toEqual([]);
    expect(start!.tag).toBe('_hparams_/session_start_info');
    expect(contentOf(start!).sessionStartInfo).toMatchObject({
      hparams: { rate: { numberValue: 0.1 }, name: { stringValue: 'a' }, fast: { boolValue: false } },
      groupName: '',
    });
    expect(Math.abs(contentOf(start!).sessionStartInfo!.startTimeSecs - Date.now() / 1000)).toBeLessThan(60);
    expect(end!.tag).toBe('_hparams_/session_end_info');
    expect(contentOf(end!).sessionEndInfo).toMatchObject({ status: 1 });
    expect(await readHParams(logdir)).toEqual({ rate: 0.1, name: 'a', fast: false });
  });

  it('say nothing of what is compared, which would stand for other runs, too', async () => {
    const values = await written((writer) =>
      writer.hparams({ rate: 1, name: 'a', fast: true }, { metrics: ['loss'], group: 'trial 1' }),
    );
    expect(values.map(({ tag }) => tag)).toEqual(['_hparams_/session_start_info', '_hparams_/session_end_info']);
    expect(contentOf(values[0]!).sessionStartInfo!.groupName).toBe('trial 1');
  });

  it('are numbers, strings and booleans', async () => {
    const writer = new FileWriter(logdir);
    expect(() => writer.hparams({ layers: [1, 2] as never })).toThrow(
      "hyperparameter 'layers' must be a number, a string or a boolean, got [ 1, 2 ]",
    );
    await writer.close();
    expect(await readHParams(logdir)).toBeUndefined();
  });
});

describe('a curve of precision and recall', () => {
  const curveOf = async (classified: Parameters<FileWriter['prCurve']>[1], numThresholds: number) => {
    const [value] = await written((writer) => writer.prCurve('curve', classified, 1, { numThresholds }));
    const { pluginName, content } = value!.metadata!.pluginData!;
    expect(pluginName).toBe('pr_curves');
    expect(PrCurvePluginData.decode(content)).toMatchObject({ numThresholds });
    return (await readSummaries(logdir, 'tensors')).get('curve')![0]!.tensor.toArray();
  };

  it('has counts, precision and recall at each threshold', async () => {
    expect(await curveOf({ labels: [true, true, false, false], predictions: [1, 0.5, 0.6, 0.2] }, 3)).toEqual([
      [2, 2, 1],
      [2, 1, 0],
      [0, 1, 2],
      [0, 0, 1],
      [0.5, Math.fround(2 / 3), 1],
      [1, 1, 0.5],
    ]);
  });

  it('counts examples by their weights', async () => {
    const weighted = { labels: [1, 0], predictions: Float32Array.of(0.9, 0.9), weights: [3, 1] };
    expect(await curveOf(weighted, 2)).toEqual([
      [3, 0],
      [1, 0],
      [0, 1],
      [0, 3],
      [0.75, 0],
      [1, 0],
    ]);
  });

  it('has 201 thresholds if it is told nothing', async () => {
    await written((writer) => writer.prCurve('curve', { labels: [true], predictions: [0.3] }, 1));
    expect((await readSummaries(logdir, 'tensors')).get('curve')![0]!.tensor.shape).toEqual([6, 201]);
  });

  it('refuses what makes no curve', async () => {
    const writer = new FileWriter(logdir);
    expect(() => writer.prCurve('c', { labels: [true], predictions: [0.1, 0.2] })).toThrow(
      'expected as many labels as predictions, got 1 for 2',
    );
    expect(() => writer.prCurve('c', { labels: [true], predictions: [0.1], weights: [1, 2] })).toThrow(
      'expected as many weights as predictions, got 2 for 1',
    );
    expect(() => writer.prCurve('c', { labels: [true], predictions: [1.5] })).toThrow(
      'expected predictions from 0 to 1, got 1.5 at index 0',
    );
    expect(() => writer.prCurve('c', { labels: [], predictions: [] }, 0, { numThresholds: 1 })).toThrow(
      'expected 2 thresholds or more, got 1',
    );
    await writer.close();
  });
});

describe('embeddings', () => {
  const vectors = [
    [1, 2.5],
    [Math.fround(0.1), -4],
    [0, 1e-7],
  ];
  const textOf = (...file: string[]) => fs.readFileSync(path.join(logdir, ...file), 'utf8');

  it('are files beside the event file, and a list of them', async () => {
    await written((writer) => writer.embedding('layer 1', vectors));
    expect(textOf('projector', 'layer%201', 'tensors.tsv')).toBe('1\t2.5\n0.10000000149011612\t-4\n0\t1e-7\n');
    expect(textOf('projector_config.pbtxt')).toBe(
      'embeddings {\n  tensor_name: "layer 1"\n  tensor_path: "projector/layer%201/tensors.tsv"\n}\n',
    );
  });

  it('say what is known about each vector', async () => {
    await written((writer) =>
      writer.embedding('e', vectors, 5, { metadata: { label: [7, 'a\tb', true], n: [1, 2, 3] } }),
    );
    expect(textOf('projector', 'e%2C%20step%205', 'metadata.tsv')).toBe('label\tn\n7\t1\na b\t2\ntrue\t3\n');
    await written((writer) => writer.embedding('e', vectors, 5, { metadata: ['a', 'b', 'c'] }));
    expect(textOf('projector', 'e%2C%20step%205', 'metadata.tsv')).toBe('a\nb\nc\n');
    expect(
      textOf('projector_config.pbtxt').match(/metadata_path: "projector\/e%2C%20step%205\/metadata.tsv"/g),
    ).toHaveLength(1);
  });

  it('have no blank line for a blank label, which the Projector would leave out', async () => {
    await written((writer) => writer.embedding('e', vectors, 5, { metadata: ['a', '\n', ''] }));
    const lines = textOf('projector', 'e%2C%20step%205', 'metadata.tsv').trimEnd().split('\n');
    expect(lines.map((line) => line.trim().length > 0)).toEqual([true, true, true]);
  });

  it('have an image of each vector, all in one picture', async () => {
    const images = new HostArray('uint8', [3, 1, 2], Uint8Array.of(1, 2, 3, 4, 5, 6));
    await written((writer) => writer.embedding('e', vectors, undefined, { images }));
    expect(textOf('projector_config.pbtxt')).toContain(
      'sprite { image_path: "projector/e/sprite.png" single_image_dim: [2, 1] }',
    );
    const picture = fs.readFileSync(path.join(logdir, 'projector', 'e', 'sprite.png'));
    expect(Array.from(decodePng(picture, 1))).toEqual([1, 2, 3, 4, 5, 6, 0, 0]);
  });

  it('take the place of those of the same name and leave others on the list', async () => {
    const others = 'embeddings { tensor_name: "weights" sprite { image_path: "a{.png" } }\n# a comment\n';
    fs.writeFileSync(path.join(logdir, 'projector_config.pbtxt'), others);
    await written((writer) => Promise.all(['a', 'b', 'a'].map((tag) => writer.embedding(tag, vectors))));
    const list = textOf('projector_config.pbtxt');
    expect(list.startsWith(others)).toBe(true);
    expect(list.match(/tensor_name: "(a|b)"/g)?.sort()).toEqual(['tensor_name: "a"', 'tensor_name: "b"']);
  });

  it('refuse what does not fit', async () => {
    const writer = new FileWriter(logdir);
    await expect(writer.embedding('e', [1, 2])).rejects.toThrow('expected vectors of shape [n, dimensions], got [2]');
    await expect(writer.embedding('e', vectors, 0, { metadata: ['a'] })).rejects.toThrow(
      'expected metadata of 3 vectors, got 1',
    );
    await expect(
      writer.embedding('e', vectors, 0, { images: new HostArray('uint8', [1, 1, 1], Uint8Array.of(0)) }),
    ).rejects.toThrow('expected images of 3 vectors, got 1');
    const large = new HostArray('uint8', [3, 5000, 1], new Uint8Array(15_000));
    await expect(writer.embedding('e', vectors, 0, { images: large })).rejects.toThrow(
      '3 images of 1×5000 make a picture of more than 8192×8192 pixels',
    );
    expect(fs.existsSync(path.join(logdir, 'projector_config.pbtxt'))).toBe(false);
    await writer.close();
  });
});
