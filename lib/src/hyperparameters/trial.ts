/**
 * A trial: a function that trains one configuration. It is named by module and export, because it runs in another
 * process.
 */

/** The metrics of a model, by their names. */
export type Metrics = Readonly<Record<string, number>>;

/** Metrics after so many iterations. */
export interface Measurement {
  readonly iteration: number;
  readonly metrics: Metrics;
}

/** What a trial is given. */
export interface TrialContext<C> {
  /** The hyperparameters. */
  readonly config: C;
  /** The trial's own seed, for initial weights and batches: a whole number below 2^31. */
  readonly seed: number;
  /** The trial's folder, for its checkpoints and summaries. What an earlier call has left there is to be gone on from. */
  readonly resultDir: string;
  /** The iterations to have trained at the end, those of earlier calls included. */
  readonly iterations: number;
  /** The metric by which trials are compared, which is to be among those that are returned. */
  readonly metric: string;
  /** The TensorFlow server that the trial's sessions are to run on; undefined for this process. Variables are to be the session's own. */
  readonly target?: string;
  /** Aborted when the search is stopped: what was trained is then to be saved, and the function to return. */
  readonly signal: AbortSignal;
  /** Tells the metrics after so many iterations, for the learning curve. */
  readonly report: (iteration: number, metrics: Metrics) => void;
}

/** What a trial returns: the metrics, and the iterations trained, those of earlier calls included. */
export interface TrialOutcome {
  readonly metrics: Metrics;
  readonly iteration: number;
}

/** Trains a configuration, or goes on with it: an iteration that is in the folder's latest checkpoint is never trained again. */
export type RunTrial<C> = (context: TrialContext<C>) => Promise<TrialOutcome>;
