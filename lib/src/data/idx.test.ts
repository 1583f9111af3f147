import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { DataLossError, FailedPreconditionError, InvalidArgumentError, NotFoundError } from '../runtime/errors';
import { HostArray } from '../runtime/hostArray';
import { memoryOf, packedZeros } from '../testing/packedZeros';
import { type IdxArray, parseIdx, readIdx, serializeIdx, writeIdx } from './idx';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** Arrays and their files, written by hand. */
const vectors: [string, IdxArray, Uint8Array][] = [
  [
    'a matrix of uint8',
    new HostArray('uint8', [2, 3], Uint8Array.of(0, 1, 2, 127, 128, 255)),
    hex('00000802 00000002 00000003 00 01 02 7f 80 ff'),
  ],
  ['int8', new HostArray('int8', [3], Int8Array.of(-128, -1, 127)), hex('00000901 00000003 80 ff 7f')],
  ['int16', new HostArray('int16', [2], Int16Array.of(258, -2)), hex('00000b01 00000002 0102 fffe')],
  ['int32', new HostArray('int32', [1, 1], Int32Array.of(0x01020304)), hex('00000c02 00000001 00000001 01020304')],
  ['float32', new HostArray('float32', [2], Float32Array.of(1, -0.5)), hex('00000d01 00000002 3f800000 bf000000')],
  ['float64', new HostArray('float64', [1], Float64Array.of(1.5)), hex('00000e01 00000001 3ff8000000000000')],
  ['a scalar', new HostArray('uint8', [], Uint8Array.of(9)), hex('00000800 09')],
  ['no elements', new HostArray('uint8', [0, 28], new Uint8Array()), hex('00000802 00000000 0000001c')],
];

describe('parseIdx and serializeIdx', () => {
  it.each(vectors)('read and write %s', (_, array, bytes) => {
    expect(parseIdx(bytes)).toEqual(array);
    expect(serializeIdx(array)).toEqual(bytes);
  });

  it.each(vectors)('do so at any offset of a buffer: %s', (_, array, bytes) => {
    const shifted = new Uint8Array(bytes.length + 8).subarray(3, 3 + bytes.length);
    shifted.set(bytes);
    expect(parseIdx(shifted)).toEqual(array);
    expect(shifted).toEqual(bytes);
  });

  it('leave the array that is written as it was', () => {
    const array = new HostArray('int16', [2], Int16Array.of(258, -2));
    serializeIdx(array);
    expect([...array.data]).toEqual([258, -2]);
  });

  it('tell TypeScript the dtype once it is asked for', () => {
    const array = parseIdx(hex('00000801 00000001 05'));
    if (array.dtype !== 'uint8') throw new Error('expected uint8');
    const bytes: Uint8Array = array.data;
    expect(bytes).toEqual(Uint8Array.of(5));
  });

  it.each(vectors)('refuse %s cut at any byte, or with a byte too many', (_, __, bytes) => {
    for (let end = 0; end < bytes.length; end++) {
      expect(() => parseIdx(bytes.subarray(0, end), 'the file')).toThrow(DataLossError);
      expect(() => parseIdx(bytes.subarray(0, end), 'the file')).toThrow(/^the file: expected .*, found \d+/);
    }
    expect(() => parseIdx(Uint8Array.of(...bytes, 0))).toThrow(DataLossError);
  });

  it('say how many bytes the header promised and how many there are', () => {
    expect(() => parseIdx(hex('00000802 00000002 00000003 0102'), 'x.idx')).toThrow(
      'x.idx: expected 18 bytes for uint8 [2, 3], found 14',
    );
  });

  it.each([
    ['another format', '1f8b0808'],
    ['an unknown element type', '00000a01'],
    ['something in the first byte', '01000801'],
    ['something in the second byte', '00010801'],
  ])('refuse %s', (_, magic) => {
    expect(() => parseIdx(hex(`${magic} 00000001 05`), 'x.idx')).toThrow(DataLossError);
    expect(() => parseIdx(hex(`${magic} 00000001 05`), 'x.idx')).toThrow(`found 0x${magic}`);
  });

  it('refuse to allocate what a damaged header asks for', () => {
    expect(() => parseIdx(hex('00000e03 ffffffff ffffffff ffffffff'))).toThrow(DataLossError);
  });

  it('refuse a dtype that IDX lacks', () => {
    const array = new HostArray('uint32', [1], Uint32Array.of(1)) as unknown as HostArray<'int32'>;
    expect(() => serializeIdx(array)).toThrow(InvalidArgumentError);
  });
});

