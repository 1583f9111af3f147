/** Extracts the summaries of one kind from event files. */

import type { Summary } from '../../protos';
import { shown } from '../../runtime/arguments';
import { messageOf } from '../../runtime/errorContext';
import { DataLossError, InvalidArgumentError } from '../../runtime/errors';
import type { HostArray } from '../../runtime/hostArray';
import { onlyOptions } from '../../runtime/options';
import { decodeTensor } from '../graph/tensorProto';
import { type AudioFile, audioOf } from './audio';
import { type Histogram, histogramsOf } from './histogram';
import { type ImageFile, imagesOf } from './images';
import { type EventFileDamage, type PlacedEvent, type ReadEventsOptions, readPlaced } from './readEvents';
import { type TextValue, textsOf } from './text';

/** A value's step and time. */
export interface SummaryEvent {
  /** Seconds since the epoch. */
  wallTime: number;
  step: number;
}

/** The kinds of summaries, and the data read from each. */
export interface SummaryKinds {
  scalars: { value: number };
  histograms: Histogram;
  images: ImageFile;
  audio: AudioFile;
  text: TextValue;
  /** Every tensor: also text, precision-recall curves, and everything in TensorFlow 2. */
  tensors: { tensor: HostArray };
}

/** Extracts the data of each kind; `plugin` is the TensorBoard plugin of the tag. */
const pickers: { [K in keyof SummaryKinds]: (value: Summary.Value, plugin?: string) => SummaryKinds[K][] } = {
  scalars({ simpleValue, tensor }, plugin) {
    if (simpleValue !== undefined) return [{ value: simpleValue }];
    const array = plugin === 'scalars' && tensor ? decodeTensor(tensor) : undefined;
    return array?.size === 1 ? [{ value: Number(array.data[0]) }] : [];
  },
  histograms: histogramsOf,
  images: imagesOf,
  audio: audioOf,
  text: textsOf,
  tensors({ tensor }) {
    const array = tensor && decodeTensor(tensor);
    return array ? [{ tensor: array }] : [];
  },
};

/** Options of reading summaries. */
export interface ReadSummariesOptions extends ReadEventsOptions {
  /**
   * Whether to return values that a later value superseded.
   *
   * @defaultValue `false`
   */
  superseded?: boolean;
}

/**
 * The summaries of one kind, by tag, ordered by step: those of TensorFlow 1 and of TensorFlow 2, which are tensors for
 * a TensorBoard plugin. A tensor of several images or sounds counts as several.
 *
 * A run that was resumed from a checkpoint has written some steps twice. As in TensorBoard, a value supersedes earlier
 * values of its tag for the same or a later step.
 *
 * From a damaged file, intact summaries are returned, with a warning about the rest; with `strict`, damage is an error.
 *
 * @param fileOrFolder An event file, or a run's folder.
 * @throws {NotFoundError} when there is no such file or folder, or no event file in the folder
 * @throws {DataLossError} when a file is damaged, with `strict`
 * @example
 * import { writeFile } from 'node:fs/promises';
 *
 * const images = await tf.summary.readSummaries('summaries/run1', 'images');
 * await writeFile('last.png', images.get('input/image/0')!.at(-1)!.file);
 */
export async function readSummaries<K extends keyof SummaryKinds>(
  fileOrFolder: string,
  kind: K,
  options: ReadSummariesOptions = {},
): Promise<Map<string, (SummaryEvent & SummaryKinds[K])[]>> {
  const { strict = false, superseded = false } = onlyOptions(options, { strict: 'boolean', superseded: 'boolean' });
  if (!Object.hasOwn(pickers, kind))
    throw new InvalidArgumentError(`summaries are of the kind ${Object.keys(pickers).join(', ')}, not ${shown(kind)}`);
  const found = new Map<string, (SummaryEvent & SummaryKinds[K])[]>();
  // Only a tag's first value names its plugin.
  const plugins = new Map<string, string>();
  const damage: EventFileDamage[] = [];
  /** The data of a value; undefined if it is damaged, which checksums don't detect. */
  const pick = (value: Summary.Value, { path, offset }: PlacedEvent): SummaryKinds[K][] => {
    try {
      return pickers[kind](value, plugins.get(value.tag));
    } catch (error) {
      const message = `the summary '${value.tag}' can't be read: ${messageOf(error)}`;
      if (strict) throw new DataLossError(`${path} is damaged at byte ${offset}: ${message}`);
      damage.push({ path, offset, kind: 'corrupt', message });
      return [];
    }
  };
  for await (const events of readPlaced(fileOrFolder, { strict }, damage)) {
    for (const placed of events) {
      const { wallTime, step, summary } = placed.event;
      for (const value of summary?.value ?? []) {
        const { tag, metadata } = value;
        const plugin = metadata?.pluginData?.pluginName;
        if (plugin && !plugins.has(tag)) plugins.set(tag, plugin);
        const picked = pick(value, placed);
        if (picked.length === 0) continue;
        const series = found.get(tag) ?? [];
        found.set(tag, series);
        while (!superseded && series.length > 0 && series.at(-1)!.step >= step) series.pop();
        for (const one of picked) series.push({ wallTime, step, ...one });
      }
    }
  }
  return found;
}

/** One value of a scalar summary. */
export type ScalarEvent = SummaryEvent & SummaryKinds['scalars'];

/**
 * The scalars of a run, by tag, ordered by step; see `readSummaries`.
 *
 * @param fileOrFolder An event file, or a run's folder.
 * @throws {NotFoundError} when there is no such file or folder, or no event file in the folder
 * @throws {DataLossError} when a file is damaged, with `strict`
 * @example
 * const scalars = await tf.summary.readScalars('summaries/run1');
 * scalars.get('loss')?.at(-1)?.value;
 */
export function readScalars(fileOrFolder: string, options?: ReadSummariesOptions): Promise<Map<string, ScalarEvent[]>> {
  return readSummaries(fileOrFolder, 'scalars', options);
}
