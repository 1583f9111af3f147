/** WAV files with 16-bit samples, as in TensorFlow's audio summaries. */
import { DataLossError, InvalidArgumentError } from './errors';

/** A sound: samples between -1 and 1, interleaved by channel. */
export interface Sound {
  samples: globalThis.ArrayLike<number>;
  /** Frames per second. */
  sampleRate: number;
  channels: number;
}

const HEADER = 44;
const BYTES = 2; // per sample
const PCM = 1;

/** Encodes a sound as a WAV file. Samples beyond -1 … 1 are clipped; NaN becomes silence. */
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
    // Scaled and rounded like in TensorFlow: halves away from zero.
    const scaled = (samples[i] || 0) * 32768;
    const rounded = Math.sign(scaled) * Math.round(Math.abs(scaled));
    file.writeInt16LE(Math.max(-32768, Math.min(32767, rounded)), HEADER + i * BYTES);
  }
  return file;
}

/**
 * Decodes a WAV file.
 *
 * @throws {InvalidArgumentError} when it is not a WAV file, or its samples aren't 16-bit integers
 * @throws {DataLossError} when it is truncated, or its header is inconsistent
 */
export function decodeWav(bytes: Uint8Array): Sound {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    throw new InvalidArgumentError('not a WAV file: it does not begin with RIFF and WAVE');
  checkEnd('the WAV file', 8 + file.readUInt32LE(4), file.length);
  let format: Pick<Sound, 'sampleRate' | 'channels'> | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const end = at + 8 + file.readUInt32LE(at + 4);
    checkEnd(`a part of the WAV file, at byte ${at},`, end, file.length);
    const chunk = file.subarray(at + 8, end);
    if (name === 'fmt ') format = formatOf(chunk);
    else if (name === 'data' && format) {
      const count = chunk.length / BYTES;
      if (count % format.channels !== 0)
        throw new DataLossError(`the WAV file has ${chunk.length} bytes of samples of ${format.channels} channels`);
      return {
        ...format,
        samples: Float32Array.from({ length: count }, (_, i) => chunk.readInt16LE(i * BYTES) / 32768),
      };
    }
    at = end + (end % 2); // chunks begin at even offsets
  }
  throw new DataLossError('the WAV file ends before its samples');
}

function formatOf(chunk: Buffer): Pick<Sound, 'sampleRate' | 'channels'> {
  if (chunk.length < 16) throw new DataLossError(`the WAV file's format has ${chunk.length} bytes`);
  const [kind, bits] = [chunk.readUInt16LE(0), chunk.readUInt16LE(14)];
  if (kind !== PCM || bits !== 8 * BYTES)
    throw new InvalidArgumentError(`expected a WAV file of 16-bit integers, got format ${kind} of ${bits} bits`);
  const [channels, sampleRate] = [chunk.readUInt16LE(2), chunk.readUInt32LE(4)];
  const [bytesPerSecond, bytesPerMoment] = [chunk.readUInt32LE(8), chunk.readUInt16LE(12)];
  if (!channels || !sampleRate || bytesPerMoment !== channels * BYTES || bytesPerSecond !== sampleRate * bytesPerMoment)
    throw new DataLossError(
      `the WAV file claims ${channels} channels at ${sampleRate} Hz, of ${bytesPerMoment} and ${bytesPerSecond} bytes a second`,
    );
  return { channels, sampleRate };
}

function checkEnd(what: string, end: number, length: number): void {
  if (end > length) throw new DataLossError(`${what} is cut short: it ends at byte ${end}, and ${length} are there`);
}
