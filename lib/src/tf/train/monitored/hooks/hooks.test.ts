import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { GraphDef, SessionStatus } from '../../../../protos';
import { FailedPreconditionError, InvalidArgumentError, OutOfRangeError } from '../../../../runtime/errors';
import { keepLogLines } from '../../../../testing/logLines';
import { temporaryFolder } from '../../../../testing/temporaryFolder';
import { GraphKeys } from '../../../graph/collections';
import { Graph } from '../../../graph/graph';
import { placeholder } from '../../../ops/constants';
import { add, log } from '../../../ops/elementwise';
import { topK } from '../../../ops/topK';
import { Variable } from '../../../ops/variables';
import { Session } from '../../../session';
import { scalar } from '../../../summary/builders';
import { FileWriter } from '../../../summary/fileWriter';
import { FileWriterCache } from '../../../summary/fileWriterCache';
import { readEvents } from '../../../summary/readEvents';
import { getOrCreateGlobalStep } from '../../globalStep';
import { Saver } from '../../saver';
import { MonitoredSession } from '../monitoredSession';
import { Scaffold } from '../scaffold';
import { ChiefSessionCreator } from '../sessionCreators';
import { type SessionHook, SessionRunArgs, SessionRunContext, SessionRunValues } from '../sessionRunHook';
import {
  CheckpointSaverHook,
  CheckpointSaverListener,
  FinalOpsHook,
  GlobalStepWaiterHook,
  LoggingTensorHook,
  NanLossDuringTrainingError,
  NanTensorHook,
  ProfilerHook,
  StepCounterHook,
  StopAtStepHook,
  SummarySaverHook,
} from '.';

const lines = keepLogLines();
const folder = temporaryFolder('hooks-');
afterEach(async () => {
  vi.useRealTimers();
  await FileWriterCache.clear();
});

/** A graph whose training adds what it is fed, and counts. */
function build() {
  const graph = new Graph();
  return graph.asDefault(() => {
    const globalStep = getOrCreateGlobalStep();
    const total = new Variable(0, { name: 'total' });
    const x = placeholder('float32', [], { name: 'x' });
    const count = globalStep.assignAdd(1).op;
    const trainOp = graph.controlDependencies([count], () => total.assignAdd(x)).op;
    return { graph, globalStep, total, x, count, trainOp };
  });
}
type Built = ReturnType<typeof build>;

const open = ({ graph }: Built, ...hooks: SessionHook[]) =>
  MonitoredSession({ sessionCreator: new ChiefSessionCreator({ graph }), hooks });

/** Trains for so many runs, each at the next of `times`, in milliseconds. */
async function train(built: Built, runs: number, ...hooks: SessionHook[]) {
  await using session = await open(built, ...hooks);
  for (let i = 0; i < runs && !session.shouldStop(); i++) await session.run(built.trainOp, [[built.x, 1]]);
}

const files = () => fs.readdirSync(folder()).sort();
async function summaries(): Promise<{ step: number; tag: string }[]> {
  const events = await readEvents(folder()).toArray();
  return events.flatMap(({ step, summary }) => (summary?.value ?? []).map(({ tag }) => ({ step: Number(step), tag })));
}

describe('StopAtStepHook', () => {
  it('stops after a number of steps from where the session began, or at a step', async () => {
    const built = build();
    const steps = async (hook: StopAtStepHook, first: number) => {
      await using session = await open(built, hook);
      await session.runStepFn(({ session: raw }) => raw.run(built.count));
      let runs = 0;
      for (; !session.shouldStop(); runs++) await session.run(built.trainOp, [[built.x, 1]]);
      return runs + first;
    };
    expect(await steps(new StopAtStepHook({ numSteps: 5 }), 1)).toBe(5);
    expect(await steps(new StopAtStepHook({ lastStep: 5 }), 1)).toBe(5);
  });

  it('is told one of the two, and needs a global step', () => {
    expect(() => new StopAtStepHook({})).toThrow(InvalidArgumentError);
    expect(() => new StopAtStepHook({ numSteps: 1, lastStep: 1 })).toThrow('give one of the two');
    expect(() => new StopAtStepHook({ numSteps: '5' as never })).toThrow(InvalidArgumentError);
    expect(() => new Graph().asDefault(() => new StopAtStepHook({ lastStep: 1 }).begin())).toThrow(
      FailedPreconditionError,
    );
  });
});

