/** Picks the summaries of one kind out of event files. */
import type { Summary } from '../protos';
import type { HostArray } from '../runtime/hostArray';
import { type AudioFile, audioOf } from './audio';
import { type Histogram, histogramsOf } from './histogram';
import { type ImageFile, imagesOf } from './images';
import { readEvents } from './readEvents';
import { decodeTensor } from './tensorProto';
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

/**
 * The summaries of one kind, by tag, in the order in which they were written: those of TensorFlow 1, and those of TensorFlow 2,
 * which are tensors for a plugin of TensorBoard. A tensor of several images or sounds gives as many.
 *
 * @param fileOrFolder An event file, or a run's folder.
 * @throws {NotFoundError} If there is no such file or folder, or no event file in the folder.
 * @example
 * const images = await tf.summary.readSummaries('summaries/run1', 'images');
 * await fs.writeFile('last.png', images.get('input/image/0').at(-1).file);
 */
export async function readSummaries<K extends keyof SummaryKinds>(
  fileOrFolder: string,
  kind: K,
): Promise<Map<string, (SummaryEvent & SummaryKinds[K])[]>> {
  const found = new Map<string, (SummaryEvent & SummaryKinds[K])[]>();
  // Only a tag's first value says which plugin it belongs to.
  const plugins = new Map<string, string>();
  for await (const { wallTime, step, summary } of readEvents(fileOrFolder)) {
    for (const value of summary?.value ?? []) {
      const { tag, metadata } = value;
      const plugin = metadata?.pluginData?.pluginName;
      if (plugin && !plugins.has(tag)) plugins.set(tag, plugin);
      const picked = pickers[kind](value, plugins.get(tag));
      if (picked.length === 0) continue;
      const events = found.get(tag) ?? [];
      found.set(tag, events);
      for (const one of picked) events.push({ wallTime, step, ...one });
    }
  }
  return found;
}
