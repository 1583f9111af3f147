/** A trial of a search: trains a configuration for some steps and evaluates it. */
import path from 'node:path';
import type { Metrics, TrialOutcome } from '../hyperparameters/trial';
import { checkText, shown } from '../runtime/arguments';
import { FailedPreconditionError, InvalidArgumentError } from '../runtime/errors';
import { moduleFile } from '../runtime/modules';
import { onlyOptions } from '../runtime/options';
import type { AgentClass } from './basicAgent';
import { knownModels, type ModelConfig } from './knownModels';
import type { Evaluation } from './task';

/** Options of a trial. */
export interface TrialOptions {
  /** Includes the model's name as `modelName`. */
  readonly config: ModelConfig;
  /** Determines initial weights and batches, unless the configuration has a `randomSeed`. */
  readonly seed?: number;
  /** The trial's own folder. */
  readonly resultDir: string;
  /** The number of steps to have taken at the end, including those before its latest checkpoint. */
  readonly iterations: number;
  /** A metric needed besides the loss and those of the model's class. */
  readonly metric?: string;
  /**
   * The TensorFlow server to run on, `grpc://HOST:PORT`.
   *
   * @defaultValue this process
   */
  readonly target?: string;
  /** Stops the trial at the end of a step: its state is saved, but not evaluated. */
  readonly signal?: AbortSignal;
  /** Receives the loss occasionally, and the result. */
  readonly report?: (iteration: number, metrics: Record<string, number>) => void;
  /** Receives the lines that training prints; if left out, `console.log`, which is the trial's log in a search. */
  readonly log?: (line: string) => void;
}

/**
 * The module from which processes of a search load {@link runTrial}, with every model of this library.
 *
 * @example
 * const { best } = await hyperparameters.search({
 *   algorithm: 'random',
 *   space: { modelName: 'softmax_regression', lr: hyperparameters.space.logUniform(0.01, 2), fakeData: true },
 *   metric: 'precision',
 *   maxIterations: 100,
 *   resultDir: 'summaries/search',
 *   trial: models.trials,
 * });
 */
export const trials: { readonly module: string } = { module: path.join(__dirname, 'trialWorker.js') };

/**
 * The module from which processes of a search load {@link runTrial}, with the models of other modules in addition to
 * those of this library: what they export or register. They may be JavaScript, or TypeScript where Node or a loader
 * supports it.
 *
 * @param modules paths, relative to the working directory, or `file:` URLs
 * @throws {NotFoundError} when there is no such module
 *
 * @example
 * const { best } = await hyperparameters.search({
 *   algorithm: 'random',
 *   space: { modelName: 'wide', lr: hyperparameters.space.logUniform(0.01, 2) },
 *   metric: 'precision',
 *   maxIterations: 100,
 *   nbProcess: 2,
 *   resultDir: 'summaries/wide',
 *   trial: models.trialsOf('../src/models.js'),
 * });
 */
export function trialsOf(...modules: (string | URL)[]): {
  readonly module: string;
  readonly name: string;
  readonly options: unknown;
} {
  return { ...trials, name: 'runTrialWith', options: modules.map(moduleFile) };
}

/**
 * Trains a configuration up to a number of steps, starting from the folder's latest checkpoint if there is one, saves
 * it, and evaluates it on the validation set.
 *
 * @returns the loss on the validation set and the metrics of the model's class, such as `precision`; undefined if the
 * trial was stopped
 * @throws {InvalidArgumentError} when an option is invalid
 * @throws {FailedPreconditionError} when the model diverges
 *
 * @example
 * const { metrics } = await models.runTrial({ config: { modelName: 'convnet', lr: 0.01 }, resultDir: 'summaries/trial-1', iterations: 100 });
 */
export async function runTrial(options: TrialOptions): Promise<TrialOutcome> {
  onlyOptions(options, {
    config: 'any',
    seed: 'number',
    resultDir: 'path',
    iterations: 'number',
    metric: 'string',
    target: 'string',
    signal: 'any',
    report: 'function',
    log: 'function',
  });
  const { config, seed: randomSeed, resultDir, iterations, metric, target, signal, report } = options;
  const { log = console.log } = options;
  checkText('the resultDir of a trial', resultDir);
  if (!(Number.isSafeInteger(iterations) && iterations >= 0))
    throw new InvalidArgumentError(
      `the iterations of a trial are a whole number of 0 or more, not ${shown(iterations)}`,
    );
  const { model, config: whole } = knownModels.resolve({ randomSeed, ...config, resultDir, maxIter: iterations });
  const agent = new model(whole);
  if (target !== undefined) agent.runOn({ target });
  try {
    const onStep = (step: number, loss: number) => {
      if (!Number.isNaN(loss)) report?.(step, { loss });
    };
    const { step, stopped } = await agent.train({ saveEvery: iterations || 1, evaluateOn: [], signal, log, onStep });
    if (stopped) return { metrics: {}, iteration: step };
    const { validation } = await agent.evaluate(['validation'], log);
    if (!Number.isFinite(validation.loss))
      throw new FailedPreconditionError(`the loss after ${step} steps is ${validation.loss}: the model has diverged`);
    const metrics = metricsOf(model, validation, metric);
    report?.(step, metrics);
    return { metrics, iteration: step };
  } finally {
    await agent.close();
  }
}

/** The metrics by which trials of a model are compared. */
function metricsOf(model: AgentClass, evaluation: Evaluation, metric?: string): Metrics {
  const names = new Set([...metricNames(model), ...(metric === undefined ? [] : [metric])]);
  const missing = [...names].find((name) => typeof evaluation[name] !== 'number');
  if (missing !== undefined)
    throw new FailedPreconditionError(
      `what evaluate gives of ${model.modelName} has no number ${missing}, but ${Object.keys(evaluation).join(', ')}`,
    );
  return Object.fromEntries([...names].map((name) => [name, evaluation[name]])) as Metrics;
}

/** The default metrics by which trials of a model are compared: the loss, and those of its class. */
function metricNames({ metrics }: AgentClass): string[] {
  return ['loss', ...Object.keys(metrics)];
}
