import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { deferred } from '../../../../shared/deferred.cjs';
import {
  AbortedError,
  DeadlineExceededError,
  FailedPreconditionError,
  InternalError,
  InvalidArgumentError,
  OutOfRangeError,
  UnavailableError,
} from '../../../runtime/errors';
import { setNotebookHost } from '../../../runtime/notebookHost';
import { keepLogLines } from '../../../testing/logLines';
import { temporaryFolder } from '../../../testing/temporaryFolder';
import { GraphKeys } from '../../graph/collections';
import { Graph } from '../../graph/graph';
import { placeholder } from '../../ops/constants';
import { FIFOQueue } from '../../ops/dataFlow';
import { add } from '../../ops/elementwise';
import { lessEqual } from '../../ops/elementwise/comparison';
import { Variable } from '../../ops/variables';
import { Session } from '../../session';
import { FileWriterCache } from '../../summary/fileWriterCache';
import { addQueueRunner, type Coordinator, QueueRunner } from '../coordination';
import { getOrCreateGlobalStep } from '../globalStep';
import { CheckpointSaverHook, FeedFnHook, StopAtStepHook } from './hooks';
import { MonitoredSession, SingularMonitoredSession } from './monitoredSession';
import { MonitoredTrainingSession } from './monitoredTrainingSession';
import { ChiefSessionCreator } from './sessionCreators';
import {
  type SessionHook,
  SessionRunArgs,
  type SessionRunContext,
  SessionRunHook,
  type SessionRunValues,
} from './sessionRunHook';

const lines = keepLogLines();
const folder = temporaryFolder('monitored-');
afterEach(() => FileWriterCache.clear());

/** A graph with a variable, a global step, and an operation that counts both. */
function build() {
  const graph = new Graph();
  return graph.asDefault(() => {
    const globalStep = getOrCreateGlobalStep();
    const total = new Variable(0, { name: 'total' });
    const x = placeholder('float32', [], { name: 'x' });
    const trainOp = graph.controlDependencies([globalStep.assignAdd(1)], () => total.assignAdd(x)).op;
    const sessionCreator = new ChiefSessionCreator();
    return { graph, globalStep, total, x, trainOp, sessionCreator };
  });
}

/** A hook that notes what it is called for. */
class Noting implements SessionHook {
  readonly calls: string[] = [];
  constructor(readonly fail: Partial<Record<keyof SessionHook, () => Error | undefined>> = {}) {}
  #note(call: keyof SessionHook): void {
    this.calls.push(call);
    const error = this.fail[call]?.();
    if (error) throw error;
  }
  begin = () => this.#note('begin');
  afterCreateSession = async () => this.#note('afterCreateSession');
  beforeRun = () => this.#note('beforeRun');
  afterRun = async () => this.#note('afterRun');
  end = async () => this.#note('end');
}

/** Gives an error the first `times` times, and nothing afterwards. */
const atFirst = (times: number, error: () => Error) => () => (times-- > 0 ? error() : undefined);