describe('CheckpointSaverHook', () => {
  it('saves at the beginning, in time, and at the end, and writes the graph with its shapes', async () => {
    const built = build();
    const saver = built.graph.asDefault(() => new Saver());
    await train(built, 5, new CheckpointSaverHook(folder(), { saveSteps: 2, saver, checkpointBasename: 'net' }));
    expect(files().filter((name) => name.endsWith('.index'))).toEqual([0, 2, 4, 5].map((step) => `net-${step}.index`));
    const { node } = GraphDef.fromText(fs.readFileSync(path.join(folder(), 'graph.pbtxt'), 'utf8'));
    expect(node.find(({ name }) => name === 'total')?.attr).toHaveProperty('_output_shapes');
  });

  it('takes the only saver of the graph where it is given none, and says what it needs where there are several', async () => {
    const built = build();
    const saver = built.graph.asDefault(() => new Saver());
    built.graph.addToCollection(GraphKeys.SAVERS, saver);
    await train(built, 1, new CheckpointSaverHook(folder(), { saveSteps: 10 }));
    expect(files()).toContain('model.ckpt-1.index');
    built.graph.addToCollection(GraphKeys.SAVERS, saver);
    const scaffold = new Scaffold({ saver });
    const sessionCreator = new ChiefSessionCreator({ graph: built.graph, scaffold });
    const hooks = [new CheckpointSaverHook(folder(), { saveSteps: 10 })];
    await expect(MonitoredSession({ sessionCreator, hooks })).rejects.toThrow(FailedPreconditionError);
  });

  it('tells its listeners, and stops where one wants to', async () => {
    const built = build();
    const told: string[] = [];
    class Telling extends CheckpointSaverListener {
      override begin() {
        add(1, 2, { name: 'by_listener' });
      }
      override beforeSave(_: Session, step: number) {
        told.push(`before ${step}`);
      }
      override async afterSave(_: Session, step: number) {
        told.push(`after ${step}`);
        return step === 4;
      }
      override end(_: Session, step: number) {
        told.push(`end ${step}`);
      }
    }
    const listeners = [new Telling(), { afterSave: () => {} }];
    await train(
      built,
      9,
      new CheckpointSaverHook(folder(), { saveSteps: 2, listeners, saver: built.graph.asDefault(() => new Saver()) }),
    );
    expect(told).toEqual(['before 0', 'after 0', 'before 2', 'after 2', 'before 4', 'after 4', 'end 4']);
    expect(built.graph.getOperationByName('by_listener').type).toMatch(/^Add/);
    expect(lines).toContain('A CheckpointSaverListener requested that training be stopped.');
  });

  it('saves once in so many seconds, and asks for the step only then', async () => {
    const built = build();
    const saver = built.graph.asDefault(() => new Saver());
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
    const run = vi.spyOn(Session.prototype, 'run');
    await using session = await open(
      built,
      new CheckpointSaverHook(folder(), { saveSecs: 10, saver, saveGraphDef: false }),
    );
    run.mockClear();
    for (const now of [1_004_000, 1_008_000, 1_012_000]) {
      vi.setSystemTime(now);
      await session.run(built.trainOp, [[built.x, 1]]);
    }
    expect(files().filter((name) => !name.startsWith('events'))).toEqual(
      [
        'checkpoint',
        ...[0, 3].flatMap((step) => [`model.ckpt-${step}.data-00000-of-00001`, `model.ckpt-${step}.index`]),
      ].sort(),
    );
    expect(run).toHaveBeenCalledTimes(5); // three runs, the step, and what saves
  });

  it('asks for the step only where it may be time, however many steps a run counts', async () => {
    for (const stride of [1, 3]) {
      const built = build();
      const [saver, count] = built.graph.asDefault(() => [new Saver(), built.globalStep.assignAdd(stride).op]);
      const run = vi.spyOn(Session.prototype, 'run');
      const hook = new CheckpointSaverHook(folder(), {
        saveSteps: 20 * stride,
        saver,
        checkpointBasename: `by${stride}`,
      });
      await using session = await open(built, hook);
      run.mockClear();
      for (let i = 0; i < 45; i++) await session.run(count);
      const saved = [0, 20, 40].map((runs) => `by${stride}-${runs * stride}.index`);
      expect(files().filter((name) => name.startsWith('by') && name.endsWith('.index'))).toEqual(
        expect.arrayContaining(saved),
      );
      // Beside the runs themselves and two that save, the first asks, and those about a checkpoint.
      expect(run.mock.calls.length).toBeLessThanOrEqual(45 + 2 + 1 + 2 * 4);
      run.mockRestore();
    }
  });

  it('refuses both a saver and a scaffold, and steps with seconds', () => {
    const saver = build().graph.asDefault(() => new Saver([new Variable(1)]));
    expect(() => new CheckpointSaverHook(folder(), { saveSteps: 1, saver, scaffold: new Scaffold() })).toThrow(
      InvalidArgumentError,
    );
    expect(() => new CheckpointSaverHook(folder(), { saveSteps: 1, saveSecs: 1 })).toThrow(InvalidArgumentError);
    expect(() => new CheckpointSaverHook(folder(), {})).toThrow(InvalidArgumentError);
  });
});

