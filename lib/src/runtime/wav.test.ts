import { describe, expect, it } from 'vitest';
import { DataLossError, TensorFlowError } from './errors';
import { decodeWav, encodeWav } from './wav';

describe('a WAV file', () => {
  const file = encodeWav({ samples: [0, 0.5, -1, 1, 2, Number.NaN], sampleRate: 8000, channels: 2 });

  it('says what it holds, and holds 16-bit samples', () => {
    expect(file.toString('latin1', 0, 4)).toBe('RIFF');
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(file.toString('latin1', 8, 16)).toBe('WAVEfmt ');
    expect([...new Uint16Array(file.buffer, file.byteOffset + 20, 2)]).toEqual([1, 2]); // PCM, two channels
    expect([file.readUInt32LE(24), file.readUInt32LE(28)]).toEqual([8000, 32_000]);
    expect([file.readUInt16LE(32), file.readUInt16LE(34), file.readUInt32LE(40)]).toEqual([4, 16, 12]);
    expect([0, 1, 2, 3, 4, 5].map((i) => file.readInt16LE(44 + 2 * i))).toEqual([0, 16384, -32768, 32767, 32767, 0]);
  });

  it('is read back', () => {
    const { samples, ...rest } = decodeWav(file);
    expect(rest).toEqual({ sampleRate: 8000, channels: 2 });
    expect(Array.from(samples).slice(0, 3)).toEqual([0, 0.5, -1]);
  });

  it('is read past chunks of other kinds', () => {
    const chunk = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    const other = Buffer.concat([file.subarray(0, 36), chunk, file.subarray(36)]);
    other.writeUInt32LE(other.length - 8, 4);
    expect(decodeWav(other)).toEqual(decodeWav(file));
  });

  it('is refused wherever it is cut short, and whichever byte before its samples is wrong', () => {
    for (let length = 0; length < file.length; length++)
      expect(() => decodeWav(file.subarray(0, length)), `${length} bytes`).toThrow(TensorFlowError);
    for (let at = 0; at < 44; at++) {
      const damaged = Buffer.from(file);
      damaged[at]! ^= 1 << (at % 8);
      // A file may be longer than what is in it; and the samples may be fewer, as long as they are all of a moment.
      if (at !== 4 && at !== 40) expect(() => decodeWav(damaged), `byte ${at}`).toThrow(TensorFlowError);
    }
    expect(() => decodeWav(file.subarray(0, -3))).toThrow(
      new DataLossError('the WAV file is cut short: it ends at byte 56, and 53 are there'),
    );
  });

  it.each([
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\nIHDR', 'latin1'), 'it does not begin with RIFF and WAVE'],
    ['one without samples', Buffer.from(file.subarray(0, 36)).fill(28, 4, 5), 'ends before its samples'],
    [
      'one of bytes',
      Buffer.from(file).fill(8, 34, 35),
      'expected a WAV file of 16-bit integers, got format 1 of 8 bits',
    ],
  ])('is refused: %s', (_, bytes, message) => {
    expect(() => decodeWav(bytes)).toThrow(message);
  });
});
