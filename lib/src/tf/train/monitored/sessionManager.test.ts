import * as path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  DeadlineExceededError,
  FailedPreconditionError,
  InvalidArgumentError,
  UnavailableError,
} from '../../../runtime/errors';
import { keepLogLines } from '../../../testing/logLines';
import { temporaryFolder } from '../../../testing/temporaryFolder';
import { GraphKeys } from '../../graph/collections';
import { Graph } from '../../graph/graph';
import {
  globalVariables,
  globalVariablesInitializer,
  localVariablesInitializer,
  reportUninitializedVariables,
  Variable,
} from '../../ops/variables';
import { Session } from '../../session';
import { Saver } from '../saver';
import { Scaffold } from './scaffold';
import { ChiefSessionCreator, WorkerSessionCreator } from './sessionCreators';
import { SessionManager } from './sessionManager';

const lines = keepLogLines();
const folder = temporaryFolder('manager-');
afterEach(() => void vi.useRealTimers());

/** A variable, a local one that begins as twice that, and all that makes both ready. */
function build() {
  const graph = new Graph();
  return graph.asDefault(() => {
    const weights = new Variable(1, { name: 'weights' });
    const saver = new Saver();
    new Variable(2, { name: 'local', collections: [GraphKeys.LOCAL_VARIABLES], trainable: false });
    const initOp = globalVariablesInitializer();
    const ops = {
      localInitOp: localVariablesInitializer(),
      readyOp: reportUninitializedVariables(),
      readyForLocalInitOp: reportUninitializedVariables(globalVariables()),
    };
    return {
      graph,
      weights,
      saver,
      initOp,
      ops,
      manager: new SessionManager({ ...ops, graph, recoveryWaitSecs: 0.05 }),
    };
  });
}

/** Saves a checkpoint in which the variable is 5. */
async function save({ graph, weights, saver }: ReturnType<typeof build>, step = 1): Promise<string> {
  await using session = new Session({ graph });
  await session.run(weights.initializer, [[weights.initialValue!, 5]]);
  return await saver.save(session, path.join(folder(), 'model.ckpt'), { globalStep: step });
}

describe('prepareSession', () => {
  it('initializes where there is no checkpoint: initOp with its feeds, then initFn, then what is local', async () => {
    const { manager, initOp, weights, saver } = build();
    const initFn = vi.fn(async (session: Session) => expect(await session.run(weights)).toBe(3));
    const initFeedDict = [[weights.initialValue!, 3]] as const;
    await using session = await manager.prepareSession('', {
      initOp,
      initFeedDict,
      initFn,
      saver,
      checkpointDir: folder(),
    });
    expect(initFn).toHaveBeenCalledOnce();
    expect(await session.run([weights, 'local:0'])).toEqual([3, 2]);
  });

  it('restores the newest checkpoint of a folder, or the one that is named, and initializes nothing but what is local', async () => {
    const built = build();
    const { manager, initOp, weights, saver } = built;
    const checkpointFilenameWithPath = await save(built);
    const initFn = vi.fn();
    {
      await using session = await manager.prepareSession('', { initOp, initFn, saver, checkpointDir: folder() });
      expect(await session.run([weights, 'local:0'])).toEqual([5, 2]);
    }
    {
      await using session = await manager.prepareSession('', { saver, checkpointFilenameWithPath });
      expect(await session.run(weights)).toBe(5);
    }
    expect(initFn).not.toHaveBeenCalled();
    expect(lines).toContain(`Restoring parameters from ${checkpointFilenameWithPath}`);
  });

  it('has the saver know the checkpoints that are there', async () => {
    const built = build();
    for (const step of [1, 2]) await save(built, step);
    const saver = built.graph.asDefault(() => new Saver([built.weights]));
    await using _session = await built.manager.prepareSession('', { saver, checkpointDir: folder() });
    expect(saver.lastCheckpoints).toEqual([1, 2].map((step) => path.join(folder(), `model.ckpt-${step}`)));
  });

  it('names the variables that have no value even so, and closes the session', async () => {
    const { manager, graph, ops } = build();
    const close = vi.spyOn(Session.prototype, 'close');
    await expect(manager.prepareSession('', { initFn: () => {} })).rejects.toThrow(
      new FailedPreconditionError('variables without a value: weights; initOp and initFn left them so'),
    );
    expect(close).toHaveBeenCalledOnce();
    const bare = new SessionManager({ graph, readyOp: ops.readyOp });
    await expect(bare.prepareSession('')).rejects.toThrow('there is no checkpoint to restore, and neither initOp');
    await expect(bare.prepareSession('', { saver: build().saver, checkpointDir: folder() })).rejects.toThrow(
      'there is no checkpoint to restore, and neither initOp',
    );
  });

  it('waits for a checkpoint where it is told to, and not for ever', async () => {
    const built = build();
    const { manager, saver, initOp, weights } = built;
    const waiting = manager.prepareSession('', { initOp, saver, checkpointDir: folder(), waitForCheckpoint: true });
    await save(built);
    {
      await using session = await waiting;
      expect(await session.run(weights)).toBe(5);
    }
    const elsewhere = { checkpointDir: path.join(folder(), 'empty'), waitForCheckpoint: true, maxWaitSecs: 0.2 };
    await using initialized = await manager.prepareSession('', { initOp, saver, ...elsewhere });
    expect(await initialized.run(weights)).toBe(1);
  });

  it('waits for a checkpoint by the same clock as for servers, and initializes where time is up', async () => {
    const { manager, saver, initOp, weights } = build();
    let now = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => (now += 100)); // each look at the clock takes 0.1 s
    const elsewhere = { checkpointDir: folder(), waitForCheckpoint: true, maxWaitSecs: 0.2 };
    await using session = await manager.prepareSession('', { initOp, saver, ...elsewhere });
    expect(await session.run(weights)).toBe(1);
  });

  it('tries again while servers are away, for maxWaitSecs', async () => {
    const { manager, initOp, weights } = build();
    let lost = 2;
    const initFn = () => {
      if (lost-- > 0) throw new UnavailableError('nobody there');
    };
    await using session = await manager.prepareSession('', { initOp, initFn });
    expect(await session.run(weights)).toBe(1);
    expect(lines).toContain('Waiting for the model to be ready: nobody there');
    lost = 1000;
    await expect(manager.prepareSession('', { initOp, initFn, maxWaitSecs: 0.2 })).rejects.toThrow(
      DeadlineExceededError,
    );
  });

  it('refuses two things to restore, and a readyForLocalInitOp without what it is for', async () => {
    const { manager, saver, ops, graph } = build();
    const both = { saver, checkpointDir: folder(), checkpointFilenameWithPath: 'x' };
    await expect(manager.prepareSession('', both)).rejects.toThrow(InvalidArgumentError);
    expect(() => new SessionManager({ graph, readyForLocalInitOp: ops.readyOp })).toThrow(InvalidArgumentError);
    expect(() => new SessionManager({ graph, recoveryWaitSecs: 0 })).toThrow(InvalidArgumentError);
  });
});

