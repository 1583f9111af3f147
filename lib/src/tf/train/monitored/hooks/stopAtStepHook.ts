import { InvalidArgumentError } from '../../../../runtime/errors';
import { onlyOptions } from '../../../../runtime/options';
import type { Session } from '../../../session';
import { globalStepReadFor, type StepRead, stepNow } from '../globalStepRead';
import { SessionRunArgs, type SessionRunContext, SessionRunHook, type SessionRunValues } from '../sessionRunHook';

/**
 * Stops at a certain global step.
 *
 * @example
 * const train = optimizer.minimize(loss, { globalStep: tf.train.getOrCreateGlobalStep() });
 * const hooks = [new tf.train.StopAtStepHook({ lastStep: 20 })];
 * await using training = await tf.train.MonitoredTrainingSession({ hooks });
 * while (!training.shouldStop()) await training.run(train, feeds);
 */
export class StopAtStepHook extends SessionRunHook<StepRead> {
  readonly #numSteps: number | undefined;
  #lastStep: number | undefined;
  #globalStep!: StepRead;

  /**
   * @param options.numSteps stops after this many steps, counted from the step with which the session begins
   * @param options.lastStep stops when this many steps have been taken in total, in this program or before
   * @throws {InvalidArgumentError} when neither is given, or both are
   */
  constructor(options: { numSteps?: number; lastStep?: number }) {
    super();
    const { numSteps, lastStep } = onlyOptions(options, { numSteps: 'number', lastStep: 'number' });
    if ((numSteps === undefined) === (lastStep === undefined))
      throw new InvalidArgumentError('a StopAtStepHook is told numSteps or lastStep: give one of the two');
    const steps = numSteps ?? lastStep;
    if (!Number.isFinite(steps)) throw new InvalidArgumentError(`a step is a number, not ${steps}`);
    this.#numSteps = numSteps;
    this.#lastStep = lastStep;
  }

  override begin(): void {
    this.#globalStep = globalStepReadFor(this);
  }

  override async afterCreateSession(session: Session): Promise<void> {
    this.#lastStep ??= (await stepNow(session, this.#globalStep)) + this.#numSteps!;
  }

  override beforeRun(): SessionRunArgs<StepRead> {
    return new SessionRunArgs(this.#globalStep);
  }

  override async afterRun(context: SessionRunContext, { results }: SessionRunValues<StepRead>): Promise<void> {
    // The step may have been read before or after the run, and the run may not have counted it.
    if (Number(results) + 1 < this.#lastStep!) return;
    if ((await stepNow(context.session, this.#globalStep)) >= this.#lastStep!) context.requestStop();
  }
}