describe('SummarySaverHook', () => {
  it('writes summaries of the first run and once in so many steps, each where it was', async () => {
    const built = build();
    const summaryOp = built.graph.asDefault(() => ['a', 'b'].map((tag) => scalar(tag, built.x)));
    await train(built, 7, new SummarySaverHook({ saveSteps: 3, outputDir: folder(), summaryOp }));
    const written = await summaries();
    const steps = written.filter(({ tag }) => tag === 'a').map(({ step }) => step);
    expect(steps[0]).toBe(1);
    expect(steps.length).toBeGreaterThanOrEqual(2);
    expect(written.filter(({ tag }) => tag === 'b').map(({ step }) => step)).toEqual(steps);
    const [start] = (await readEvents(folder()).toArray()).flatMap(({ sessionLog }) => sessionLog ?? []);
    expect(start?.status).toBe(SessionStatus.START);
  });

  it('writes to a writer that it is given, and nothing where there is nowhere to write to', async () => {
    const built = build();
    const summaryOp = built.graph.asDefault(() => scalar('a', built.x));
    const summaryWriter = new FileWriter(folder());
    await train(built, 1, new SummarySaverHook({ saveSecs: 100, summaryWriter, summaryOp }));
    expect(await summaries()).toEqual([{ step: 1, tag: 'a' }]);
    await summaryWriter.close();
    await train(built, 1, new SummarySaverHook({ saveSecs: 100, summaryOp }));
  });

  it('takes summaries from one place', () => {
    const both = { scaffold: new Scaffold(), summaryOp: [] };
    expect(() => new SummarySaverHook({ saveSteps: 1, ...both })).toThrow(InvalidArgumentError);
    expect(() => new SummarySaverHook({ saveSteps: 1 })).toThrow(InvalidArgumentError);
  });
});

