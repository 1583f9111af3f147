import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { HostArray, toHostArray } from '../runtime/hostArray';
import { DataSet } from './dataSet';
import { CONTROL_WORDS, Prefetcher, type Workspace } from './prefetcher';
import { scaleRows } from './scaleRows';

/** On one processor no thread is begun. */
const isPossible = availableParallelism() > 1;

/** Repeats `attempt` until it gives something. */
async function eventually<T>(attempt: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 20_000; tries++) {
    const found = attempt();
    if (found !== undefined) return found;
    await sleep(1);
  }
  throw new Error('it never did');
}

const [WIDTH, ROWS] = [16, 200];

/** A prefetcher of 200 rows of 16 pixels, each of which is its row's number. */
function prefetcherOf(module: WebAssembly.Module, patience?: number) {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  for (let row = 0; row < ROWS; row++) new Uint8Array(memory.buffer, row * WIDTH, WIDTH).fill(row);
  const workspace = (at: number): Workspace => ({
    rows: new Uint32Array(memory.buffer, at, 100),
    floats: new Float32Array(memory.buffer, at + 1024, 100 * WIDTH),
  });
  const control = new Int32Array(memory.buffer, 65536, CONTROL_WORDS);
  const workspaces = [workspace(8192), workspace(32768)] as const;
  return { prefetcher: new Prefetcher({ module, memory, width: WIDTH, workspaces, control, patience }), control };
}

const order = Uint32Array.from({ length: ROWS }, (_, i) => (i * 7) % ROWS);
const scale = () => new WebAssembly.Module(Buffer.from(scaleRows, 'base64'));

/** Draws and reads batches of ten again and again, until the other thread has made one; gives that and its rows. */
function prefetched(prefetcher: Prefetcher) {
  return eventually(() => {
    for (let at = 0; at < ROWS; at += 10) {
      const rows = order.slice(at, at + 10);
      prefetcher.expect(order.subarray(at + 10), 10);
      const floats = prefetcher.take(rows);
      if (floats) return { rows, floats };
    }
    return undefined;
  });
}

const scaledRows = (rows: Uint32Array) => [...rows].flatMap((row) => Array(WIDTH).fill(Math.fround(row / 255)));

describe.skipIf(!isPossible)('a prefetcher', () => {
  it('has another thread scale the batches that come next', async () => {
    const { rows, floats } = await prefetched(prefetcherOf(scale()).prefetcher);
    expect([...floats]).toEqual(scaledRows(rows));
  });

  it('has nothing for rows in another order than that in which they were to come', async () => {
    const { prefetcher } = prefetcherOf(scale());
    const { rows } = await prefetched(prefetcher);
    expect(prefetcher.take(rows.slice().reverse())).toBeUndefined();
    expect(prefetcher.take(Uint32Array.of(...rows, rows[0]!))).toBeUndefined();
    expect([...prefetcher.take(rows.subarray(3, 5))!]).toEqual(scaledRows(rows.subarray(3, 5)));
  });

  it('ends its thread when nothing is drawn for a while, and begins another when batches are drawn again', async () => {
    const { prefetcher, control } = prefetcherOf(scale(), 20);
    const hasEnded = () => (Atomics.load(control, 2) === 1 ? true : undefined);
    for (let time = 0; time < 2; time++) {
      const { rows, floats } = await prefetched(prefetcher);
      expect([...floats]).toEqual(scaledRows(rows));
      await eventually(hasEnded);
    }
  });

  it('leaves the work to others where its thread fails', async () => {
    const begun = once(process, 'worker');
    // A module that exports nothing.
    const { prefetcher } = prefetcherOf(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
    const drawAll = () => {
      for (let round = 0; round < 40; round++)
        for (let at = 0; at < ROWS; at += 10) {
          prefetcher.expect(order.subarray(at + 10), 10);
          expect(prefetcher.take(order.subarray(at, at + 10))).toBeUndefined();
        }
    };
    drawAll();
    const [worker] = (await begun) as [Worker];
    const again = vi.fn();
    process.on('worker', again);
    await expect(once(worker, 'exit')).rejects.toThrow('scale');
    drawAll();
    await sleep(1); // a thread that is begun is told of then
    expect(again).not.toHaveBeenCalled();
    process.off('worker', again);
  });
});

describe('a set whose batches are prefetched', () => {
  const [count, width] = [2000, 784];
  const pixels = Uint8Array.from({ length: count * width }, (_, i) => (i * 7 + Math.floor(i / 256)) & 255);
  const scaled = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) scaled[i] = pixels[i]! / 255;

  /** A set in which the label of an example is its number. */
  const setOf = () =>
    new DataSet(
      toHostArray(pixels, 'uint8').reshape([count, width]),
      new HostArray(
        'int32',
        [count],
        Int32Array.from({ length: count }, (_, row) => row),
      ),
      { seed: 1 },
    );

  function check([images, labels]: [HostArray<'float32'>, HostArray<'int32'>]) {
    const expected = Array.from(labels.data, (row) => Buffer.from(scaled.buffer, 4 * width * row, 4 * width));
    expect(Buffer.from(images.data.buffer).equals(Buffer.concat(expected))).toBe(true);
  }

  it('gives the examples of each batch, whatever was prefetched: batches of several sizes, begun anew, out of order, at the end of an epoch', async () => {
    const set = setOf();
    const take = vi.spyOn(Prefetcher.prototype, 'take');
    const wasPrefetched = () => take.mock.results.some(({ value }) => value !== undefined);
    await eventually(() => {
      for (let i = 0; i < 20; i++) set.nextBatch(50)[0].data;
      return !isPossible || wasPrefetched() ? true : undefined;
    });
    for (const size of [50, 50, 50, 30, 130, 333, 7, 400, 50, 50, 1, 2000, 50, 50]) check(set.nextBatch(size));
    set.reset();
    for (let i = 0; i < 4; i++) check(set.nextBatch(50));
    set.skip(120);
    const drawn = Array.from({ length: 8 }, () => set.nextBatch(50));
    for (const batch of drawn.reverse()) check(batch);
    for (let i = 0; i < 40; i++) check(set.nextBatch(50, { shuffle: i % 2 === 0 }));
    take.mockRestore();
  });
});