describe('readIdx and writeIdx', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'idx-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  const array = new HostArray('int32', [2, 2], Int32Array.of(1, -2, 3, 1 << 30));

  it.each(['plain-idx2-int', 'packed-idx2-int.gz', 'a/new/folder/idx'])('read what was written to %s', async (name) => {
    await writeIdx(join(dir, name), array);
    expect(await readIdx(join(dir, name))).toEqual(array);
  });

  it('are of the dtype that they are known to have, or say which they are of', async () => {
    const path = join(dir, 'known');
    await writeIdx(path, array);
    expectTypeOf(await readIdx(path, 'int32')).toEqualTypeOf<HostArray<'int32'>>();
    await expect(readIdx(path, 'uint8')).rejects.toThrow(`${path}: expected uint8, found int32 [`);
  });

  it('gzip a file whose name ends in .gz', async () => {
    await writeIdx(join(dir, 'zipped.gz'), array);
    expect([...(await readFile(join(dir, 'zipped.gz')))].slice(0, 2)).toEqual([0x1f, 0x8b]);
  });

  it('go by the bytes of a file and not by its name', async () => {
    await writeFile(join(dir, 'misnamed.gz'), serializeIdx(array));
    await writeFile(join(dir, 'misnamed'), gzipSync(serializeIdx(array)));
    expect(await readIdx(join(dir, 'misnamed.gz'))).toEqual(array);
    expect(await readIdx(join(dir, 'misnamed'))).toEqual(array);
  });

  it('name a file that is missing, or a gzip file cut at any byte', async () => {
    await expect(readIdx(join(dir, 'none'))).rejects.toThrow(NotFoundError);
    await expect(readIdx(join(dir, 'none'))).rejects.toThrow(join(dir, 'none'));
    const bytes = gzipSync(serializeIdx(array));
    const path = join(dir, 'cut.gz');
    for (let end = 0; end < bytes.length; end++) {
      await writeFile(path, bytes.subarray(0, end));
      await expect(readIdx(path)).rejects.toThrow(DataLossError);
      await expect(readIdx(path)).rejects.toThrow(path);
    }
  });

  it('tell whichever byte of a gzip file is wrong, or read it as if it were whole', async () => {
    const bytes = gzipSync(serializeIdx(array));
    const path = join(dir, 'flipped.gz');
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      await writeFile(path, flipped);
      const found = await readIdx(path).catch((error: unknown) => error);
      if (!(found instanceof DataLossError)) expect(found, `byte ${at}`).toEqual(array);
    }
  });

  it('unpack no more than the header states, and nothing for a header that states more than any data are packed to', async () => {
    const path = join(dir, 'bomb.gz');
    const refuse = async (header: string, message: RegExp) => {
      await writeFile(path, await packedZeros(200, 'gzip', hex(header)));
      const grown = await memoryOf(async () => {
        const error = await readIdx(path).catch((error: unknown) => error);
        expect(error).toBeInstanceOf(DataLossError);
        expect((error as Error).message).toMatch(message);
      });
      expect(grown).toBeLessThan(60);
    };
    await refuse('00000803 0000000a 0000001c 0000001c', /expected 7856 bytes, by its header, found more$/);
    await refuse('00000803 000000c8 00000400 00000400', /bytes of gzip claim to hold 209715216, .* with gunzip$/);
    await refuse('00000e02 ffffffff ffffffff', /claim to hold 147\d+,/);
    await refuse('', /number of dimensions, found 0x00000000$/);
  });

  it('leave nothing behind when a file cannot be written', async () => {
    const folder = join(dir, 'folder');
    await writeIdx(join(folder, 'inner'), array);
    await expect(writeIdx(folder, array)).rejects.toThrow(FailedPreconditionError);
    expect((await readdir(dir)).filter((name) => name.startsWith('folder'))).toEqual(['folder']);
    expect(await readdir(folder)).toEqual(['inner']);
  });
});