describe('a monitored session', () => {
  it('calls hooks in their order: at the beginning, around each run, at the end', async () => {
    const { sessionCreator, trainOp, x } = build();
    const hook = new Noting();
    const session = await MonitoredSession({ sessionCreator, hooks: [hook] });
    await session.run(trainOp, [[x, 1]]);
    await session.run(trainOp, [[x, 2]]);
    await session.close();
    const run = ['beforeRun', 'afterRun'];
    expect(hook.calls).toEqual(['begin', 'afterCreateSession', ...run, ...run, 'end']);
    await session.close();
    expect(hook.calls.at(-1)).toBe('end');
    expect(hook.calls).toHaveLength(7);
  });

  it('gives values in the structure of the fetches, with the types that a session gives', async () => {
    const { sessionCreator, total, globalStep, x, trainOp } = build();
    await using session = await MonitoredSession({ sessionCreator });
    const values = await session.run({ trainOp, x, both: [total, globalStep] as const }, [[x, 3]]);
    expectTypeOf(values.x).toEqualTypeOf<number>();
    expectTypeOf(values.both).toEqualTypeOf<[number, bigint]>();
    expect(values.x).toBe(3);
    expect(session.graph).toBe(total.graph);
  });

  it('gives each hook what it asked for, in its structure, in the same run', async () => {
    const { sessionCreator, total, x, trainOp, graph } = build();
    const seen: unknown[] = [];
    const doubled = graph.asDefault(() => add(x, x));
    class Doubling extends SessionRunHook<{ doubled: typeof doubled }> {
      override beforeRun() {
        return new SessionRunArgs({ doubled });
      }
      override afterRun(context: SessionRunContext, { results }: SessionRunValues<{ doubled: typeof doubled }>) {
        expectTypeOf(results.doubled).toEqualTypeOf<number>();
        seen.push(results.doubled, context.originalArgs.fetches);
      }
    }
    const nothing: SessionHook = { afterRun: (_, { results }) => void seen.push(results) };
    const run = vi.spyOn(Session.prototype, 'run');
    await using session = await MonitoredSession({ sessionCreator, hooks: [new Doubling(), nothing] });
    run.mockClear();
    expect(await session.run([trainOp, x], [[x, 4]])).toEqual([null, 4]);
    expect(seen).toEqual([8, [trainOp, x], null]);
    expect(run).toHaveBeenCalledOnce();
    void total;
  });

  it('feeds what hooks feed, and refuses what two of them feed', async () => {
    const { sessionCreator, x } = build();
    const five = new FeedFnHook(() => [[x, 5]]);
    await using session = await MonitoredSession({ sessionCreator, hooks: [five] });
    expect(await session.run(x)).toBe(5);
    await expect(session.run(x, [['x:0', 1]])).rejects.toThrow(
      new InvalidArgumentError("'x:0' is fed by a hook, and by the caller too"),
    );
    const other = build();
    const feeding = new FeedFnHook(async () => new Map([[other.x, 1]]));
    await using twice = await MonitoredSession({ sessionCreator: other.sessionCreator, hooks: [feeding, feeding] });
    await expect(twice.run(other.x)).rejects.toThrow("'x:0' is fed by a hook, and by another hook too");
  });

  it('runs with the greatest of the options that the caller and hooks ask for', async () => {
    const { sessionCreator, x, trainOp } = build();
    const given: SessionRunValues[] = [];
    const tracing: SessionHook = {
      beforeRun: () => new SessionRunArgs(null, null, { traceLevel: 'FULL_TRACE', timeoutInMs: 5 }),
      afterRun: (_, values) => void given.push(values),
    };
    await using session = await MonitoredSession({ sessionCreator, hooks: [tracing] });
    await session.run(trainOp, [[x, 1]], { options: { traceLevel: 1, timeoutInMs: 60_000 } });
    expect(given[0]!.options).toMatchObject({ traceLevel: 3, timeoutInMs: 60_000 });
    expect(given[0]!.runMetadata.bytes.length).toBeGreaterThan(0);
  });

  it('stops when a hook asks to, and refuses to run then', async () => {
    const { sessionCreator, trainOp, x } = build();
    const hooks = [new StopAtStepHook({ numSteps: 3 })];
    await using session = await MonitoredSession({ sessionCreator, hooks });
    let runs = 0;
    for (; !session.shouldStop(); runs++) await session.run(trainOp, [[x, 1]]);
    expect(runs).toBe(3);
    await expect(session.run(trainOp, [[x, 1]])).rejects.toThrow(FailedPreconditionError);
  });

  it('finalizes the graph while it is open, and says so to who adds to it', async () => {
    const { graph, sessionCreator } = build();
    const session = await MonitoredSession({ sessionCreator });
    expect(graph.finalized).toBe(true);
    expect(() => graph.asDefault(() => add(1, 2))).toThrow(/the graph is finalized/);
    await session.close();
    graph.asDefault(() => add(1, 2));
    expect(session.shouldStop()).toBe(true);
    await expect(session.run('x:0')).rejects.toThrow('the session is closed');
  });

  it('leaves a graph finalized that was so before, and one that it failed to begin with as it was', async () => {
    const { graph } = build();
    const failing = new Noting({ begin: () => new InternalError('no') });
    await expect(
      MonitoredSession({ sessionCreator: new ChiefSessionCreator({ graph }), hooks: [failing] }),
    ).rejects.toThrow('no');
    expect(graph.finalized).toBe(false);
    const afterwards = new Noting({ afterCreateSession: () => new InternalError('no') });
    const close = vi.spyOn(Session.prototype, 'close');
    await expect(
      MonitoredSession({ sessionCreator: new ChiefSessionCreator({ graph }), hooks: [afterwards] }),
    ).rejects.toThrow('no');
    expect(close).toHaveBeenCalledOnce();
    expect(graph.finalized).toBe(false);
    graph.finalize();
    await (await MonitoredSession({ sessionCreator: new ChiefSessionCreator({ graph }) })).close();
    expect(graph.finalized).toBe(true);
  });

  it('has hooks build into its graph, also where begin is asynchronous', async () => {
    const { graph, sessionCreator } = build();
    const hook = {
      async begin() {
        add(1, 2, { name: 'by_hook' });
      },
    };
    await using _session = await MonitoredSession({ sessionCreator, hooks: [hook] });
    expect(graph.getOperationByName('by_hook').type).toMatch(/^Add/);
  });

  it('closes at the end of its block without what hooks do at a good end, where a run has failed', async () => {
    const { sessionCreator, x } = build();
    const hook = new Noting();
    const failed = async () => {
      await using session = await MonitoredSession({ sessionCreator, hooks: [hook] });
      await session.run(x); // isn't fed
    };
    await expect(failed()).rejects.toThrow(InvalidArgumentError);
    expect(hook.calls).toEqual(['begin', 'afterCreateSession', 'beforeRun']);
  });

  it('has hooks do at the end what they do where an error was caught, inputs came to their end, or close() is called', async () => {
    const { sessionCreator, x } = build();
    const hook = new Noting();
    {
      await using session = await MonitoredSession({ sessionCreator, hooks: [hook] });
      await expect(session.run(x)).rejects.toThrow();
      await session.run(x, [[x, 1]]);
    }
    expect(hook.calls.at(-1)).toBe('end');
    const ending = new Noting({ afterRun: () => new OutOfRangeError('the queue is empty') });
    {
      await using session = await MonitoredSession({ sessionCreator, hooks: [ending] });
      await expect(session.run(x, [[x, 1]])).rejects.toThrow(OutOfRangeError);
    }
    expect(ending.calls.at(-1)).toBe('end');
    const closed = new Noting({ afterRun: () => new InternalError('bad') });
    const session = await MonitoredSession({ sessionCreator, hooks: [closed] });
    await expect(session.run(x, [[x, 1]])).rejects.toThrow('bad');
    await session.close();
    expect(closed.calls.at(-1)).toBe('end');
  });

  it('is closed where a hook fails at the end, and the error is thrown', async () => {
    const { graph, sessionCreator } = build();
    const session = await MonitoredSession({
      sessionCreator,
      hooks: [new Noting({ end: () => new InternalError('no') })],
    });
    const close = vi.spyOn(Session.prototype, 'close');
    await expect(session.close()).rejects.toThrow('no');
    expect(close).toHaveBeenCalledOnce();
    expect(graph.finalized).toBe(false);
  });

  it("is used as by Python's with: the end of inputs ends it, another error goes without a good end", async () => {
    const { sessionCreator, x } = build();
    const hook = new Noting({ afterRun: atFirst(1, () => new OutOfRangeError('the queue is empty')) });
    const session = await MonitoredSession({ sessionCreator, hooks: [hook] });
    expect(await session.use(async () => session.run(x, [[x, 1]]))).toBeUndefined();
    expect(hook.calls.at(-1)).toBe('end');
    const other = new Noting();
    const failing = await MonitoredSession({ sessionCreator, hooks: [other] });
    await expect(
      failing.use(() => {
        throw new TypeError('mine');
      }),
    ).rejects.toThrow('mine');
    expect(other.calls.at(-1)).toBe('afterCreateSession');
    expect(failing.shouldStop()).toBe(true);
    const good = await MonitoredSession({ sessionCreator });
    expect(await good.use((same) => same.run(x, [[x, 2]]))).toBe(2);
  });

  it('ends with its cell when that is interrupted, without what hooks do at a good end', async () => {
    const { sessionCreator, x, trainOp } = build();
    const hook = new Noting();
    const cell = new AbortController();
    setNotebookHost({ signal: cell.signal } as never);
    const close = vi.spyOn(Session.prototype, 'close');
    try {
      const running = async () => {
        await using session = await MonitoredSession({ sessionCreator, hooks: [hook] });
        while (!session.shouldStop()) {
          await session.run(trainOp, [[x, 1]]);
          if (hook.calls.length > 20) cell.abort(new Error('interrupted'));
        }
      };
      await expect(running()).rejects.toThrow('interrupted');
    } finally {
      setNotebookHost(undefined);
    }
    expect(hook.calls).not.toContain('end');
    expect(close).toHaveBeenCalledOnce();
  });

  it('runs a step function, some of whose runs call no hooks, and stops where that asks to', async () => {
    const { sessionCreator, x, trainOp, total } = build();
    const hook = new Noting();
    await using session = await MonitoredSession({ sessionCreator, hooks: [hook] });
    const result = await session.runStepFn(async ({ session: raw, runWithHooks }) => {
      await raw.run(trainOp, [[x, 1]]);
      await runWithHooks(trainOp, [[x, 10]]);
      return raw.run(total);
    });
    expect(result).toBe(11);
    expect(hook.calls.filter((call) => call === 'beforeRun')).toHaveLength(1);
    const after = vi.fn();
    expect(
      await session.runStepFn(({ requestStop }) => {
        requestStop();
        after();
      }),
    ).toBeUndefined();
    expect(after).not.toHaveBeenCalled();
    expect(session.shouldStop()).toBe(true);
  });

  it('refuses hooks, feeds and options that are none', async () => {
    const { sessionCreator, x } = build();
    await expect(MonitoredSession({ hooks: 5 as never })).rejects.toThrow(InvalidArgumentError);
    await expect(MonitoredSession({ master: '' } as never)).rejects.toThrow("no option 'master'");
    await expect(MonitoredSession({ sessionCreator, maxWaitSecs: -1 })).rejects.toThrow(InvalidArgumentError);
    const noting = new Noting();
    for (const stopGracePeriodSecs of [-1, Number.NaN]) {
      const opening = MonitoredSession({ sessionCreator, stopGracePeriodSecs, hooks: [noting] });
      await expect(opening).rejects.toThrow(/^stopGracePeriodSecs is a number from 0 on, not /);
    }
    expect(noting.calls).toEqual([]);
    await using session = await MonitoredSession({ sessionCreator });
    await expect(session.run(x, 5 as never)).rejects.toThrow('feeds are a Map');
    await expect(session.run(x, [[x, 1]], { nonsense: 1 } as never)).rejects.toThrow("no option 'nonsense'");
    await expect(session.run(5 as never)).rejects.toThrow(InvalidArgumentError);
  });
});