describe('recoverSession', () => {
  it('gives a session and whether it is ready: where a checkpoint has all its variables', async () => {
    const built = build();
    const { manager, saver, weights, graph } = built;
    const [first, isReady] = await manager.recoverSession('', { saver, checkpointDir: folder() });
    expect(isReady).toBe(false);
    await first.close();
    await save(built);
    const [second, isReadyNow] = await manager.recoverSession('', { saver, checkpointDir: folder() });
    expect([await second.run(weights), isReadyNow]).toEqual([5, true]);
    await second.close();
    const readyOp = graph.asDefault(() => {
      new Variable(1, { name: 'new' });
      return reportUninitializedVariables(globalVariables());
    });
    const other = new SessionManager({ graph, readyOp });
    const [third, isReadyThen] = await other.recoverSession('', { saver, checkpointDir: folder() });
    expect(isReadyThen).toBe(false);
    expect(lines.at(-1)).toMatch(/did not make it ready: variables without a value: new$/);
    await third.close();
  });
});

describe('waitForSession', () => {
  it('looks again until another has made the model ready', async () => {
    const { manager } = build();
    const run = vi.spyOn(Session.prototype, 'run');
    const waiting = manager.waitForSession('');
    await vi.waitFor(() => expect(lines.filter((line) => line.startsWith('Waiting')).length).toBeGreaterThanOrEqual(2));
    run.mockResolvedValue(null as never); // ready
    await using session = await waiting;
    expect(session.closed).toBe(false);
    expect(lines).toContain('Waiting for the model to be ready: variables without a value: weights');
  });

  it('gives up after maxWaitSecs', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { close: closed } = Session.prototype;
    const close = vi.spyOn(Session.prototype, 'close').mockImplementation(function (this: Session) {
      vi.setSystemTime(Date.now() + 60); // so long an attempt takes, on whatever machine
      return closed.call(this);
    });
    await expect(build().manager.waitForSession('', { maxWaitSecs: 0.1 })).rejects.toThrow(
      new DeadlineExceededError("the model wasn't ready after 0.1 s: variables without a value: weights"),
    );
    expect(close.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  it('takes any operation that reads variables as a sign that they have values', async () => {
    const { graph, weights, initOp } = build();
    const manager = new SessionManager({ graph, readyOp: weights.initializer.graph.asDefault(() => weights.value()) });
    await expect(manager.waitForSession('', { maxWaitSecs: 0 })).rejects.toThrow(/uninitialized value weights/);
    await using session = await manager.prepareSession('', { initOp });
    expect(await session.run(weights)).toBe(1);
  });
});

describe('session creators', () => {
  it('finalize the graph, and make a session of the same kind each time', async () => {
    const { graph, weights } = build();
    const scaffold: Scaffold = new Scaffold({ initFn: (itself) => expect(itself).toBe(scaffold) });
    const creator = new ChiefSessionCreator({ graph, scaffold });
    for (let i = 0; i < 2; i++) {
      await using session = await creator.createSession();
      expect(await session.run(weights)).toBe(1);
    }
    expect(graph.finalized).toBe(true);
    const worker = new WorkerSessionCreator({ graph, maxWaitSecs: 0.1 });
    await expect(worker.createSession()).rejects.toThrow(DeadlineExceededError);
    expect(worker.graph).toBe(graph);
  });
});
