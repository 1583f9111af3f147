/** Hyperparameters of runs, which TensorBoard's HParams page compares. */

import { HParamsPluginData, HParamsStatus, type MessageInit, type Summary } from '../../protos';
import { shown } from '../../runtime/arguments';
import { messageOf } from '../../runtime/errorContext';
import { DataLossError, InvalidArgumentError } from '../../runtime/errors';
import { onlyOptions } from '../../runtime/options';
import { type EventFileDamage, type ReadEventsOptions, readPlaced } from './readEvents';
import { nothing, pluginValue } from './values';

/** A run's hyperparameters by name. */
export type HParams = Readonly<Record<string, number | string | boolean>>;

/** Options of hyperparameters. */
export interface HParamsOptions {
  /**
   * Without an effect: TensorBoard compares all scalars of the run, and of runs in folders below. A list of some has to stand in an
   * event file, and of all such lists that TensorBoard finds, of any run, it takes one, and with it that run's hyperparameters only.
   *
   * @deprecated
   */
  metrics?: readonly string[];
  /** The name of the trial: runs with the same are repetitions, of which TensorBoard takes the mean. */
  group?: string;
}

/** By `typeof`: the field of a hyperparameter. */
const fields = { number: 'numberValue', string: 'stringValue', boolean: 'boolValue' } as const;

/**
 * That a run with these hyperparameters begins. What there is to compare, TensorBoard finds out for itself, in all runs: no
 * `Experiment` is written, since it would stand for the hyperparameters of all runs, and those that come later aren't known.
 *
 * @param seconds the time, since the epoch
 * @throws {InvalidArgumentError} when a hyperparameter is of another type
 */
export function hparamsValue(
  hparams: HParams,
  { group = '' }: HParamsOptions,
  seconds: number,
): MessageInit<Summary.Value> {
  const entries = Object.entries(hparams).map(([name, value]) => {
    const field = fields[typeof value as keyof typeof fields];
    if (!field)
      throw new InvalidArgumentError(
        `hyperparameter '${name}' must be a number, a string or a boolean, got ${shown(value)}`,
      );
    return [name, { [field]: value }];
  });
  return sessionValue('session_start_info', {
    sessionStartInfo: {
      hparams: Object.fromEntries(entries),
      groupName: group,
      startTimeSecs: seconds,
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
 * @throws {NotFoundError} when there is no such file or folder, or no event file in the folder
 * @throws {DataLossError} when a file is damaged, with `strict`
 * @example
 * (await tf.summary.readHParams('summaries/run1'))?.learningRate; // 0.01
 */
export async function readHParams(fileOrFolder: string, options: ReadEventsOptions = {}): Promise<HParams | undefined> {
  onlyOptions(options, { strict: 'boolean' });
  let found: HParams | undefined;
  const damage: EventFileDamage[] = [];
  for await (const events of readPlaced(fileOrFolder, options, damage)) {
    for (const { event, path, offset } of events) {
      for (const { metadata } of event.summary?.value ?? []) {
        if (metadata?.pluginData?.pluginName !== 'hparams') continue;
        try {
          found = startOf(metadata.pluginData.content) ?? found;
        } catch (error) {
          const message = `the hyperparameters can't be read: ${messageOf(error)}`;
          if (options.strict) throw new DataLossError(`${path} is damaged at byte ${offset}: ${message}`);
          damage.push({ path, offset, kind: 'corrupt', message });
        }
      }
    }
  }
  return found;
}

/** The hyperparameters with which a run began, if that is what the content says. */
function startOf(content: Uint8Array): HParams | undefined {
  const { sessionStartInfo } = HParamsPluginData.decode(content);
  if (!sessionStartInfo) return undefined;
  const entries = Object.entries(sessionStartInfo.hparams).map(
    ([name, { numberValue, stringValue, boolValue }]) => [name, numberValue ?? stringValue ?? boolValue] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as HParams;
}