describe('recovery', () => {
  it.each([AbortedError, UnavailableError])(
    'makes the session anew after an %o, and the same run again',
    async (Lost) => {
      const { graph, trainOp, x, total, globalStep } = build();
      const hook = new Noting({ afterRun: atFirst(1, () => new Lost('the server is gone')) });
      const saver = graph.asDefault(() => new CheckpointSaverHook(folder(), { saveSteps: 2 }));
      const hooks = [saver, hook];
      const sessionCreator = new ChiefSessionCreator({ graph, checkpointDir: folder() });
      const closed = vi.spyOn(Session.prototype, 'close');
      await using session = await MonitoredSession({ sessionCreator, hooks });
      const feeds = [[x, 1] as const].values(); // can be gone through once
      await session.run(trainOp, feeds);
      expect(closed).toHaveBeenCalledOnce();
      const run = ['beforeRun', 'afterRun'];
      expect(hook.calls).toEqual(['begin', 'afterCreateSession', ...run, 'afterCreateSession', ...run]);
      // The lost session's step isn't in the checkpoint of step 0.
      expect(await session.run([total, globalStep])).toEqual([1, 1n]);
      expect(lines.join('\n')).toContain('the session is made anew. the server is gone');
    },
  );

  it('goes on from the newest checkpoint', async () => {
    const { graph, trainOp, x, total, globalStep } = build();
    let runs = 0;
    const failing: SessionHook = {
      afterRun() {
        if (++runs === 6) throw new UnavailableError('gone');
      },
    };
    await using session = await MonitoredTrainingSession({
      graph,
      checkpointDir: folder(),
      saveCheckpointSteps: 4,
      saveSummariesSteps: null,
      hooks: [failing, new StopAtStepHook({ lastStep: 10 })],
    });
    while (!session.shouldStop()) await session.run(trainOp, [[x, 1]]);
    expect(runs).toBe(12); // steps 5 and 6 were taken again
    const values = await session.runStepFn(({ session: raw }) => raw.run([total, globalStep]));
    expect(values).toEqual([10, 10n]);
    expect(lines.join('\n')).toContain(`Restoring parameters from ${path.join(folder(), 'model.ckpt-4')}`);
  });

  it('makes it once for runs that fail together, and for one that notices when it is made already', async () => {
    const { sessionCreator, x } = build();
    const again = deferred<void>();
    let [created, failed] = [0, 0];
    const hook: SessionHook = {
      afterCreateSession() {
        if (++created === 2) setTimeout(again.resolve, 50);
      },
      async afterRun() {
        const which = ++failed;
        if (which === 3) await again.promise;
        if (which <= 3) throw new AbortedError('gone');
      },
    };
    await using session = await MonitoredSession({ sessionCreator, hooks: [hook] });
    const values = await Promise.all([1, 2, 3].map((value) => session.run(x, [[x, value]])));
    expect(values).toEqual([1, 2, 3]);
    expect(created).toBe(2);
  });

  it('tries again to make a session where a server is lost meanwhile', async () => {
    const { sessionCreator, x } = build();
    const hook = new Noting({ afterCreateSession: atFirst(1, () => new UnavailableError('not yet')) });
    await using session = await MonitoredSession({ sessionCreator, hooks: [hook] });
    expect(await session.run(x, [[x, 1]])).toBe(1);
    expect(lines).toContain('Waiting for the session to be ready: not yet');
  });

  it('ends after maxWaitSecs, and says what it waited for', async () => {
    const { sessionCreator, x } = build();
    const away = new Noting({ afterCreateSession: () => new UnavailableError('nobody there') });
    await expect(MonitoredSession({ sessionCreator, hooks: [away], maxWaitSecs: 0.3 })).rejects.toThrow(
      new DeadlineExceededError("the session wasn't ready after 0.3 s: nobody there"),
    );
    const always = new Noting({ afterRun: () => new AbortedError('again and again') });
    await using session = await MonitoredSession({ sessionCreator, hooks: [always], maxWaitSecs: 0.3 });
    await expect(session.run(x, [[x, 1]])).rejects.toThrow(/wasn't ready after 0.3 s: again and again/);
  });

  it.each([
    ['of its own in a run', 'afterRun'],
    ['of its own when the session is made anew', 'afterCreateSession'],
  ] as const)('ends with an error %s', async (_, call) => {
    const { sessionCreator, x } = build();
    let created = 0;
    const hook: SessionHook = {
      afterCreateSession() {
        if (created++ > 0 && call === 'afterCreateSession') throw new InternalError('mine');
      },
      afterRun() {
        throw call === 'afterRun' ? new InternalError('mine') : new AbortedError('gone');
      },
    };
    await using session = await MonitoredSession({ sessionCreator, hooks: [hook] });
    await expect(session.run(x, [[x, 1]])).rejects.toThrow('mine');
    expect(created).toBe(call === 'afterRun' ? 1 : 2);
  });

  it('is ended by close() at once, however long a server is away', async () => {
    const { sessionCreator, x, graph } = build();
    const away = deferred<void>();
    const hook: SessionHook = {
      afterCreateSession: vi.fn().mockResolvedValueOnce(undefined).mockReturnValue(away.promise),
      afterRun() {
        throw new UnavailableError('gone');
      },
    };
    const closed = vi.spyOn(Session.prototype, 'close');
    const session = await MonitoredSession({ sessionCreator, hooks: [hook] });
    const running = expect(session.run(x, [[x, 1]])).rejects.toThrow('the session is closed');
    await vi.waitFor(() => expect(hook.afterCreateSession).toHaveBeenCalledTimes(2), 10_000);
    await session.close();
    expect(graph.finalized).toBe(false);
    away.resolve();
    await running;
    expect(closed).toHaveBeenCalledTimes(2);
  });

  it('calls a step function again', async () => {
    const { sessionCreator, total } = build();
    const lose = atFirst(1, () => new AbortedError('gone'));
    await using session = await MonitoredSession({ sessionCreator });
    const value = await session.runStepFn(async ({ session: raw }) => {
      const error = lose();
      if (error) throw error;
      return raw.run(total);
    });
    expect(value).toBe(0);
  });

  it('is none of a singular session, which gives its session for runs without hooks', async () => {
    const { graph, x } = build();
    const hook = new Noting({ afterRun: () => new AbortedError('gone') });
    const session = await SingularMonitoredSession({ graph, hooks: [hook] });
    await expect(session.run(x, [[x, 1]])).rejects.toThrow('gone');
    expect(await session.rawSession().run(x, [[x, 7]])).toBe(7);
    await session.close();
    expect(() => session.rawSession()).toThrow('the session is closed');
  });
});

describe('queue runners', () => {
  /** A graph that takes from a queue, which a queue runner fills with what is fed to nobody: 0, 1, 2. */
  function queued(broken = false) {
    const graph = new Graph();
    return graph.asDefault(() => {
      const counter = new Variable(0, { name: 'counter' });
      const queue = new FIFOQueue(2, 'float32', { shapes: [[]] });
      const next = counter.assignAdd(1);
      const three = graph.createOperation('Assert', [lessEqual(next, 3), [next]]);
      const item = graph.controlDependencies([three], () => add(next, 0)); // a copy
      const classes = { queueClosedExceptionTypes: broken ? [] : [InvalidArgumentError] };
      addQueueRunner(new QueueRunner(queue, [queue.enqueue(item)], classes));
      return { graph, taken: queue.dequeue(), sessionCreator: new ChiefSessionCreator() };
    });
  }

  it('are started with each session, and their end is the end of the loop', async () => {
    const { taken, sessionCreator } = queued();
    const hook = new Noting();
    const seen: unknown[] = [];
    const session = await MonitoredSession({ sessionCreator, hooks: [hook] });
    await session.use(async () => {
      while (!session.shouldStop()) seen.push(await session.run(taken));
    });
    expect(seen).toEqual([1, 2, 3]);
    expect(hook.calls.at(-1)).toBe('end');
  });

  it('that fail end the loop, with their error', async () => {
    const { taken, sessionCreator } = queued(true);
    const session = await MonitoredSession({ sessionCreator });
    const using = session.use(async () => {
      while (!session.shouldStop()) await session.run(taken);
    });
    await expect(using).rejects.toThrow(/assertion failed/);
    expect(session.shouldStop()).toBe(true);
  });

  it('are stopped when the session is closed, and when it is made anew', async () => {
    const { taken, sessionCreator } = queued();
    const coords: Coordinator[] = [];
    const hook: SessionHook = {
      afterCreateSession: (_, coord) => void coords.push(coord),
      afterRun() {
        if (coords.length === 1) throw new AbortedError('gone');
      },
    };
    const session = await MonitoredSession({ sessionCreator, hooks: [hook] });
    expect(await session.run(taken)).toBe(1);
    expect(coords.map((coord) => coord.joined)).toEqual([true, false]);
    await session.close();
    expect(coords.map((coord) => coord.joined)).toEqual([true, true]);
  });
});

describe('a training', () => {
  const files = () => fs.readdirSync(folder()).sort();

  it('has the hooks of a chief, and none of them without a folder', async () => {
    const { graph, trainOp, x } = build();
    {
      await using session = await MonitoredTrainingSession({ graph });
      await session.run(trainOp, [[x, 1]]);
    }
    expect(files()).toEqual([]);
    {
      await using _session = await MonitoredTrainingSession({ graph, checkpointDir: folder() });
    }
    expect(files()).toEqual(
      expect.arrayContaining(['checkpoint', 'graph.pbtxt', 'model.ckpt-0.index', 'model.ckpt-0.meta']),
    );
  });

  it('saves nothing where it is told to: null, or 0', async () => {
    const { graph } = build();
    const never = { saveCheckpointSecs: null, saveSummariesSteps: 0, logStepCountSteps: null };
    {
      await using _session = await MonitoredTrainingSession({ graph, checkpointDir: folder(), ...never });
    }
    expect(files()).toEqual([]);
  });

  it('writes summaries into a folder of their own, and no graph, where it is told to', async () => {
    const { graph } = build();
    const summaryDir = path.join(folder(), 'summaries');
    {
      const checkpointDir = path.join(folder(), 'checkpoints');
      await using _session = await MonitoredTrainingSession({ graph, checkpointDir, summaryDir, saveGraphDef: false });
    }
    expect(fs.readdirSync(summaryDir)).toEqual([expect.stringMatching(/^events/)]);
    expect(fs.readdirSync(path.join(folder(), 'checkpoints')).filter((name) => /meta|pbtxt/.test(name))).toEqual([]);
  });

  it('refuses steps and seconds for the same', async () => {
    const { graph } = build();
    const both = { saveCheckpointSecs: 5, saveCheckpointSteps: 5 };
    await expect(MonitoredTrainingSession({ graph, checkpointDir: folder(), ...both })).rejects.toThrow(
      InvalidArgumentError,
    );
  });

  it('says which step it needs where the graph has none', async () => {
    const graph = new Graph();
    await expect(MonitoredTrainingSession({ graph, checkpointDir: folder() })).rejects.toThrow(
      /a StepCounterHook needs the graph's global step/,
    );
    expect(graph.getCollection(GraphKeys.INIT_OP)).toEqual([]);
  });

  it("has a worker wait for the chief's variables, with the hooks of workers only, and not for ever", async () => {
    const { graph } = build();
    const [hook, chiefs] = [new Noting(), new Noting()];
    const waiting = MonitoredTrainingSession({
      graph,
      isChief: false,
      hooks: [hook],
      chiefOnlyHooks: [chiefs],
      checkpointDir: folder(),
      maxWaitSecs: 0.4,
    });
    await expect(waiting).rejects.toThrow(
      new DeadlineExceededError("the model wasn't ready after 0.4 s: variables without a value: global_step, total"),
    );
    expect([hook.calls, chiefs.calls, files()]).toEqual([['begin'], [], []]);
  });
});
