import { describe, expect, it } from 'vitest';
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

  it('is read past chunks of other kinds, and as far as it goes', () => {
    const chunk = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    const other = Buffer.concat([file.subarray(0, 36), chunk, file.subarray(36, -4)]);
    expect(decodeWav(other).samples).toHaveLength(4);
  });

  it.each([
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\nIHDR', 'latin1'), 'it does not begin with RIFF and WAVE'],
    ['one without samples', file.subarray(0, 36), 'ends before its samples'],
    [
      'one of bytes',
      Buffer.from(file).fill(8, 34, 35),
      'expected a WAV file of 16-bit integers, got format 1 of 8 bits',
    ],
  ])('is refused: %s', (_, bytes, message) => {
    expect(() => decodeWav(bytes)).toThrow(message);
  });
});
