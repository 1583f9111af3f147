/** Hyperparameters of runs, which TensorBoard's HParams page compares. */
import { HParamsPluginData, HParamsStatus, HParamType, type MessageInit, type Summary } from '../protos';
import { InvalidArgumentError } from '../runtime/errors';
import { nothing, pluginValue } from './pluginValue';
import { readEvents } from './readEvents';

/** A run's hyperparameters by name. */
export type HParams = Readonly<Record<string, number | string | boolean>>;

/** Options of hyperparameters. */
export interface HParamsOptions {
  /**
   * The tags of the scalars that show how good they are; all of the run's, and of runs in folders below, by default. Of runs that
   * name some, TensorBoard believes one, also in what the hyperparameters are: all runs should have the same. It then can't
   * filter by strings and booleans, whose other values it doesn't know.
   */
  metrics?: readonly string[];
  /** The name of the trial: runs with the same are repetitions, of which TensorBoard takes the mean. */
  group?: string;
}

/** By `typeof`: the type of a hyperparameter, and its field. */
const types = {
  number: { type: HParamType.FLOAT64, field: 'numberValue' },
  string: { type: HParamType.STRING, field: 'stringValue' },
  boolean: { type: HParamType.BOOL, field: 'boolValue' },
} as const;

/**
 * That a run with these hyperparameters begins, and, where metrics are named, what TensorBoard compares.
 *
 * @param seconds the time, since the epoch
 * @throws {InvalidArgumentError} when a hyperparameter is of another type
 */
export function hparamsValues(
  hparams: HParams,
  { metrics, group = '' }: HParamsOptions,
  seconds: number,
): MessageInit<Summary.Value>[] {
  const entries = Object.entries(hparams).map(([name, value]) => {
    const known = types[typeof value as keyof typeof types];
    if (!known)
      throw new InvalidArgumentError(`hyperparameter '${name}' must be a number, a string or a boolean, got ${value}`);
    return [name, { [known.field]: value }];
  });
  const start = sessionValue('session_start_info', {
    sessionStartInfo: {
      hparams: Object.fromEntries(entries),
      groupName: group,
      startTimeSecs: seconds,
    },
  });
  // Without an experiment TensorBoard finds out for itself what there is to compare, in all runs.
  if (!metrics) return [start];
  return [experimentValue(hparams, metrics, seconds), start];
}

/** What TensorBoard compares: hyperparameters, of the types that these have, and the scalars of these tags. */
export function experimentValue(
  hparams: HParams,
  metrics: readonly string[],
  seconds: number,
): MessageInit<Summary.Value> {
  return sessionValue('experiment', {
    experiment: {
      timeCreatedSecs: seconds,
      hparamInfos: Object.entries(hparams).map(([name, value]) => ({
        name,
        type: types[typeof value as keyof typeof types].type,
      })),
      metricInfos: metrics.map((tag) => ({ name: { tag } })),
    },
  });
}

/** That the run has ended, well unless `status` says. */
export function hparamsEndValue(seconds: number, status: number = HParamsStatus.SUCCESS): MessageInit<Summary.Value> {
  return sessionValue('session_end_info', { sessionEndInfo: { status, endTimeSecs: seconds } });
}

function sessionValue(what: string, data: MessageInit<HParamsPluginData>): MessageInit<Summary.Value> {
  return pluginValue(`_hparams_/${what}`, 'hparams', nothing, HParamsPluginData.encode(data));
}

/**
 * The hyperparameters of a run, the last ones where it has several; undefined if it has none.
 *
 * @param fileOrFolder An event file, or a run's folder.
 * @throws {NotFoundError} If there is no such file or folder, or no event file in the folder.
 * @example
 * (await tf.summary.readHParams('summaries/run1'))?.learningRate; // 0.01
 */
export async function readHParams(fileOrFolder: string): Promise<HParams | undefined> {
  let found: HParams | undefined;
  for await (const { summary } of readEvents(fileOrFolder)) {
    for (const { metadata } of summary?.value ?? []) {
      if (metadata?.pluginData?.pluginName !== 'hparams') continue;
      const { sessionStartInfo } = HParamsPluginData.decode(metadata.pluginData.content);
      if (!sessionStartInfo) continue;
      const entries = Object.entries(sessionStartInfo.hparams).map(
        ([name, { numberValue, stringValue, boolValue }]) => [name, numberValue ?? stringValue ?? boolValue] as const,
      );
      found = Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as HParams;
    }
  }
  return found;
}
