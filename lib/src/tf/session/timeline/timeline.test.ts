import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { StepStats } from '../../../protos';
import { InvalidArgumentError } from '../../../runtime/errors';
import { type TracedOperation, tracedStep } from '../../../testing/tracedStep';
import { Graph } from '../../graph/graph';
import { constant, placeholder } from '../../ops/constants';
import { add } from '../../ops/elementwise/binary';
import { matmul } from '../../ops/matmul';
import { RunMetadata, Session } from '..';
import { activitiesOf } from './activities';
import { type ChromeTraceOptions, exportChromeTrace, Timeline } from './timeline';

type Event = Record<string, unknown>;

function eventsOf({ stepStats }: RunMetadata, options?: ChromeTraceOptions): Event[] {
  return JSON.parse(new Timeline(stepStats).generateChromeTraceFormat(options)).traceEvents;
}

describe('the activities of a step', () => {
  const lanesOf = (operations: readonly TracedOperation[]) =>
    activitiesOf(tracedStep({ CPU: operations }).stepStats!)[0]!.activities.map(({ name, lane }) => `${name}:${lane}`);

  it('count from the first operation of all devices, to the nanosecond', () => {
    const { stepStats } = tracedStep({ a: [['x = Add()', 5.002, 1.5]], b: [['y = Mul()', 5.001, 0.25]] });
    expect(activitiesOf(stepStats!)).toMatchObject([
      { device: 'a', activities: [{ start: 0.001, duration: 1.5 }] },
      { device: 'b', activities: [{ start: 0, duration: 0.25 }] },
    ]);
  });

  it('are those of one device where what it received was recorded apart, as on several machines', () => {
    const { stepStats } = tracedStep({ a: [['x = Add()', 5, 2]], b: [['RecvTensor', 1, 3]] });
    stepStats!.devStats[1]!.device = 'a';
    expect(activitiesOf(stepStats!)).toMatchObject([
      {
        device: 'a',
        lanes: 1,
        activities: [
          { type: 'RecvTensor', start: 0 },
          { type: 'Add', start: 4 },
        ],
      },
    ]);
  });

  it.each([
    ['MatMul', 'MatMul'],
    ['_MklMatMul', 'MatMul'],
    ['_MklNativeConv2D', 'Conv2D'],
    ['_MklNativeFusedConv2D', '_FusedConv2D'],
    ['_FusedMatMul', '_FusedMatMul'],
    ['_MklFusedBatchNormV3', 'FusedBatchNormV3'],
    ['FusedBatchNormV3', 'FusedBatchNormV3'],
  ])('of a kernel %s are of the type %s', (kernel, type) => {
    const { stepStats } = tracedStep({ a: [[`x = ${kernel}(y, z)`, 0, 1]] });
    expect(activitiesOf(stepStats!)[0]!.activities).toMatchObject([{ name: 'x', type, inputs: ['y', 'z'] }]);
  });

  it('run on a lane one after the other, and on several at the same time, in whatever order they were recorded', () => {
    expect(
      lanesOf([
        ['b = B()', 2, 2],
        ['a = A()', 0, 3],
        ['c = C()', 3, 1],
        ['d = D()', 4, 1],
      ]),
    ).toEqual(['a:0', 'b:1', 'c:0', 'd:0']);
  });

  it.each([
    ['y = MatMul(x, w/read)', { name: 'y', type: 'MatMul', inputs: ['x', 'w/read'] }],
    ['[cpu 9.6MB 9.6MB] y = MatMul(x, ^z)', { name: 'y', type: 'MatMul', inputs: ['x', '^z'] }],
    ['x = Const()', { name: 'x', type: 'Const', inputs: [] }],
    ['y:MatMul', { name: 'y', type: 'MatMul', inputs: [] }],
    ['RecvTensor', { name: 'RecvTensor', type: 'RecvTensor' }],
    ['MEMCPYHtoD', { name: 'MEMCPYHtoD', type: 'unknown' }],
  ])("have what the label '%s' says", (label, expected) => {
    expect(activitiesOf(tracedStep({ CPU: [[label, 0, 1]] }).stepStats!)[0]!.activities[0]).toMatchObject(expected);
  });

  it('are known from runtimes that count microseconds only', () => {
    const node = (allStartMicros: number) => ({ nodeName: 'x', allStartMicros, allEndRelMicros: 7 });
    const stats = StepStats.decode(
      StepStats.encode({
        devStats: [{ device: 'CPU', nodeStats: [node(1_500_000_000_000_003), node(1_500_000_000_000_001)] }],
      }),
    );
    expect(activitiesOf(stats)[0]!.activities).toMatchObject([{ start: 0 }, { start: 2, duration: 7 }]);
  });
});

