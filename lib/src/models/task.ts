/** Types that describe a model's task and its training. */

/** Receives the lines that a program prints. */
export type Log = (line: string) => void;

/** Options of an agent's `learnFromEpoch`. */
export interface EpochOptions {
  /** The step at which to stop, even within the epoch. */
  readonly end: number;
  /** Stops at the end of a step. */
  readonly signal?: AbortSignal;
  readonly log: Log;
  /** Receives progress several times per second. */
  readonly onStep?: (step: number, loss: number) => void;
}

/** The usual sets of examples. */
export type SetName = 'train' | 'validation' | 'test';

/** Options of training. */
export interface TrainOptions<S extends string = SetName> {
  /**
   * The number of steps between saves and evaluations; both also happen at the end.
   *
   * @defaultValue `1000`
   */
  saveEvery?: number;
  /** The sets to evaluate on; if left out, all. */
  evaluateOn?: readonly S[];
  /** Stops training at the end of a step; the state is saved. */
  signal?: AbortSignal;
  /**
   * Receives the lines that training prints.
   *
   * @defaultValue `console.log`
   */
  log?: Log;
  /**
   * Receives progress several times per second; `taken` is the number of steps taken by this process, as opposed to all
   * workers of a cluster.
   */
  onStep?: (step: number, loss: number, taken: number) => void;
}

/** The result of a training. */
export interface TrainingResult<S extends string = SetName, E extends Evaluation = Evaluation> {
  /** The number of steps taken, including those of earlier runs. */
  readonly step: number;
  /** The loss of the last step of this run; NaN if it took none. */
  readonly loss: number;
  /** Whether `signal` stopped it. */
  readonly stopped: boolean;
  /**
   * The last checkpoint; '' in a cluster task that isn't the chief, or that was stopped before there was anything to
   * save.
   */
  readonly checkpoint: string;
  /** The evaluations at the end; undefined if it was stopped, and in a cluster task that isn't the chief. */
  readonly evaluations?: Readonly<Record<S, E>>;
}

/** The evaluation of a model on a set of examples. */
export interface Evaluation {
  readonly numExamples: number;
  /** The mean loss. */
  readonly loss: number;
  /** Other metrics, by name. */
  readonly [metric: string]: number;
}

/**
 * The types of a model's task: its data, evaluations, inputs and answers.
 *
 * @typeParam S the names of the sets of examples
 *
 * @example
 * interface Prices extends models.Task {
 *   data: { houses: tf.HostArray<'float32'>; prices: tf.HostArray<'float32'> };
 *   input: readonly (readonly number[])[];
 *   prediction: number;
 * }
 */
export interface Task<S extends string = SetName> {
  /** What is prepared for training, such as the examples. */
  readonly data: unknown;
  /** The names of the sets of examples. */
  readonly setName: S;
  /** The evaluation on one of them. */
  readonly evaluation: Evaluation;
  /** The inputs of inference. */
  readonly input: unknown;
  /** The answer for one of them. */
  readonly prediction: unknown;
}

/** Examples from a file. */
export interface FileExamples<I> {
  /** In the form for `infer`. */
  readonly examples: I;
  /** How they were prepared, in words; undefined if they are used unchanged. */
  readonly preparation?: string | undefined;
  /** Possible problems, as sentences without a full stop. */
  readonly warnings?: readonly string[];
  /** One of them as readable text. */
  readonly show?: (index: number) => string;
}
