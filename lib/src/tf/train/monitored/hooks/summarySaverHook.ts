import { SessionStatus } from '../../../../protos';
import { checkInstance } from '../../../../runtime/arguments';
import { InvalidArgumentError } from '../../../../runtime/errors';
import { onlyOptions } from '../../../../runtime/options';
import { type Rank, Tensor } from '../../../graph/tensor';
import { FileWriter } from '../../../summary/fileWriter';
import { FileWriterCache } from '../../../summary/fileWriterCache';
import { globalStepReadFor, type StepRead, stepNow } from '../globalStepRead';
import { Scaffold } from '../scaffold';
import { SecondOrStepTimer } from '../secondOrStepTimer';
import { SessionRunArgs, type SessionRunContext, SessionRunHook, type SessionRunValues } from '../sessionRunHook';

type SummaryTensor = Tensor<'string', Rank>;

/** Options of a {@link SummarySaverHook}. */
export interface SummarySaverHookOptions {
  /** The interval in steps; give either this or `saveSecs`. */
  saveSteps?: number | null;
  /** The interval in seconds. */
  saveSecs?: number | null;
  /** The folder of the event file. */
  outputDir?: string;
  /** The writer to use instead of `outputDir`. */
  summaryWriter?: FileWriter;
  /** Provides the `summaryOp`; give either this or `summaryOp`. */
  scaffold?: Scaffold;
  /** The summaries: a merged one, or several. */
  summaryOp?: SummaryTensor | readonly SummaryTensor[];
}

type Requests = { readonly globalStep: StepRead; readonly summaries: readonly SummaryTensor[] };

/**
 * Writes summaries: of the first run, and then at intervals of steps or seconds.
 *
 * @example
 * const summaryOp = tf.summary.scalar('loss', loss);
 * const hooks = [new tf.train.SummarySaverHook({ saveSteps: 100, outputDir: 'summaries/run1', summaryOp })];
 */
export class SummarySaverHook extends SessionRunHook<Requests> {
  readonly #options: SummarySaverHookOptions;
  readonly #timer: SecondOrStepTimer;
  #writer: FileWriter | undefined;
  #globalStep!: StepRead;
  #nextStep: number | undefined;
  #isRequested = false;

  /**
   * @throws {InvalidArgumentError} when not exactly one of `saveSteps` and `saveSecs` is given, and of `scaffold` and
   * `summaryOp`
   */
  constructor(options: SummarySaverHookOptions) {
    super();
    const { saveSteps, saveSecs, scaffold, summaryOp, summaryWriter } = onlyOptions(options, {
      saveSteps: 'number | null',
      saveSecs: 'number | null',
      outputDir: 'path',
      summaryWriter: FileWriter,
      scaffold: Scaffold,
      summaryOp: 'any',
    });
    if ((scaffold === undefined) === (summaryOp === undefined))
      throw new InvalidArgumentError(
        'a SummarySaverHook takes summaries from a scaffold or a summaryOp: give one of the two',
      );
    for (const summary of [summaryOp ?? []].flat()) checkInstance('a summaryOp', summary, Tensor);
    this.#options = options;
    this.#timer = new SecondOrStepTimer({ everySecs: saveSecs, everySteps: saveSteps });
    this.#writer = summaryWriter;
  }

  override begin(): void {
    const { outputDir } = this.#options;
    if (outputDir) this.#writer ??= FileWriterCache.get(outputDir);
    this.#nextStep = undefined;
    this.#globalStep = globalStepReadFor(this);
  }

  override beforeRun(): SessionRunArgs<Requests> {
    this.#isRequested = this.#nextStep === undefined || this.#timer.shouldTriggerForStep(this.#nextStep);
    const summaries = this.#isRequested
      ? [this.#options.summaryOp ?? this.#options.scaffold?.summaryOp ?? []].flat()
      : [];
    return new SessionRunArgs({ globalStep: this.#globalStep, summaries });
  }

  override async afterRun({ session }: SessionRunContext, { results }: SessionRunValues<Requests>): Promise<void> {
    const writer = this.#writer;
    if (!writer) return;
    const step = this.#isRequested ? await stepNow(session, this.#globalStep) : Number(results.globalStep) + 1;
    if (this.#nextStep === undefined) writer.addSessionLog({ status: SessionStatus.START }, step);
    if (this.#isRequested) {
      this.#timer.updateLastTriggeredStep(step);
      for (const summary of results.summaries) writer.addSummary(summary as Buffer, step);
    }
    this.#nextStep = step + 1;
  }

  override async end(): Promise<void> {
    await this.#writer?.flush();
  }
}