describe('StepCounterHook', () => {
  it('tells steps a second in the log and in the event file', async () => {
    const built = build();
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    const hook = new StepCounterHook({ everyNSteps: 2, outputDir: folder() });
    await using session = await open(built, hook);
    for (let i = 1; i <= 5; i++) {
      vi.setSystemTime(i * 500);
      await session.run(built.trainOp, [[built.x, 1]]);
    }
    await session.close();
    expect(lines.filter((line) => line.startsWith('global_step/sec'))).toEqual([
      'global_step/sec: 2',
      'global_step/sec: 2',
    ]);
    expect(await summaries()).toEqual([3, 5].map((step) => ({ step, tag: 'global_step/sec' })));
  });

  it('warns where the step stands still, five times at most, and not where it only is read late', async () => {
    const still = build();
    {
      await using session = await open(still, new StepCounterHook());
      for (let i = 0; i < 9; i++) await session.run(still.x, [[still.x, 1]]);
    }
    const warnings = () => lines.filter((line) => line.startsWith('WARNING: The global step stands still at 0'));
    expect(warnings()).toHaveLength(5);
    lines.length = 0;
    const counting = build();
    const hook = new StepCounterHook();
    counting.graph.asDefault(() => hook.begin());
    await using session = await open(counting);
    await session.runStepFn(async ({ session: raw }) => {
      const context = new SessionRunContext(new SessionRunArgs(null), raw);
      await hook.afterRun(context, new SessionRunValues(5n as never)); // read after it was counted
      for (let i = 0; i < 6; i++) await raw.run(counting.count);
      await hook.afterRun(context, new SessionRunValues(5n as never)); // and before
    });
    expect(lines.filter((line) => line.startsWith('WARNING'))).toEqual([]);
  });

  it('counts in steps or in seconds', () => {
    expect(() => new StepCounterHook({ everyNSecs: 1, everyNSteps: 1 })).toThrow(InvalidArgumentError);
    expect(() => new StepCounterHook({ everyNSteps: null })).toThrow(InvalidArgumentError);
    expect(() => new StepCounterHook({ everyNSecs: 1 })).not.toThrow();
  });
});

describe('LoggingTensorHook', () => {
  const logged = () => lines.filter((line) => line.includes('='));

  it('writes named values in the order of their names, and an array in its own, floats as Python does', async () => {
    const built = build();
    const [vector, small] = built.graph.asDefault(() => [add([0.1, 1], 0), add(0.1, built.x)]);
    const named = new LoggingTensorHook({ z: 'x', small: small!, a: vector! }, { everyNIter: 1 });
    await train(built, 1, named, new LoggingTensorHook(['total', built.globalStep], { everyNSecs: 100 }));
    expect(logged()[0]).toBe('a = [0.1, 1], small = 1.1, z = 1');
    expect(logged()[1]).toMatch(/^total = [01], global_step:0 = [01]$/);
  });

  it('writes once in so many runs with the time, and at the end', async () => {
    const built = build();
    await train(built, 5, new LoggingTensorHook({ step: built.globalStep }, { everyNIter: 2, atEnd: true }));
    expect(logged()).toHaveLength(4);
    expect(logged()[0]).toMatch(/^step = \d$/);
    for (const line of logged().slice(1)) expect(line).toMatch(/^step = \d \(\d+\.\d{3} sec\)$/);
    lines.length = 0;
    await train(built, 3, new LoggingTensorHook({ step: built.globalStep }, { atEnd: true }));
    expect(logged()).toEqual(['step = 3']);
  });

  it('writes what a formatter makes of the values, which have their types', async () => {
    const built = build();
    const { total } = built;
    const formatter = (values: { total: number }) => `so much = ${values.total.toFixed(1)}`;
    const hook = new LoggingTensorHook({ total }, { atEnd: true, formatter });
    expectTypeOf(hook).toEqualTypeOf<LoggingTensorHook<{ readonly total: typeof total }>>();
    await train(built, 2, hook);
    expect(logged()).toEqual(['so much = 2.0']);
  });

  it('refuses what it is not told clearly, and names that are none', async () => {
    expect(() => new LoggingTensorHook({}, {})).toThrow(InvalidArgumentError);
    expect(() => new LoggingTensorHook({}, { everyNIter: 1, everyNSecs: 1 })).toThrow(InvalidArgumentError);
    expect(() => new LoggingTensorHook({}, { everyNIter: 0 })).toThrow(InvalidArgumentError);
    const built = build();
    built.graph.asDefault(() => topK([1, 2, 3], { k: 1, name: 'best' }));
    await expect(open(built, new LoggingTensorHook(['nothing'], { atEnd: true }))).rejects.toThrow(
      "no operation named 'nothing'",
    );
    await expect(open(built, new LoggingTensorHook(['best'], { atEnd: true }))).rejects.toThrow(
      "say which one, 'best:0'",
    );
    const other = build();
    await expect(open(built, new LoggingTensorHook([other.x], { atEnd: true }))).rejects.toThrow('another graph');
  });
});

