import * as logging from '../../../../runtime/logging';
import { onlyOptions } from '../../../../runtime/options';
import { FileWriter } from '../../../summary/fileWriter';
import { FileWriterCache } from '../../../summary/fileWriterCache';
import { getGlobalStep } from '../../globalStep';
import { globalStepReadFor, type StepRead, stepNow } from '../globalStepRead';
import { SecondOrStepTimer } from '../secondOrStepTimer';
import { SessionRunArgs, type SessionRunContext, SessionRunHook, type SessionRunValues } from '../sessionRunHook';

/** Options of a {@link StepCounterHook}. */
export interface StepCounterHookOptions {
  /**
   * The interval in steps.
   *
   * @defaultValue `100`, unless `everyNSecs` is given
   */
  everyNSteps?: number | null;
  /** The interval in seconds. */
  everyNSecs?: number | null;
  /** The folder of the event file to write. */
  outputDir?: string;
  /** The writer to use instead of `outputDir`. */
  summaryWriter?: FileWriter;
}

/** The maximum number of warnings that the step doesn't change. */
const MAX_WARNINGS = 5;

/**
 * Reports the number of steps per second, as a log line and as a summary `global_step/sec`.
 *
 * @example
 * const hooks = [new tf.train.StepCounterHook({ everyNSteps: 500, outputDir: 'summaries/run1' })];
 */
export class StepCounterHook extends SessionRunHook<StepRead> {
  readonly #timer: SecondOrStepTimer;
  readonly #outputDir: string | undefined;
  #writer: FileWriter | undefined;
  #globalStep!: StepRead;
  #tag!: string;
  #lastStep: number | undefined;
  #warnings = 0;

  /** @throws {InvalidArgumentError} when both steps and seconds are given, or neither */
  constructor(options: StepCounterHookOptions = {}) {
    super();
    const { everyNSecs, everyNSteps, outputDir, summaryWriter } = onlyOptions(options, {
      everyNSteps: 'number | null',
      everyNSecs: 'number | null',
      outputDir: 'path',
      summaryWriter: FileWriter,
    });
    const everySteps = everyNSteps === undefined && everyNSecs == null ? 100 : everyNSteps;
    this.#timer = new SecondOrStepTimer({ everySteps, everySecs: everyNSecs });
    this.#outputDir = outputDir;
    this.#writer = summaryWriter;
  }

  override begin(): void {
    if (this.#outputDir) this.#writer ??= FileWriterCache.get(this.#outputDir);
    this.#globalStep = globalStepReadFor(this);
    this.#tag = `${getGlobalStep()!.op.name}/sec`;
  }

  override beforeRun(): SessionRunArgs<StepRead> {
    return new SessionRunArgs(this.#globalStep);
  }

  override async afterRun({ session }: SessionRunContext, { results }: SessionRunValues<StepRead>): Promise<void> {
    const stale = Number(results);
    const current = () => stepNow(session, this.#globalStep);
    if (this.#timer.shouldTriggerForStep(stale + 1)) {
      const step = await current();
      if (this.#timer.shouldTriggerForStep(step)) this.#record(step);
    }
    // A run may read the step before another one counts it, so only a step that is still unchanged after the run counts
    // as stuck.
    if (stale === this.#lastStep && this.#warnings < MAX_WARNINGS && (await current()) === stale) {
      this.#warnings++;
      logging.warn(
        `The global step stands still at ${stale}: optimizer.minimize(loss, { globalStep: tf.train.getGlobalStep() }) counts it.`,
      );
    }
    this.#lastStep = stale;
  }

  override async end(): Promise<void> {
    await this.#writer?.flush();
  }

  #record(step: number): void {
    const [seconds, steps] = this.#timer.updateLastTriggeredStep(step);
    if (seconds === null) return;
    const rate = steps / seconds;
    this.#writer?.addSummary({ value: [{ tag: this.#tag, simpleValue: rate }] }, step);
    logging.info(`${this.#tag}: ${Number(rate.toPrecision(6))}`);
  }
}
