/** Runs trials one after the other, in another process or in this one. */

import { isEnvironmental } from '../runtime/environment';
import { messageOf } from '../runtime/errorContext';
import { isServerLoss } from '../runtime/serverLoss';
import { listens } from './targets';
import type { Metrics, RunTrial, TrialContext, TrialOutcome } from './trial';

/** A trial to run. */
export interface Assignment {
  readonly context: Omit<TrialContext<unknown>, 'signal' | 'report'>;
  /** The file that takes what the trial prints, where it has a process of its own. */
  readonly log: string;
  readonly onReport: (iteration: number, metrics: Metrics) => void;
}

/** That a trial failed: what it threw, or how its process ended. The search goes on. */
export class TrialFailure extends Error {}

/** That the server on which a trial ran went away: the trial is to be tried again, elsewhere. */
export class TargetLost extends Error {}

export interface TrialRunner {
  /** The TensorFlow server on which its trials run, if it is none of theirs. */
  readonly target?: string | undefined;
  /** Resolves when it can take a trial, or is told to stop; left out where it always can. */
  ready?(): Promise<void>;
  /** Makes ready for a trial, and gives the process that it will run in. */
  begin(): number | undefined;
  /**
   * Runs a trial.
   *
   * @throws {TargetLost} when it says that its server went away
   * @throws {TrialFailure} when it throws, its process ends, or it takes too long to be heard of
   * @throws {Error} when it can't be run at all, the environment is to blame, or `onReport` throws
   */
  run(assignment: Assignment): Promise<TrialOutcome>;
  /** Asks a trial that runs, and one that is yet to, to save and return. */
  stop(): void;
  /** Ends what it has begun. */
  end(): Promise<void>;
}

/** Runs trials in this process: a function of a notebook's cell is in no other. */
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
