import { describe, expect, it } from 'vitest';
import { maskedCrc32c } from './crc32c';
import { RecordBuffer, RecordDecoder } from './records';

const utf8 = (text: string) => new Uint8Array(Buffer.from(text));

/** Records of growing size, some of them empty, and where each begins. */
function someRecords() {
  const buffer = new RecordBuffer(8);
  const data = [utf8('abc'), utf8(''), utf8('a record that is longer than the buffer was'), utf8('z')];
  const starts = data.map((one) => {
    const start = buffer.length;
    buffer.add(one);
    return start;
  });
  return { bytes: buffer.bytes.slice(0, buffer.length), data, starts };
}

describe('RecordBuffer', () => {
  it("writes the bytes that Python's TFRecordWriter writes", () => {
    const buffer = new RecordBuffer();
    buffer.add(utf8('abc'));
    expect(Buffer.from(buffer.bytes.subarray(0, buffer.length)).toString('hex')).toBe(
      '0300000000000000b099490e6162636e57f121',
    );
  });

  it('lets data be written in its place', () => {
    const buffer = new RecordBuffer(4);
    const at = buffer.begin(3);
    buffer.bytes.set(utf8('abc'), at);
    buffer.end();
    expect(buffer).toMatchObject({ count: 1, length: 19 });
    expect(new RecordDecoder().push(buffer.bytes.subarray(0, 19))).toEqual([{ offset: 0, data: utf8('abc') }]);
  });

  it('keeps nothing of a record that was begun and not ended', () => {
    const buffer = new RecordBuffer();
    buffer.begin(100);
    buffer.add(utf8('abc'));
    expect(buffer).toMatchObject({ count: 1, length: 19 });
  });
});

describe('RecordDecoder', () => {
  it('finds the records of a whole file', () => {
    const { bytes, data, starts } = someRecords();
    const decoder = new RecordDecoder();
    expect(decoder.push(bytes)).toEqual(data.map((one, i) => ({ offset: starts[i], data: one })));
    expect(decoder.end()).toEqual([]);
  });

  it('finds the same records in pieces of any size', () => {
    const { bytes, data, starts } = someRecords();
    for (let size = 1; size <= bytes.length; size++) {
      const decoder = new RecordDecoder();
      const records = [];
      for (let at = 0; at < bytes.length; at += size) records.push(...decoder.push(bytes.subarray(at, at + size)));
      expect(records).toEqual(data.map((one, i) => ({ offset: starts[i], data: one })));
      expect(decoder.end()).toEqual([]);
    }
  });

  it('gives everything before the end of a file that is cut off at any byte, and says where that is', () => {
    const { bytes, data, starts } = someRecords();
    for (let cut = 0; cut < bytes.length; cut++) {
      const decoder = new RecordDecoder();
      const whole = starts.filter((_, i) => (starts[i + 1] ?? bytes.length) <= cut).length;
      expect(decoder.push(bytes.subarray(0, cut)).map((record) => record.data)).toEqual(data.slice(0, whole));
      const damage = decoder.end();
      expect(damage).toMatchObject(cut === starts[whole] ? [] : [{ offset: starts[whole], kind: 'truncated' }]);
    }
  });

  it('passes over a record with any bit of its data flipped, and stops at one whose length is damaged', () => {
    const { bytes, data, starts } = someRecords();
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << (at % 8);
      const hit = starts.filter((start) => start <= at).length - 1;
      const inHeader = at - starts[hit]! < 12;
      const decoder = new RecordDecoder();
      const behind = inHeader ? [] : data.slice(hit + 1);
      expect(decoder.push(flipped).map((record) => record.data)).toEqual([...data.slice(0, hit), ...behind]);
      expect(decoder.missing === Number.POSITIVE_INFINITY).toBe(inHeader);
      expect(decoder.push(bytes)).toHaveLength(inHeader ? 0 : data.length);
      expect(decoder.end()).toMatchObject([{ offset: starts[hit], kind: 'corrupt' }]);
    }
  });

  it('does not wait for a record that claims to be larger than a message can be', () => {
    const header = Buffer.alloc(12);
    header.writeBigUInt64LE(2n ** 40n);
    header.writeUInt32LE(maskedCrc32c(header, 0, 8), 8);
    const decoder = new RecordDecoder();
    expect(decoder.push(header)).toEqual([]);
    expect(decoder.end()).toMatchObject([
      { offset: 0, message: 'the record is corrupt: it claims to have 1099511627776 bytes' },
    ]);
  });

  it('says how much of a record is there', () => {
    const { bytes, starts } = someRecords();
    const message = (cut: number) => {
      const decoder = new RecordDecoder();
      decoder.push(bytes.subarray(0, cut));
      return decoder.end()[0]?.message;
    };
    expect(message(5)).toBe('the record is cut off after 5 of the 12 bytes of its header');
    expect(message(starts[2]! + 13)).toBe('the record is cut off after 13 of its 59 bytes');
  });
});
