import * as path from 'node:path';
import { GraphDef, MetaGraphDef, SessionStatus } from '../../../../protos';
import { checkPath, checkText } from '../../../../runtime/arguments';
import { FailedPreconditionError, InvalidArgumentError } from '../../../../runtime/errors';
import * as logging from '../../../../runtime/logging';
import { onlyOptions } from '../../../../runtime/options';
import { GraphKeys } from '../../../graph/collections';
import type { Graph } from '../../../graph/graph';
import type { Session } from '../../../session';
import type { FileWriter } from '../../../summary/fileWriter';
import { FileWriterCache } from '../../../summary/fileWriterCache';
import { Saver } from '../../saver';
import { writeGraph } from '../../writeGraph';
import { globalStepReadFor, type StepRead, stepNow } from '../globalStepRead';
import { Scaffold } from '../scaffold';
import { SecondOrStepTimer } from '../secondOrStepTimer';
import { SessionRunArgs, type SessionRunContext, SessionRunHook, type SessionRunValues } from '../sessionRunHook';
import type { CheckpointSaverListener } from './checkpointSaverListener';

/** Options of a {@link CheckpointSaverHook}. */
export interface CheckpointSaverHookOptions {
  /** The interval in seconds; give either this or `saveSteps`. */
  saveSecs?: number | null;
  /** The interval in steps. */
  saveSteps?: number | null;
  /** The saver; give either this or `scaffold`, or neither to use the one in the graph's collection. */
  saver?: Saver;
  /** Provides the saver. */
  scaffold?: Scaffold;
  /**
   * The beginning of the checkpoints' names.
   *
   * @defaultValue `model.ckpt`
   */
  checkpointBasename?: string;
  /** Notified of each checkpoint. */
  listeners?: readonly Partial<CheckpointSaverListener>[];
  /**
   * Whether to write the graph too: as `graph.pbtxt`, and next to each checkpoint.
   *
   * @defaultValue `true`
   */
  saveGraphDef?: boolean;
}

/**
 * Saves a checkpoint when a session begins, at intervals of steps or seconds, and at the end.
 *
 * @example
 * const listeners = [{ afterSave: (_: tf.Session, step: number) => console.log(`saved ${step}`) }];
 * const hooks = [new tf.train.CheckpointSaverHook('summaries/run1', { saveSteps: 1000, listeners })];
 */
export class CheckpointSaverHook extends SessionRunHook<StepRead> {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #options: CheckpointSaverHookOptions;
  readonly #listeners: readonly Partial<CheckpointSaverListener>[];
  readonly #timer: SecondOrStepTimer;
  #writer!: FileWriter;
  #globalStep!: StepRead;
  /** The most recently seen step. */
  #seen = 0;
  /** An upper bound for the number of steps that a run counts: the largest difference seen so far. */
  #stride = Number.POSITIVE_INFINITY;

  /**
   * @throws {InvalidArgumentError} when not exactly one of `saveSecs` and `saveSteps` is given, or both `saver` and
   * `scaffold`
   */
  constructor(checkpointDir: string, options: CheckpointSaverHookOptions) {
    super();
    const {
      saveSecs,
      saveSteps,
      saver,
      scaffold,
      checkpointBasename = 'model.ckpt',
      listeners = [],
    } = onlyOptions(options, {
      saveSecs: 'number | null',
      saveSteps: 'number | null',
      saver: Saver,
      scaffold: Scaffold,
      checkpointBasename: 'string',
      listeners: 'array',
      saveGraphDef: 'boolean',
    });
    checkPath('the folder of checkpoints', checkpointDir);
    checkText('what names of checkpoints begin with', checkpointBasename);
    if (saver && scaffold)
      throw new InvalidArgumentError('a saver, or a scaffold that has one, saves: give one of the two');
    this.#timer = new SecondOrStepTimer({ everySecs: saveSecs, everySteps: saveSteps });
    this.#folder = checkpointDir;
    this.#prefix = path.join(checkpointDir, checkpointBasename);
    this.#options = options;
    this.#listeners = listeners;
    logging.info('Create CheckpointSaverHook.');
  }

  override async begin(): Promise<void> {
    this.#globalStep = globalStepReadFor(this);
    this.#writer = FileWriterCache.get(this.#folder);
    // All are called before any is awaited: what they build belongs to the graph that is the default one now.
    await Promise.all(this.#listeners.map((listener) => listener.begin?.()));
  }

  override async afterCreateSession(session: Session): Promise<void> {
    const step = await stepNow(session, this.#globalStep);
    const metaGraph = this.#saver(session.graph).exportMetaGraph();
    if (this.#options.saveGraphDef ?? true)
      writeGraph(GraphDef.encode(MetaGraphDef.decode(metaGraph).graphDef!), this.#folder, 'graph.pbtxt');
    this.#writer.addGraph(session.graph);
    this.#writer.addMetaGraph(metaGraph);
    this.#seen = step;
    await this.#save(session, step);
    this.#timer.updateLastTriggeredStep(step);
  }

  override beforeRun(): SessionRunArgs<StepRead> {
    return new SessionRunArgs(this.#globalStep);
  }

  override async afterRun(context: SessionRunContext, { results }: SessionRunValues<StepRead>): Promise<void> {
    // The step may have been read before or after the run counted it; if it may be due, the current step is requested.
    this.#see(Number(results));
    if (!this.#timer.shouldTriggerForStep(this.#seen + this.#stride)) return;
    const step = await stepNow(context.session, this.#globalStep);
    this.#see(step);
    if (!this.#timer.shouldTriggerForStep(step)) return;
    this.#timer.updateLastTriggeredStep(step);
    if (await this.#save(context.session, step)) context.requestStop();
  }

  override async end(session: Session): Promise<void> {
    const step = await stepNow(session, this.#globalStep);
    if (step !== this.#timer.lastTriggeredStep()) await this.#save(session, step);
    for (const listener of this.#listeners) await listener.end?.(session, step);
    await this.#writer.flush();
  }

  /** Learns from a step how many a run counts. */
  #see(step: number): void {
    const steps = step - this.#seen;
    if (steps > 0) this.#stride = this.#stride === Number.POSITIVE_INFINITY ? steps : Math.max(this.#stride, steps);
    this.#seen = step;
  }

  /** Saves; returns whether a listener wants to stop. */
  async #save(session: Session, step: number): Promise<boolean> {
    logging.info(`Calling checkpoint listeners before saving checkpoint ${step}...`);
    for (const listener of this.#listeners) await listener.beforeSave?.(session, step);

    logging.info(`Saving checkpoints for ${step} into ${this.#prefix}.`);
    const { saveGraphDef: writeMetaGraph = true } = this.#options;
    await this.#saver(session.graph).save(session, this.#prefix, { globalStep: step, writeMetaGraph });
    this.#writer.addSessionLog({ status: SessionStatus.CHECKPOINT, checkpointPath: this.#prefix }, step);

    logging.info(`Calling checkpoint listeners after saving checkpoint ${step}...`);
    let stops = false;
    for (const listener of this.#listeners) stops = (await listener.afterSave?.(session, step)) === true || stops;
    if (stops) logging.info('A CheckpointSaverListener requested that training be stopped.');
    return stops;
  }

  #saver(graph: Graph): Saver {
    const { saver, scaffold } = this.#options;
    const given = saver ?? scaffold?.saver;
    if (given) return given;
    const found = graph.getCollection(GraphKeys.SAVERS);
    if (found.length === 1) return found[0]!;
    throw new FailedPreconditionError(
      `a CheckpointSaverHook takes the graph's only saver where it is given none; there are ${found.length}`,
    );
  }
}
