import * as path from 'node:path';
import { checkPath } from '../../../../runtime/arguments';
import { replaceFileSync } from '../../../../runtime/files';
import * as logging from '../../../../runtime/logging';
import { onlyOptions } from '../../../../runtime/options';
import { Timeline } from '../../../session/timeline';
import type { FileWriter } from '../../../summary/fileWriter';
import { FileWriterCache } from '../../../summary/fileWriterCache';
import { globalStepReadFor, type StepRead, stepNow } from '../globalStepRead';
import { SecondOrStepTimer } from '../secondOrStepTimer';
import { SessionRunArgs, type SessionRunContext, SessionRunHook, type SessionRunValues } from '../sessionRunHook';

/** Options of a {@link ProfilerHook}. */
export interface ProfilerHookOptions {
  /** The interval in steps; give either this or `saveSecs`. */
  saveSteps?: number | null;
  /** The interval in seconds. */
  saveSecs?: number | null;
  /**
   * The folder for the traces.
   *
   * @defaultValue the current one
   */
  outputDir?: string;
  /**
   * Whether to draw arrows from the operation that computes a tensor to those that use it.
   *
   * @defaultValue `true`
   */
  showDataflow?: boolean;
}

/**
 * Traces a run at intervals of steps or seconds: as `timeline-100.json` for Chrome's `chrome://tracing` and Perfetto,
 * and as `step_100` among the session runs of TensorBoard's Graphs page.
 *
 * @example
 * const hooks = [new tf.train.ProfilerHook({ saveSteps: 1000, outputDir: 'summaries/run1' })];
 */
export class ProfilerHook extends SessionRunHook<StepRead> {
  readonly #folder: string;
  readonly #showDataflow: boolean;
  readonly #timer: SecondOrStepTimer;
  readonly #tags = new Set<string>();
  #writer!: FileWriter;
  #globalStep!: StepRead;
  #nextStep: number | undefined;
  #isRequested = false;

  /** @throws {InvalidArgumentError} when both steps and seconds are given, or neither */
  constructor(options: ProfilerHookOptions) {
    super();
    const {
      saveSteps,
      saveSecs,
      outputDir = '.',
      showDataflow = true,
    } = onlyOptions(options, {
      saveSteps: 'number | null',
      saveSecs: 'number | null',
      outputDir: 'path',
      showDataflow: 'boolean',
    });
    checkPath('the folder of traces', outputDir);
    this.#timer = new SecondOrStepTimer({ everySecs: saveSecs, everySteps: saveSteps });
    this.#folder = outputDir;
    this.#showDataflow = showDataflow;
  }

  override begin(): void {
    this.#nextStep = undefined;
    this.#globalStep = globalStepReadFor(this);
    this.#writer = FileWriterCache.get(this.#folder);
  }

  override beforeRun(): SessionRunArgs<StepRead> {
    this.#isRequested = this.#nextStep !== undefined && this.#timer.shouldTriggerForStep(this.#nextStep);
    return new SessionRunArgs(this.#globalStep, null, this.#isRequested ? { traceLevel: 'FULL_TRACE' } : null);
  }

  override async afterRun(
    { session }: SessionRunContext,
    { results, runMetadata }: SessionRunValues<StepRead>,
  ): Promise<void> {
    if (this.#nextStep === undefined) this.#timer.updateLastTriggeredStep(Number(results));
    let step = Number(results) + 1;
    if (this.#isRequested) {
      step = await stepNow(session, this.#globalStep);
      this.#timer.updateLastTriggeredStep(step);
      const file = path.join(this.#folder, `timeline-${step}.json`);
      logging.info(`Saving timeline for ${step} into '${file}'.`);
      const trace = new Timeline(runMetadata.stepStats).generateChromeTraceFormat({ showDataflow: this.#showDataflow });
      replaceFileSync(file, trace);
      const tag = `step_${step}`;
      // A step that is repeated after a loss already has its trace in the event file.
      if (!this.#tags.has(tag)) this.#writer.addRunMetadata(runMetadata, tag);
      this.#tags.add(tag);
    }
    this.#nextStep = step + 1;
  }

  override async end(): Promise<void> {
    await this.#writer.flush();
  }
}
