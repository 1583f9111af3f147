/** Runs trials one after the other, in another process or in this one. */

import { isEnvironmental } from '../runtime/environment';
import { messageOf } from '../runtime/errorContext';
import { isServerLoss } from '../runtime/serverLoss';
import { listens } from './targets';
import type { Metrics, RunTrial, TrialContext, TrialOutcome } from './trial';

/** A trial to run. */
export interface Assignment {
  readonly context: Omit<TrialContext<unknown>, 'signal' | 'report'>;
  /** The file for the trial's output, if it runs in its own process. */
  readonly log: string;
  readonly onReport: (iteration: number, metrics: Metrics) => void;
}

/** A trial failed: it threw, or its process ended. The search continues. */
export class TrialFailure extends Error {}

/** A trial's server was lost: the trial has to be repeated elsewhere. */
export class TargetLost extends Error {}

export interface TrialRunner {
  /** The TensorFlow server for its trials, if it isn't their own process. */
  readonly target?: string | undefined;
  /** Resolves when it can run a trial or is told to stop; omitted if it always can. */
  ready?(): Promise<void>;
  /** Prepares for a trial and returns the id of the process that will run it. */
  begin(): number | undefined;
  /**
   * Runs a trial.
   *
   * @throws {TargetLost} when the trial's server was lost
   * @throws {TrialFailure} when it throws, its process ends, or it stays silent for too long
   * @throws {Error} when it can't be started, the environment is to blame, or `onReport` throws
   */
  run(assignment: Assignment): Promise<TrialOutcome>;
  /** Asks the running trial, and any later one, to save and return. */
  stop(): void;
  /** Ends its process. */
  end(): Promise<void>;
}

/** Runs trials in this process, for functions that exist only here, such as those of a notebook. */
export class LocalRunner implements TrialRunner {
  readonly #runTrial: RunTrial<unknown>;
  readonly #controller = new AbortController();

  constructor(
    runTrial: RunTrial<unknown>,
    readonly target?: string,
  ) {
    this.#runTrial = runTrial;
  }

  async ready(): Promise<void> {
    await listens(this.target, this.#controller.signal);
  }

  begin(): undefined {}

  async run({ context, onReport }: Assignment): Promise<TrialOutcome> {
    let defect: { error: unknown } | undefined;
    const report = (iteration: number, metrics: Metrics) => {
      try {
        onReport(iteration, metrics);
      } catch (error) {
        defect ??= { error };
        throw error;
      }
    };
    try {
      if (this.target !== undefined) await (await import('./checkAnswers.js')).checkAnswers(this.target);
      return await this.#runTrial({ ...context, signal: this.#controller.signal, report });
    } catch (error) {
      if (defect) throw defect.error;
      if (isEnvironmental(error)) throw error;
      if (this.target !== undefined && isServerLoss(error)) throw new TargetLost(messageOf(error));
      throw new TrialFailure(messageOf(error));
    }
  }

  stop(): void {
    this.#controller.abort();
  }

  async end(): Promise<void> {
    this.#controller.abort();
  }
}
