import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import * as plot from '../notebook/plot';
import { type HostArray, toHostArray } from '../runtime/hostArray';
import { jupyterDisplay } from '../runtime/notebookHost';
import { Graph } from '../tf/graph/graph';
import { identity } from '../tf/ops/array';
import { placeholder } from '../tf/ops/constants';
import { Session } from '../tf/session';
import { DataSet } from './dataSet';
import { PackedImages } from './packedImages';
import { packedImages } from './rows';

/** So many rows of pixels, which are all the bytes there are and differ from row to row. */
function pixelsOf(count: number, width: number): Uint8Array {
  return Uint8Array.from({ length: count * width }, (_, i) => (i * 7 + Math.floor(i / 256)) & 255);
}

/** What packed images should give. */
function divided(pixels: Uint8Array, width: number, rows: readonly number[]): number[] {
  return rows.flatMap((row) =>
    Array.from(pixels.subarray(row * width, (row + 1) * width), (p) => Math.fround(p / 255)),
  );
}

const jupyterText = (array: HostArray) => array[jupyterDisplay]()['text/plain'];

function setOf(count: number, width: number) {
  const pixels = pixelsOf(count, width);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  const images = toHostArray(pixels, 'uint8').reshape([count, width]);
  return { pixels, set: new DataSet(images, toHostArray(labels, 'int32'), { seed: 1 }) };
}

describe('packed images', () => {
  it.each([784, 1024, 17, 1, 16, 100_003])('give rows of %d pixels, each divided by 255 and rounded once', (width) => {
    const count = Math.ceil(2 ** 20 / width);
    const pixels = pixelsOf(count, width);
    const packed = PackedImages.of(pixels, width)!;
    const rows = [count - 1, 0, count >> 1, 0];
    const floats = new Float32Array(rows.length * width);
    packed.copyTo(floats, Uint32Array.from(rows));
    expect(Buffer.from(floats.buffer).equals(Buffer.from(Float32Array.from(divided(pixels, width, rows)).buffer))).toBe(
      true,
    );
  });

  it('give all of them, in as many pieces as it takes', () => {
    const [count, width] = [2000, 784];
    const pixels = pixelsOf(count, width);
    const floats = new Float32Array(count * width);
    const packed = PackedImages.of(pixels, width)!;
    packed.copyTo(
      floats,
      Uint32Array.from({ length: count }, (_, row) => row),
    );
    expect(floats.every((value, i) => value === Math.fround(pixels[i]! / 255))).toBe(true);
    expect(packed.hasRoomFor(count)).toBe(false);
  });

  it('are a copy: who changes the pixels later changes nothing', () => {
    const pixels = pixelsOf(2000, 784);
    const packed = PackedImages.of(pixels, 784)!;
    const expected = divided(pixels, 784, [1]);
    pixels.fill(0);
    expect([...packed.borrow(Uint32Array.of(1))]).toEqual(expected);
  });

  it('are none where the set is small, or there is no WebAssembly', () => {
    expect(PackedImages.of(pixelsOf(10, 784), 784)).toBeUndefined();
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function none() {
      throw new RangeError('could not allocate memory');
    });
    expect(PackedImages.of(pixelsOf(2000, 784), 784)).toBeUndefined();
    vi.restoreAllMocks();
  });
});

