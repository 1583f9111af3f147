/** Types that describe a model's task and its training. */

/** Takes the lines that a program prints. */
export type Log = (line: string) => void;

/** What an agent's `learnFromEpoch` is told. */
export interface EpochOptions {
  /** The step to stop at, be the epoch over or not. */
  readonly end: number;
  /** Stops at a step's end. */
  readonly signal?: AbortSignal;
  readonly log: Log;
  /** Told of progress some times a second. */
  readonly onStep?: (step: number, loss: number) => void;
}

/** The usual sets of examples. */
export type SetName = 'train' | 'validation' | 'test';

/** How to train. */
export interface TrainOptions<S extends string = SetName> {
  /**
   * Save and evaluate after so many steps, and at the end.
   *
   * @defaultValue `1000`
   */
  saveEvery?: number;
  /** The sets to evaluate on at these moments; all. */
  evaluateOn?: readonly S[];
  /** Stops training at a step's end; the state is saved. */
  signal?: AbortSignal;
  /**
   * Takes the lines that training prints.
   *
   * @defaultValue `console.log`
   */
  log?: Log;
  /** Told of progress some times a second; `taken` are the steps that this process has taken, of those of all workers of a cluster. */
  onStep?: (step: number, loss: number, taken: number) => void;
}

/** What a training has come to. */
export interface TrainingResult<S extends string = SetName, E extends Evaluation = Evaluation> {
  /** Steps taken, those of earlier runs included. */
  readonly step: number;
  /** The loss of the last step of this run; NaN if it took none. */
  readonly loss: number;
  /** Whether `signal` stopped it. */
  readonly stopped: boolean;
  /** The last checkpoint; '' in a task of a cluster that isn't its chief, who saves, or was stopped before there was anything to save. */
  readonly checkpoint: string;
  /** The evaluations at the end; undefined when it was stopped, and in a task of a cluster that isn't its chief. */
  readonly evaluations?: Readonly<Record<S, E>>;
}

/** What a model has come to on a set of examples. */
export interface Evaluation {
  readonly numExamples: number;
  /** The mean loss. */
  readonly loss: number;
  /** What else is measured, by its name. */
  readonly [metric: string]: number;
}

/**
 * What a model is for, in types: what it learns from, is evaluated on, is asked and answers.
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
  /** What an evaluation on one of them gives. */
  readonly evaluation: Evaluation;
  /** Examples to answer for. */
  readonly input: unknown;
  /** The answer for one of them. */
  readonly prediction: unknown;
}

/** Examples out of a file. */
export interface FileExamples<I> {
  /** As `infer` takes them. */
  readonly examples: I;
  /** In words, what was done to them; undefined where they are as the file has them. */
  readonly preparation?: string | undefined;
  /** What may be wrong with them, in sentences without a point. */
  readonly warnings?: readonly string[];
  /** One of them as a text for people to see. */
  readonly show?: (index: number) => string;
}
