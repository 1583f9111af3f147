/** The monitored session of a training, with the hooks that every training needs. */
import { checkInstance } from '../../../runtime/arguments';
import { onlyOptions } from '../../../runtime/options';
import { Graph, getDefaultGraph } from '../../graph/graph';
import type { ConfigProto } from '../../session';
import { CheckpointSaverHook } from './hooks/checkpointSaverHook';
import { StepCounterHook } from './hooks/stepCounterHook';
import { SummarySaverHook } from './hooks/summarySaverHook';
import { MonitoredSession } from './monitoredSession';
import { Scaffold } from './scaffold';
import { ChiefSessionCreator, WorkerSessionCreator } from './sessionCreators';
import type { SessionHook } from './sessionRunHook';

/** Options of a training. For intervals, null means never. */
export interface MonitoredTrainingSessionOptions {
  /**
   * The address of a server, `server.target`.
   *
   * @defaultValue this process
   */
  master?: string;
  /**
   * Whether this process is the chief, which initializes or restores variables, and writes checkpoints and summaries;
   * others wait for the chief.
   *
   * @defaultValue `true`
   */
  isChief?: boolean;
  /** The folder of checkpoints; the newest is restored. */
  checkpointDir?: string;
  /**
   * How to initialize variables, and what to save.
   *
   * @defaultValue `new Scaffold()`
   */
  scaffold?: Scaffold;
  /** Hooks of every process. */
  hooks?: readonly SessionHook[];
  /** Hooks of the chief only. */
  chiefOnlyHooks?: readonly SessionHook[];
  /**
   * The interval between checkpoints in seconds.
   *
   * @defaultValue `600`, unless `saveCheckpointSteps` is given
   */
  saveCheckpointSecs?: number | null;
  /** The interval between checkpoints in steps. */
  saveCheckpointSteps?: number | null;
  /**
   * The interval between summaries in steps.
   *
   * @defaultValue `100`, unless `saveSummariesSecs` is given
   */
  saveSummariesSteps?: number | null;
  /** The interval between summaries in seconds. */
  saveSummariesSecs?: number | null;
  /** How the session uses the machine. */
  config?: ConfigProto;
  /**
   * The number of seconds that `close` waits for queue runners and other tasks of the coordinator.
   *
   * @defaultValue `120`
   */
  stopGracePeriodSecs?: number;
  /**
   * The interval, in steps, at which the number of steps per second is logged and written.
   *
   * @defaultValue `100`
   */
  logStepCountSteps?: number | null;
  /**
   * The number of seconds to wait for missing servers and for the chief.
   *
   * @defaultValue `7200`
   */
  maxWaitSecs?: number;
  /**
   * The folder of the event file.
   *
   * @defaultValue `checkpointDir`
   */
  summaryDir?: string;
  /**
   * Whether to write the graph too: as `graph.pbtxt`, and next to each checkpoint.
   *
   * @defaultValue `true`
   */
  saveGraphDef?: boolean;
  /**
   * The graph of the session.
   *
   * @defaultValue the default graph
   */
  graph?: Graph;
}

/**
 * Creates a session for training, on one machine or on a cluster. In a cluster, the chief initializes or restores the
 * variables, saves checkpoints and summaries, and logs the number of steps per second; workers wait for it. Python's
 * function blocks; this returns a promise. The graph needs a global step if there is a folder to write to.
 *
 * If a server is lost, a new session is created and restored from the newest checkpoint, and training continues.
 *
 * @throws {FailedPreconditionError} when the graph lacks the global step, or variables have no value after
 * initialization
 * @throws {DeadlineExceededError} when servers or the chief are missing after `maxWaitSecs`
 *
 * @example
 * const globalStep = tf.train.getOrCreateGlobalStep();
 * const train = new tf.train.GradientDescentOptimizer(0.01).minimize(loss, { globalStep });
 * const hooks = [new tf.train.StopAtStepHook({ lastStep: 20 }), new tf.train.LoggingTensorHook({ loss }, { everyNIter: 10 })];
 *
 * await using training = await tf.train.MonitoredTrainingSession({ checkpointDir: 'summaries/run8', hooks });
 * while (!training.shouldStop()) await training.run(train, feeds);
 */
export async function MonitoredTrainingSession(
  options: MonitoredTrainingSessionOptions = {},
): Promise<MonitoredSession> {
  const {
    master,
    isChief = true,
    checkpointDir,
    scaffold = new Scaffold(),
    hooks = [],
    chiefOnlyHooks = [],
    config,
    stopGracePeriodSecs,
    logStepCountSteps = 100,
    maxWaitSecs = 7200,
    summaryDir = checkpointDir,
    saveGraphDef,
    graph = getDefaultGraph(),
  } = onlyOptions(options, {
    master: 'string',
    isChief: 'boolean',
    checkpointDir: 'path',
    scaffold: 'any',
    hooks: 'array',
    chiefOnlyHooks: 'array',
    saveCheckpointSecs: 'number | null',
    saveCheckpointSteps: 'number | null',
    saveSummariesSteps: 'number | null',
    saveSummariesSecs: 'number | null',
    config: 'any',
    stopGracePeriodSecs: 'number',
    logStepCountSteps: 'number | null',
    maxWaitSecs: 'number',
    summaryDir: 'path',
    saveGraphDef: 'boolean',
    graph: 'any',
  });
  checkInstance('the graph of a session', graph, Graph);
  const common = { scaffold, master, config, maxWaitSecs, graph };
  if (!isChief) {
    const sessionCreator = new WorkerSessionCreator(common);
    return MonitoredSession({ sessionCreator, hooks, stopGracePeriodSecs, maxWaitSecs });
  }

  const own: SessionHook[] = [...chiefOnlyHooks];
  if (summaryDir && logStepCountSteps)
    own.push(new StepCounterHook({ outputDir: summaryDir, everyNSteps: logStepCountSteps }));
  const summaries = oneOf(options.saveSummariesSecs, options.saveSummariesSteps, { steps: 100 });
  if (summaryDir && (summaries.secs || summaries.steps))
    own.push(
      new SummarySaverHook({ scaffold, saveSteps: summaries.steps, saveSecs: summaries.secs, outputDir: summaryDir }),
    );
  const checkpoints = oneOf(options.saveCheckpointSecs, options.saveCheckpointSteps, { secs: 600 });
  if (checkpointDir && (checkpoints.secs || checkpoints.steps))
    own.push(
      new CheckpointSaverHook(checkpointDir, {
        saveSteps: checkpoints.steps,
        saveSecs: checkpoints.secs,
        scaffold,
        saveGraphDef,
      }),
    );
  const sessionCreator = new ChiefSessionCreator({ ...common, checkpointDir });
  return MonitoredSession({ sessionCreator, hooks: [...own, ...hooks], stopGracePeriodSecs, maxWaitSecs });
}

/** The given interval, or else the default; 0 and null mean never. */
function oneOf(
  secs: number | null | undefined,
  steps: number | null | undefined,
  usual: { secs?: number; steps?: number },
): { secs: number | null; steps: number | null } {
  const given = secs === undefined && steps === undefined ? usual : { secs, steps };
  return { secs: given.secs || null, steps: given.steps || null };
}
