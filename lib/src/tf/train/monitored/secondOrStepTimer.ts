/** Decides when a hook acts that acts at intervals. */
import { shown } from '../../../runtime/arguments';
import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';

/** The interval. */
export interface SecondOrStepTimerOptions {
  /** In seconds. */
  everySecs?: number | null;
  /** In steps. */
  everySteps?: number | null;
}

/**
 * Decides at which steps to do something at an interval of steps or seconds; the first time immediately.
 *
 * @example
 * const timer = new tf.train.SecondOrStepTimer({ everySteps: 100 });
 * timer.updateLastTriggeredStep(100);
 * timer.shouldTriggerForStep(150); // false
 */
export class SecondOrStepTimer {
  readonly #everySecs: number | null;
  readonly #everySteps: number | null;
  #last: { readonly step: number; readonly time: number } | undefined;

  /** @throws {InvalidArgumentError} when neither is given, or both are, or one is not a positive number */
  constructor(options: SecondOrStepTimerOptions) {
    const { everySecs = null, everySteps = null } = onlyOptions(options, {
      everySecs: 'number | null',
      everySteps: 'number | null',
    });
    if ((everySecs === null) === (everySteps === null))
      throw new InvalidArgumentError('how often something is done is said in seconds or in steps: give one of the two');
    const every = everySecs ?? everySteps;
    if (typeof every !== 'number' || !(every > 0))
      throw new InvalidArgumentError(`how often something is done is a number above 0, not ${shown(every)}`);
    this.#everySecs = everySecs;
    this.#everySteps = everySteps;
  }

  /** Forgets the last time. */
  reset(): void {
    this.#last = undefined;
  }

  /**
   * Whether it is due at this step.
   *
   * @throws {InvalidArgumentError} when the step is not a number
   */
  shouldTriggerForStep(step: number): boolean {
    if (typeof step !== 'number') throw new InvalidArgumentError(`a step is a number, not ${shown(step)}`);
    if (this.#last === undefined) return true;
    if (this.#last.step === step) return false;
    if (this.#everySecs !== null) return now() >= this.#last.time + this.#everySecs;
    return step >= this.#last.step + this.#everySteps!;
  }

  /**
   * Records that it is done at this step.
   *
   * @returns the seconds and the steps since the last time; nulls if this is the first
   * @throws {InvalidArgumentError} when the step is not a number
   */
  updateLastTriggeredStep(step: number): [elapsedSecs: number, elapsedSteps: number] | [null, null] {
    if (typeof step !== 'number') throw new InvalidArgumentError(`a step is a number, not ${shown(step)}`);
    const before = this.#last;
    this.#last = { step, time: now() };
    return before ? [this.#last.time - before.time, step - before.step] : [null, null];
  }

  /** The step at which it was last done; null if it wasn't. */
  lastTriggeredStep(): number | null {
    return this.#last?.step ?? null;
  }
}

function now(): number {
  return Date.now() / 1000;
}
