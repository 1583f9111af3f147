/** Our event files through the eyes of TensorBoard itself, the Python package. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GraphDef, MetaGraphDef, RunMetadata, Summary } from '../lib/src/protos';
import { FileWriter } from '../lib/src/tf/summary';
import { pythonWith, runPython, skipped } from './tensorboard/python';

const python = pythonWith('tensorboard');

/** What `read_events.py` prints. */
interface Found {
  /** `[step, value, wallTime]` by tag. */
  scalars: Record<string, [number, number, number][]>;
  /** `[step, min, max, num, sum, bucketLimit, bucket]` by tag. */
  histograms: Record<string, [number, number, number, number, number, number[], number[]][]>;
  graphs: string[];
  nodes: [string, string][];
  metaGraph: string | null;
  runMetadata: Record<string, string>;
  writer: string;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe.skipIf(!python)(python ? 'TensorBoard' : skipped('tensorboard'), () => {
  const graph = GraphDef.encode({
    node: [
      { name: 'x', op: 'Placeholder', attr: { dtype: { type: 1 }, shape: { shape: { dim: [{ size: -1 }] } } } },
      { name: 'scope/y', op: 'Neg', input: ['x'], attr: { T: { type: 1 } } },
    ],
    versions: { producer: 1482 },
  });
  const metaGraph = MetaGraphDef.encode({ metaInfoDef: { tags: ['train'] } });
  const runMetadata = RunMetadata.encode({
    stepStats: {
      devStats: [
        {
          device: '/job:localhost/replica:0/task:0/device:CPU:0',
          nodeStats: [{ nodeName: 'scope/y', allStartMicros: 1.7e15, allEndRelMicros: 12, threadId: 1 }],
        },
      ],
    },
  });
  const steps = 2_000;
  const loss = (step: number) => 2.3 / Math.sqrt(step);

  let logdir: string;
  let started: number;
  let found: Found;

  beforeAll(async () => {
    logdir = fs.mkdtempSync(path.join(os.tmpdir(), 'tensorboard-'));
    started = Date.now() / 1000;
    const writer = new FileWriter(logdir, { graph });
    for (let step = 1; step <= steps; step++) {
      writer.addSummary(Summary.encode({ value: [{ tag: 'scope/loss', simpleValue: loss(step) }] }), step);
    }
    writer.addSummary({ value: [{ tag: 'large step', simpleValue: -0.1 }] }, 2 ** 40);
    const histo = { min: -1, max: 3, num: 4, sum: 2.5, sumSquares: 10, bucketLimit: [0, 1, 4], bucket: [1, 0, 3] };
    writer.addSummary({ value: [{ tag: 'weights', histo }] }, 5);
    writer.addRunMetadata(runMetadata, 'step 5', 5);
    writer.addMetaGraph(metaGraph);
    await writer.close();
    // A second writer goes on in the same folder.
    const second = new FileWriter(logdir);
    second.addSummary({ value: [{ tag: 'scope/loss', simpleValue: 0.5 }] }, steps + 1);
    await second.close();

    found = await runPython<Found>(python!, 'read_events.py', logdir);
  });

  afterAll(() => fs.rmSync(logdir, { recursive: true, force: true }));

  it('reads every scalar: its step, its float32 value and its time', () => {
    const expected = Array.from({ length: steps }, (_, i) => [i + 1, Math.fround(loss(i + 1))]);
    expect(found.scalars['scope/loss']?.map(([step, value]) => [step, value])).toEqual([...expected, [steps + 1, 0.5]]);
    expect(found.scalars['large step']?.map(([step, value]) => [step, value])).toEqual([[2 ** 40, Math.fround(-0.1)]]);
    for (const [, , wallTime] of found.scalars['scope/loss']!) {
      expect(wallTime).toBeGreaterThan(started - 1);
      expect(wallTime).toBeLessThan(Date.now() / 1000 + 1);
    }
  });

  it('reads the graph, byte for byte', () => {
    expect(found.graphs).toEqual([base64(graph)]);
    expect(found.nodes).toEqual([
      ['x', 'Placeholder'],
      ['scope/y', 'Neg'],
    ]);
  });

  it('reads run metadata under its tag', () => {
    expect(found.runMetadata).toEqual({ 'step 5': base64(runMetadata) });
  });

  it('reads histograms and the meta graph', () => {
    expect(found.histograms.weights).toEqual([[5, -1, 3, 4, 2.5, [0, 1, 4], [1, 0, 3]]]);
    expect(found.metaGraph).toBe(base64(metaGraph));
  });

  it('knows who wrote the file', () => {
    expect(found.writer).toBe('tf-mechanics');
  });
});