describe('NanTensorHook', () => {
  const nan = () => {
    const built = build();
    return { ...built, loss: built.graph.asDefault(() => log(add([1, 1], built.x))) };
  };

  it('is an error when the loss is no number any more, or a stop', async () => {
    const built = nan();
    await using session = await open(built, new NanTensorHook(built.loss));
    await session.run(built.trainOp, [[built.x, 1]]);
    await expect(session.run(built.trainOp, [[built.x, -3]])).rejects.toThrow(NanLossDuringTrainingError);
    expect(lines).toContain('ERROR: Model diverged with loss = NaN.');
    const other = nan();
    await using stopping = await open(other, new NanTensorHook(other.loss, { failOnNanLoss: false }));
    await stopping.run(other.trainOp, [[other.x, -3]]);
    expect(stopping.shouldStop()).toBe(true);
    expect(lines).toContain('WARNING: Model diverged with loss = NaN.');
  });
});

describe('ProfilerHook', () => {
  it('writes traces of some runs, for Chrome and for TensorBoard, and traces no others', async () => {
    const built = build();
    const run = vi.spyOn(Session.prototype, 'run');
    await train(
      built,
      6,
      new ProfilerHook({ saveSteps: 2, outputDir: path.join(folder(), 'traces'), showDataflow: false }),
    );
    const traces = fs.readdirSync(path.join(folder(), 'traces')).filter((name) => name.startsWith('timeline'));
    const traced = run.mock.calls.filter(([, , parameters]) => parameters?.options?.traceLevel);
    expect(traces.length).toBe(traced.length);
    expect(traces.length).toBeGreaterThanOrEqual(2);
    const { traceEvents } = JSON.parse(fs.readFileSync(path.join(folder(), 'traces', traces[0]!), 'utf8'));
    expect(traceEvents.length).toBeGreaterThan(3);
    const events = await readEvents(path.join(folder(), 'traces')).toArray();
    const tags = events.flatMap(({ taggedRunMetadata }) => taggedRunMetadata?.tag ?? []);
    expect(tags.map((tag) => tag.replace(/step_(\d+)/, 'timeline-$1.json')).sort()).toEqual(traces.sort());
  });
});

describe('FinalOpsHook', () => {
  it('evaluates at the end, with what is fed, in the structure that was asked for', async () => {
    const built = build();
    const { x, total } = built;
    const hook = new FinalOpsHook({ x, list: [total] } as const, { finalOpsFeedDict: [[x, 7]] });
    expect(hook.finalOpsValues).toBeNull();
    await train(built, 2, hook);
    expect(hook.finalOpsValues).toEqual({ x: 7, list: [2] });
    expectTypeOf(hook.finalOpsValues!.x).toEqualTypeOf<number>();
  });

  it('says what it may not read where inputs have come to their end', async () => {
    const built = build();
    const session = await open(built, new FinalOpsHook(built.x));
    vi.spyOn(Session.prototype, 'run').mockRejectedValue(new OutOfRangeError('the queue is empty'));
    await expect(session.close()).rejects.toThrow(OutOfRangeError);
    expect(lines.at(-1)).toMatch(/^WARNING: What a FinalOpsHook evaluates/);
  });
});

describe('GlobalStepWaiterHook', () => {
  it('has the first run wait until others have taken so many steps', async () => {
    const built = build();
    await using session = await open(built, new GlobalStepWaiterHook(2));
    const order: string[] = [];
    const waiting = session.run(built.total).then(() => order.push('run'));
    await session.runStepFn(async ({ session: raw }) => {
      for (let i = 0; i < 2; i++) await raw.run(built.count);
      order.push('steps');
    });
    await waiting;
    expect(order).toEqual(['steps', 'run']);
    expect(lines).toContain('Waiting for global step 2 before starting training.');
    await session.run(built.total);
  });

  it('waits for nothing where that is step 0', async () => {
    const built = build();
    await train(built, 1, new GlobalStepWaiterHook(0));
    expect(lines.filter((line) => line.startsWith('Waiting'))).toEqual([]);
  });
});