describe('a set of packed images', () => {
  it('hands out batches that stay as they are when others are made', () => {
    const { pixels, set } = setOf(2000, 784);
    const rowsOf = (labels: { data: Int32Array }) => [...labels.data].map((_, i) => i);
    const batches = [0, 1, 2].map(() => set.nextBatch(100, { shuffle: false }));
    for (const [k, [images, labels]] of batches.entries()) {
      expect(images.shape).toEqual([100, 784]);
      expect(images.size).toBe(78_400);
      expect([...images.data]).toEqual(
        divided(
          pixels,
          784,
          rowsOf(labels).map((row) => 100 * k + row),
        ),
      );
    }
    const [first, second] = batches.map(([images]) => images) as [HostArray<'float32'>, HostArray<'float32'>];
    const before = second.data.slice();
    first.data.fill(2);
    expect(first.data[0]).toBe(2);
    expect(second.data).toEqual(before);
  });

  it('feeds what looking at a batch shows, be it looked at or not, at any time', async () => {
    const { set } = setOf(2000, 784);
    const graph = new Graph();
    const [x, y] = graph.asDefault(() => {
      const images = placeholder('float32', [null, 784]);
      return [images, identity(images)] as const;
    });
    const session = new Session({ graph });
    const batches = Array.from({ length: 5 }, () => set.nextBatch(400)[0]);
    set.nextBatch(2000);
    for (const batch of batches) {
      const fed = (await session.run(y, [[x, batch]])).data;
      expect(Buffer.from(fed.buffer).equals(Buffer.from(batch.data.buffer))).toBe(true);
    }
    batches[0]!.data[5] = 0.5;
    expect(session.runSync(y, [[x, batches[0]!]]).data[5]).toBe(0.5);
    await session.close();
  });

  it('gives parts in file order, without moving on', () => {
    const { pixels, set } = setOf(2000, 784);
    const [images, labels] = set.slice(1990, 2000);
    expect([...images.data]).toEqual(
      divided(pixels, 784, [1990, 1991, 1992, 1993, 1994, 1995, 1996, 1997, 1998, 1999]),
    );
    expect([...labels.data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(set.indexInEpoch).toBe(0);
    expect(set.slice(7, 7)[0].shape).toEqual([0, 784]);
    expect(() => set.slice(0, 2001)).toThrow('from 0 to 2000, got 0 to 2001');
    expect(() => set.slice(2, 1)).toThrow('got 2 to 1');
    expect(() => set.slice(0.5, 1)).toThrow('got 0.5 to 1');
  });

  it('gives what was written into its images: in batches and in parts', () => {
    const { set } = setOf(2000, 784);
    const [before] = set.nextBatch(100, { shuffle: false });
    set.images.data.fill(3);
    expect(set.nextBatch(100)[0].data.every((value) => value === 3)).toBe(true);
    expect(set.slice(0, 5)[0].data.every((value) => value === 3)).toBe(true);
    expect(before.data.some((value) => value !== 3)).toBe(true);
  });

  it('shares them with a set that is made of its images', () => {
    const { set } = setOf(2000, 784);
    const other = new DataSet(set.images, set.labels, { seed: 5 });
    expect(packedImages(set.images)).toBeDefined();
    expect(other.slice(3, 9)).toEqual(set.slice(3, 9));
    expect(packedImages(set.images)).toBeDefined();
    set.images.data.fill(0.5);
    expect(other.nextBatch(1)[0].data.every((value) => value === 0.5)).toBe(true);
  });

  it('stays bytes where some images are shown, one pixel is asked for, and where all are fed, in any shape', async () => {
    const { pixels, set } = setOf(2000, 784);
    const { images } = set;
    expect(images.at(1999, 783)).toBe(divided(pixels, 784, [1999])[783]);
    expect(jupyterText(images)).toContain('HostArray float32 [2000, 784]');
    expect(inspect(images)).toContain('Float32Array(1568000)');
    plot.digits(images, { labels: set.labels, count: 5 });
    plot.misclassified(
      images,
      set.labels,
      set.labels.data.map((label) => (label + 1) % 10),
    );
    const pictures = images.reshape([-1, 28, 28]);
    expect(pictures.at(3, 2, 1)).toBe(images.at(3, 57));
    expect(pictures.size).toBe(images.size);
    plot.images(pictures, { count: 5 });

    const graph = new Graph();
    const [x, y] = graph.asDefault(() => {
      const fed = placeholder('float32');
      return [fed, identity(fed)] as const;
    });
    const session = new Session({ graph });
    const fed = [images, pictures].map((array) => session.runSync(y, [[x, array]]) as HostArray<'float32'>);
    expect(packedImages(images)).toBeDefined();
    expect(fed[1]!.shape).toEqual([2000, 28, 28]);
    for (const { data } of fed) expect(data.every((value, i) => value === Math.fround(pixels[i]! / 255))).toBe(true);
    Object.assign(pictures, { shape: [2000, 28, 27] });
    expect(() => session.runSync(y, [[x, pictures]])).toThrow('holds 1512000 elements, but the data has 1568000');
    await session.close();

    const again = images.reshape([1000, 2, 784]);
    images.data[785] = 7;
    expect(again.at(0, 1, 1)).toBe(7);
    again.data[0] = 8;
    expect(images.at(0, 0)).toBe(8);
    expect(() => images.reshape([3, -1, 784])).toThrow("don't make up");
  });

  it('shows its shape, and can be cloned and compared like any other', () => {
    const { set } = setOf(2000, 784);
    expect(`${set}`).toBe('DataSet of 2,000 examples: images float32 [2000, 784], labels int32 [2000]');
    const [images] = set.slice(3, 5);
    expect(structuredClone(images)).toMatchObject({ dtype: 'float32', shape: [2, 784], data: set.slice(3, 5)[0].data });
    expect(set.slice(3, 5)[0]).toEqual(images);
    expect(set.slice(3, 5)[0]).not.toEqual(set.slice(4, 6)[0]);
    expect(images.reshape([2, 28, 28]).at(1, 0, 5)).toBe(images.at(1, 5));
    expect({ ...set.slice(3, 5)[0] }).toEqual({ ...images });
    expect(Object.freeze(set.slice(3, 5)[0]).data).toEqual(images.data);
  });
});
