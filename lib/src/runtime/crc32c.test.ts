import { describe, expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from './crc32c';

/** RFC 3720, appendix B.4, whose table gives the bytes of each checksum in their order on the wire. */
const vectors: [string, Uint8Array, number][] = [
  ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 incrementing bytes', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['32 decrementing bytes', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  [
    'an iSCSI read command',
    Buffer.from(
      `01c00000 00000000 00000000 00000000 14000000 00000400
       00000014 00000018 28000000 00000000 02000000 00000000`.replace(/\s+/g, ''),
      'hex',
    ),
    0xd9963a56,
  ],
];

/** The definition, a bit at a time. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('crc32c', () => {
  it.each(vectors)("agrees with RFC 3720's example: %s", (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it('has the check value of its definition', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  it('is right for every length and at every offset', () => {
    const bytes = Uint8Array.from({ length: 80 }, (_, i) => (i * i * 37 + 11) & 0xff);
    for (let start = 0; start < 9; start++) {
      for (let end = start; end <= bytes.length; end++) {
        expect(crc32c(bytes, start, end)).toBe(slowCrc32c(bytes.subarray(start, end)));
      }
    }
  });
});

describe('maskedCrc32c', () => {
  it('is the checksum that TensorFlow puts into a record', () => {
    // A record of Python's TensorFlow: the length 3 in eight bytes, its masked checksum, 'abc', its masked checksum.
    const record = Buffer.from('0300000000000000b099490e6162636e57f121', 'hex');
    expect(maskedCrc32c(record, 0, 8)).toBe(record.readUInt32LE(8));
    expect(maskedCrc32c(record, 12, 15)).toBe(record.readUInt32LE(15));
  });
});
