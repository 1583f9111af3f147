/** Sounds as summaries hold them: WAV files. */
import type { MessageInit, Summary } from '../protos';
import { InvalidArgumentError } from '../runtime/errors';
import type { ArrayLike } from '../runtime/hostArray';
import { numbersOf } from '../runtime/numbers';
import { batchTags } from './batchTags';

/** Options of sounds. */
export interface AudioOptions {
  /** Frames a second; 44,100 by default. */
  sampleRate?: number;
  /** How many sounds of a batch are taken; 3 by default, as in TensorFlow. */
  maxOutputs?: number;
}

/**
 * One sound, or the first ones of a batch, as TensorFlow's `AudioSummaryV2` makes them.
 *
 * @throws {InvalidArgumentError} when the shape is none of sounds, or the sample rate isn't above 0
 */
export function audioValues(
  tag: string,
  samples: ArrayLike,
  { sampleRate = 44_100, maxOutputs = 3 }: AudioOptions = {},
): MessageInit<Summary.Value>[] {
  const { shape, data } = numbersOf(samples, 'a sound');
  if (!(sampleRate > 0)) throw new InvalidArgumentError(`expected a sample rate above 0, got ${sampleRate}`);
  const [count = 1, frames = 0, channels = 1] =
    shape.length === 1 ? [1, ...shape, 1] : shape.length === 2 ? [1, ...shape] : shape;
  if (shape.length < 1 || shape.length > 3 || channels < 1 || channels > 256)
    throw new InvalidArgumentError(
      `expected samples of shape [frames], [frames, channels] or [batch, frames, channels], got [${shape}]`,
    );
  const size = frames * channels;
  return batchTags(tag, 'audio', shape.length === 3, Math.min(count, maxOutputs)).map((each, i) => ({
    tag: each,
    audio: {
      sampleRate,
      numChannels: channels,
      lengthFrames: frames,
      encodedAudioString: wavFile(data, i * size, size, Math.round(sampleRate), channels),
      contentType: 'audio/wav',
    },
  }));
}

const HEADER = 44;

/** Some of the samples as a WAV file of 16 bits a sample. */
function wavFile(
  samples: globalThis.ArrayLike<number>,
  start: number,
  count: number,
  sampleRate: number,
  channels: number,
): Buffer {
  const file = Buffer.alloc(HEADER + 2 * count);
  const frameBytes = 2 * channels;
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16); // bytes of the format
  file.writeUInt16LE(1, 20); // pulse-code modulation
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * frameBytes, 28);
  file.writeUInt16LE(frameBytes, 32);
  file.writeUInt16LE(16, 34); // bits a sample
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(2 * count, 40);
  for (let i = 0; i < count; i++) file.writeInt16LE(int16(samples[start + i]!), HEADER + 2 * i);
  return file;
}

/** A sample from -1 to 1 as an integer; a half is rounded away from zero, as C does. */
function int16(sample: number): number {
  const scaled = Math.fround(sample) * 2 ** 15;
  const rounded = Math.sign(scaled) * Math.round(Math.abs(scaled));
  return Math.max(-(2 ** 15), Math.min(2 ** 15 - 1, rounded)) || 0;
}
