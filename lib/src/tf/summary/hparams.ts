/** Hyperparameters of runs, for TensorBoard's HParams page. */

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
   * Has no effect: TensorBoard compares all scalars of the run and of runs in subfolders. A list of metrics would have
   * to be in an event file, and TensorBoard uses only one such list of all runs, together with the hyperparameters of
   * that run.
   *
   * @deprecated
   */
  metrics?: readonly string[];
  /** The name of the trial. Runs with the same name are repetitions, which TensorBoard averages. */
  group?: string;
}

/** The message field for a hyperparameter, by its `typeof`. */
const fields = { number: 'numberValue', string: 'stringValue', boolean: 'boolValue' } as const;

/**
 * The start of a run with these hyperparameters. TensorBoard itself finds out what can be compared across runs. No
 * `Experiment` is written: it would have to list the hyperparameters of all runs, including later ones.
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

/** The end of a run; a successful one by default. */
export function hparamsEndValue(seconds: number, status: number = HParamsStatus.SUCCESS): MessageInit<Summary.Value> {
  return sessionValue('session_end_info', { sessionEndInfo: { status, endTimeSecs: seconds } });
}

function sessionValue(what: string, data: MessageInit<HParamsPluginData>): MessageInit<Summary.Value> {
  return pluginValue(`_hparams_/${what}`, 'hparams', nothing, HParamsPluginData.encode(data));
}

/**
 * Reads the hyperparameters of a run; the last ones if it has several, undefined if it has none.
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

/** The hyperparameters with which a run started, if the content is such a message. */
function startOf(content: Uint8Array): HParams | undefined {
  const { sessionStartInfo } = HParamsPluginData.decode(content);
  if (!sessionStartInfo) return undefined;
  const entries = Object.entries(sessionStartInfo.hparams).map(
    ([name, { numberValue, stringValue, boolValue }]) => [name, numberValue ?? stringValue ?? boolValue] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as HParams;
}
