/**
 * A trial: a function that trains one configuration. It is named by module and export, because it runs in another
 * process.
 */

/** A model's metrics by name. */
export type Metrics = Readonly<Record<string, number>>;

/** Metrics after a number of iterations. */
export interface Measurement {
  readonly iteration: number;
  readonly metrics: Metrics;
}

/** The parameters of a trial. */
export interface TrialContext<C> {
  /** The hyperparameters. */
  readonly config: C;
  /** The trial's seed, for initial weights and batches: an integer below 2^31. */
  readonly seed: number;
  /**
   * The trial's folder, for its checkpoints and summaries. A later call continues from what an earlier one left there.
   */
  readonly resultDir: string;
  /** The total number of iterations to reach, including those of earlier calls. */
  readonly iterations: number;
  /** The metric by which trials are compared; it has to be among those returned. */
  readonly metric: string;
  /**
   * The TensorFlow server for the trial's sessions; undefined for this process. Variables have to be local to the
   * session.
   */
  readonly target?: string;
  /** Aborted when the search is stopped: the function should then save its state and return. */
  readonly signal: AbortSignal;
  /** Reports the metrics after a number of iterations, for the learning curve. */
  readonly report: (iteration: number, metrics: Metrics) => void;
}

/** What a trial returns: the metrics, and the total number of iterations trained, including earlier calls. */
export interface TrialOutcome {
  readonly metrics: Metrics;
  readonly iteration: number;
}

/** Trains a configuration or continues its training: iterations in the folder's latest checkpoint aren't repeated. */
export type RunTrial<C> = (context: TrialContext<C>) => Promise<TrialOutcome>;
