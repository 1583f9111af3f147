import { shown } from '../../../../runtime/arguments';
import { InvalidArgumentError } from '../../../../runtime/errors';
import * as logging from '../../../../runtime/logging';
import { pause } from '../../../../runtime/pause';
import { globalStepReadFor, type StepRead, stepNow } from '../globalStepRead';
import { type SessionRunContext, SessionRunHook } from '../sessionRunHook';

/** The interval between checks of the step. */
const WAIT_SECS = 0.5;
/** The number of steps after which the wait is reported again. */
const TELL_STEPS = 1000;

/**
 * Makes the first run wait until others have taken some steps: workers that start one after the other disturb each
 * other less.
 *
 * @example
 * const taskIndex = 3;
 * const hooks = [new tf.train.GlobalStepWaiterHook(Math.floor(100 * Math.log(taskIndex + 1)))];
 */
export class GlobalStepWaiterHook extends SessionRunHook<null> {
  readonly #waitUntilStep: number;
  #hasStarted = false;
  #globalStep!: StepRead;

  /** @param waitUntilStep the global step to wait for */
  constructor(waitUntilStep: number) {
    super();
    if (typeof waitUntilStep !== 'number')
      throw new InvalidArgumentError(`the step to wait for is a number, not ${shown(waitUntilStep)}`);
    this.#waitUntilStep = waitUntilStep;
  }

  override begin(): void {
    this.#hasStarted = false;
    this.#globalStep = globalStepReadFor(this);
  }

  override async beforeRun({ session }: SessionRunContext): Promise<void> {
    if (this.#hasStarted) return;
    if (this.#waitUntilStep > 0) {
      logging.info(`Waiting for global step ${this.#waitUntilStep} before starting training.`);
      for (let told = 0; ; await pause(WAIT_SECS)) {
        const step = await stepNow(session, this.#globalStep);
        if (step >= this.#waitUntilStep) break;
        if (step - told <= TELL_STEPS) continue;
        logging.info(
          `Waiting for global step ${this.#waitUntilStep} before starting training. Current step is ${step}.`,
        );
        told = step;
      }
    }
    this.#hasStarted = true;
  }
}
