/** Sounds in summaries: WAV files. */

import type { MessageInit, Summary } from '../../protos';
import { shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import type { ArrayLike } from '../../runtime/hostArray';
import { numbersOf } from '../../runtime/numbers';
import { onlyOptions } from '../../runtime/options';
import { shapeText } from '../../runtime/shapeText';
import { encodeWav } from '../../runtime/wav';
import { batchTags } from './values';

/** A sound read from an event file. */
export interface AudioFile {
  /** The contents of the file; TensorFlow writes 16-bit WAV. */
  file: Uint8Array;
  /** The MIME type, such as `audio/wav`. */
  contentType: string;
}

/** Options of sounds. */
export interface AudioOptions {
  /**
   * Frames per second.
   *
   * @defaultValue `44_100`
   */
  sampleRate?: number;
  /**
   * The maximum number of sounds per batch.
   *
   * @defaultValue `3`, as in TensorFlow
   */
  maxOutputs?: number;
}

/**
 * Encodes a sound, or the first ones of a batch, like TensorFlow's `AudioSummaryV2`.
 *
 * @throws {InvalidArgumentError} when the shape doesn't fit, or the sample rate is not a positive integer
 */
export function audioValues(tag: string, samples: ArrayLike, options: AudioOptions = {}): MessageInit<Summary.Value>[] {
  const { sampleRate = 44_100, maxOutputs = 3 } = onlyOptions(options, { sampleRate: 'number', maxOutputs: 'number' });
  const { shape, data } = numbersOf(samples, 'a sound');
  if (!Number.isInteger(sampleRate) || sampleRate <= 0)
    throw new InvalidArgumentError(`expected a sample rate that is a positive integer, got ${shown(sampleRate)}`);
  const [count = 1, frames = 0, channels = 1] =
    shape.length === 1 ? [1, ...shape, 1] : shape.length === 2 ? [1, ...shape] : shape;
  if (shape.length < 1 || shape.length > 3 || channels < 1 || channels > 256)
    throw new InvalidArgumentError(
      `expected samples of shape [frames], [frames, channels] or [batch, frames, channels], got ${shapeText(shape)}`,
    );
  const size = frames * channels;
  // Plain numbers are doubles; TensorFlow rounds float32.
  const floats = Float32Array.from(data);
  return batchTags(tag, 'audio', shape.length === 3, Math.min(count, maxOutputs)).map((each, i) => ({
    tag: each,
    audio: {
      sampleRate,
      numChannels: channels,
      lengthFrames: frames,
      encodedAudioString: encodeWav({ samples: floats.subarray(i * size, (i + 1) * size), sampleRate, channels }),
      contentType: 'audio/wav',
    },
  }));
}

/** The sounds of a summary: one from TensorFlow 1; from TensorFlow 2, a tensor `[batch, 2]` of files and labels. */
export function audioOf({ audio, tensor }: Summary.Value, plugin?: string): AudioFile[] {
  if (audio) return [{ file: audio.encodedAudioString, contentType: audio.contentType }];
  if (plugin !== 'audio' || !tensor) return [];
  const stride = tensor.tensorShape?.dim.length === 2 ? Number(tensor.tensorShape.dim[1]!.size) : 1;
  return tensor.stringVal.filter((_, i) => i % stride === 0).map((file) => ({ file, contentType: 'audio/wav' }));
}
