/** WAV files of 16-bit samples, as TensorFlow's audio summaries hold them. */
import { InvalidArgumentError } from './errors';

/** Sound: its samples lie between -1 and 1, those of all channels of a moment side by side. */
export interface Sound {
  samples: globalThis.ArrayLike<number>;
  /** Moments a second. */
  sampleRate: number;
  channels: number;
}

const HEADER = 44;
const BYTES = 2; // of a sample
const PCM = 1;

/** A sound as a WAV file. What is beyond -1 … 1 is cut off; what is no number is silence. */
export function encodeWav({ samples, sampleRate, channels }: Sound): Buffer {
  const size = samples.length * BYTES;
  const file = Buffer.alloc(HEADER + size);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(HEADER - 8 + size, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(PCM, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * channels * BYTES, 28);
  file.writeUInt16LE(channels * BYTES, 32);
  file.writeUInt16LE(8 * BYTES, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(size, 40);
  for (let i = 0; i < samples.length; i++) {
    // As TensorFlow scales and rounds them: halves away from zero.
    const scaled = (samples[i] || 0) * 32768;
    const rounded = Math.sign(scaled) * Math.round(Math.abs(scaled));
    file.writeInt16LE(Math.max(-32768, Math.min(32767, rounded)), HEADER + i * BYTES);
  }
  return file;
}

/**
 * The sound of a WAV file.
 *
 * @throws {InvalidArgumentError} when it is none, or its samples aren't 16-bit integers
 */
export function decodeWav(bytes: Uint8Array): Sound {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    throw new InvalidArgumentError('not a WAV file: it does not begin with RIFF and WAVE');
  let format: Pick<Sound, 'sampleRate' | 'channels'> | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const end = Math.min(at + 8 + file.readUInt32LE(at + 4), file.length);
    const chunk = file.subarray(at + 8, end);
    if (name === 'fmt ' && chunk.length >= 16) {
      const [kind, bits] = [chunk.readUInt16LE(0), chunk.readUInt16LE(14)];
      if (kind !== PCM || bits !== 8 * BYTES)
        throw new InvalidArgumentError(`expected a WAV file of 16-bit integers, got format ${kind} of ${bits} bits`);
      format = { channels: chunk.readUInt16LE(2), sampleRate: chunk.readUInt32LE(4) };
    } else if (name === 'data' && format) {
      const count = Math.floor(chunk.length / BYTES);
      return {
        ...format,
        samples: Float32Array.from({ length: count }, (_, i) => chunk.readInt16LE(i * BYTES) / 32768),
      };
    }
    at = end + (end % 2); // chunks begin at even places
  }
  throw new InvalidArgumentError('the WAV file ends before its samples');
}