describe("Chrome's trace", () => {
  const step = tracedStep({
    '/device:CPU:0': [
      ['x = Const()', 0, 2],
      ['[cpu 4B] y = Square(x)', 2, 4, 4],
      ['z = Neg(x:0, ^y)', 3, 1],
    ],
    '/device:CPU:1': [['s = Add(y/_12, z)', 8, 1]],
  });

  it('has a process a device and a thread a lane, with their names', () => {
    expect(eventsOf(step).filter(({ ph }) => ph === 'M')).toEqual([
      { ph: 'M', name: 'process_name', pid: 0, args: { name: '/device:CPU:0 Compute' } },
      { ph: 'M', name: 'thread_name', pid: 0, tid: 0, args: { name: 'lane 1' } },
      { ph: 'M', name: 'thread_name', pid: 0, tid: 1, args: { name: 'lane 2' } },
      { ph: 'M', name: 'process_name', pid: 1, args: { name: '/device:CPU:1 Compute' } },
      { ph: 'M', name: 'thread_name', pid: 1, tid: 0, args: { name: 'lane 1' } },
    ]);
  });

  it('has a complete event an operation, with its inputs and memory', () => {
    const [x, y, z, s] = eventsOf(step).filter(({ ph }) => ph === 'X');
    expect(x).toEqual({
      ...{ ph: 'X', cat: 'Op', name: 'Const', pid: 0, tid: 0, ts: 0, dur: 2 },
      args: { name: 'x', op: 'Const' },
    });
    expect(y).toMatchObject({ ts: 2, dur: 4, args: { name: 'y', op: 'Square', input0: 'x', bytes: 4 } });
    expect(z).toMatchObject({ tid: 1, args: { input0: 'x:0', input1: '^y' } });
    expect(s).toMatchObject({ pid: 1, ts: 8 });
  });

  it('has an arrow from within the producer to each consumer of its data on another lane or device', () => {
    const flows = eventsOf(step).filter(({ cat }) => cat === 'DataFlow');
    expect(flows.map(({ ph, name, id, pid, tid, ts }) => [ph, name, id, pid, tid, ts])).toEqual([
      ['s', 'x', 0, 0, 0, 1.999],
      ['f', 'x', 0, 0, 1, 3],
      ['s', 'y', 1, 0, 0, 5.999],
      ['f', 'y', 1, 1, 0, 8],
      ['s', 'z', 2, 0, 1, 3.999],
      ['f', 'z', 2, 1, 0, 8],
    ]);
    expect(eventsOf(step, { showDataflow: false }).filter(({ cat }) => cat === 'DataFlow')).toEqual([]);
  });

  it('tells of a run what ran', async () => {
    const graph = new Graph();
    const y = graph.asDefault(() =>
      add(matmul(placeholder('float32', [2, 2], { name: 'x' }), constant([[1], [2]])), 1, { name: 'y' }),
    );
    const session = new Session({ graph });
    const runMetadata = new RunMetadata();
    await session.run(
      y,
      [
        [
          'x:0',
          [
            [1, 2],
            [3, 4],
          ],
        ],
      ],
      { options: { traceLevel: 'FULL_TRACE' }, runMetadata },
    );
    const operations = eventsOf(runMetadata).filter(({ ph }) => ph === 'X');
    expect(operations.map(({ args }) => (args as Event).name)).toContain('y');
    for (const { ts, dur } of operations) expect(Math.min(ts as number, dur as number)).toBeGreaterThanOrEqual(0);
  });

  it('is exported to a file', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'timeline-'));
    const file = path.join(folder, 'below', 'step.json');
    const trace = await exportChromeTrace(step, file);
    expect(await readFile(file, 'utf8')).toBe(trace);
    expect(JSON.parse(trace).traceEvents).toEqual(eventsOf(step));
    await rm(folder, { recursive: true });
  });

  it('needs a traced run', async () => {
    const expected =
      "expected the times of a traced run, got none: run it with { options: { traceLevel: 'FULL_TRACE' }";
    expect(() => new Timeline(undefined)).toThrow(InvalidArgumentError);
    expect(() => new Timeline({ devStats: [] })).toThrow(expected);
    await expect(exportChromeTrace(new RunMetadata())).rejects.toThrow(expected);
  });
});
