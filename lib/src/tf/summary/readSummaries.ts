/** Picks the summaries of one kind out of event files. */

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

/** When something was written. */
export interface SummaryEvent {
  /** Seconds since the epoch. */
  wallTime: number;
  step: number;
}

/** The kinds of summaries, and what is read of each. */
export interface SummaryKinds {
  scalars: { value: number };
  histograms: Histogram;
  images: ImageFile;
  audio: AudioFile;
  text: TextValue;
  /** Whatever is a tensor: text too, curves of precision and recall, and in TensorFlow 2 everything. */
  tensors: { tensor: HostArray };
}

/** What a summary has of each kind; `plugin` is the one of TensorBoard's that its tag belongs to. */
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

/** How summaries are read. */
export interface ReadSummariesOptions extends ReadEventsOptions {
  /**
   * Whether values are given that a later one took the place of.
   *
   * @defaultValue `false`
   */
  superseded?: boolean;
}

/**
 * The summaries of one kind, by tag, in the order of their steps: those of TensorFlow 1, and those of TensorFlow 2,
 * which are tensors for a plugin of TensorBoard. A tensor of several images or sounds gives as many.
 *
 * A run that went on from a checkpoint has written some steps twice. As in TensorBoard, a value takes the place of those of its tag
 * that were written before it for the same step or a later one.
 *
 * Of a damaged file, what is sound is given, and a warning tells of the rest; with `strict`, it is an error.
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
  // Only a tag's first value says which plugin it belongs to.
  const plugins = new Map<string, string>();
  const damage: EventFileDamage[] = [];
  /** What a value has of the kind. Where it is damaged, which no checksum tells, nothing. */
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
 * The scalars of a run, by tag, in the order of their steps; see `readSummaries`.
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
