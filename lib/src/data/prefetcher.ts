/**
 * Scales the next batches of a set in a worker thread while the main thread computes a step. Between two steps, the rows of a batch, the
 * buffer they are scaled into and even the code are no longer in the core's caches, so scaling takes several times as long there as
 * in a loop of its own.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** The number of batches before the thread is started, since starting it costs what it saves in some hundred batches. */
const BATCHES_BEFORE = 200;

/** An idle thread ends after this time, because it keeps the memory of the images alive. */
const PATIENCE_MS = 10_000;

/** Shared memory for some rows: their numbers, and the scaled pixels. */
export interface Workspace {
  readonly rows: Uint32Array;
  readonly floats: Float32Array;
}

/** What the thread needs: the compiled scaleRows.wat, its memory, and the places in that memory. */
export interface Prefetching {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The number of bytes per row. */
  readonly width: number;
  /** The thread fills one while the other is read. */
  readonly workspaces: readonly [Workspace, Workspace];
  /** The state that both threads share, of {@link CONTROL_WORDS} words. */
  readonly control: Int32Array;
  /**
   * The milliseconds after which an idle thread ends.
   *
   * @defaultValue 10 seconds
   */
  readonly patience?: number;
}

/** The shared state: the number of the last request, of the last finished request, whether the thread has ended, and the rows of the request. */
const [REQUESTED, DONE, ENDED, COUNT] = [0, 1, 2, 3];
export const CONTROL_WORDS = 4;

/** The thread's program. The lowest bit of a request's number selects the workspace. */
const thread = `
  const { workerData } = require('node:worker_threads');
  const { memory, width, places, controlAt, patience } = workerData;
  const { scale } = new WebAssembly.Instance(workerData.module, { host: { memory } }).exports;
  const control = new Int32Array(memory.buffer, controlAt, ${CONTROL_WORDS});
  while (Atomics.wait(control, ${REQUESTED}, control[${DONE}], patience) !== 'timed-out') {
    const request = Atomics.load(control, ${REQUESTED});
    const { rows, floats } = places[request & 1];
    scale(rows, control[${COUNT}], width, floats);
    Atomics.store(control, ${DONE}, request);
  }
  Atomics.store(control, ${ENDED}, 1);
`;

export class Prefetcher {
  readonly #how: Prefetching;
  /** The number of rows requested for each workspace. */
  readonly #counts = [0, 0];
  #isRunning = false;
  #isImpossible = availableParallelism() < 2;
  /** The number of batches that were drawn and read while there was no thread. */
  #drawn = 0;
  /** Whether a batch was read since the last request. Batches that nobody reads aren't prefetched. */
  #isRead = false;
  /** The number of rows after the last batch that were requested. */
  #ahead = 0;

  constructor(how: Prefetching) {
    this.#how = how;
  }

  /** Announces the rows that follow a batch of `batchSize` which was just drawn. Requests as many whole batches as a workspace holds. */
  expect(upcoming: Uint32Array, batchSize: number): void {
    if (!this.#isReady()) return;
    this.#ahead = Math.max(0, this.#ahead - batchSize);
    if (this.#ahead > batchSize || !this.#isRead) return;
    const room = this.#how.workspaces[0].rows.length;
    const left = Math.min(room, upcoming.length - this.#ahead);
    const count = left - (left % batchSize);
    if (count > 0 && this.#request(upcoming.subarray(this.#ahead, this.#ahead + count))) this.#ahead += count;
  }

  /** The scaled rows, if the thread has finished exactly these. The memory is valid until the next call of {@link expect}. */
  take(rows: Uint32Array): Float32Array | undefined {
    this.#isRead = true;
    if (!this.#isRunning) return undefined;
    const { control, width, workspaces } = this.#how;
    const newest = control[REQUESTED]! & 1;
    for (const slot of this.#isIdle ? [newest, newest ^ 1] : [newest ^ 1]) {
      const workspace = workspaces[slot]!;
      const at = placeOf(rows, workspace.rows, this.#counts[slot]!);
      if (at >= 0) return workspace.floats.subarray(at * width, (at + rows.length) * width);
    }
    return undefined;
  }

  /** Whether the thread has finished all requests. */
  get #isIdle(): boolean {
    const { control } = this.#how;
    return Atomics.load(control, DONE) === control[REQUESTED];
  }

  /** Whether a thread is running. Starts one when enough batches were read. */
  #isReady(): boolean {
    if (this.#isImpossible) return false;
    if (this.#isRunning && Atomics.load(this.#how.control, ENDED) === 0) return true;
    this.#isRunning = false;
    if (this.#isRead) this.#drawn++;
    this.#isRead = false;
    if (this.#drawn < BATCHES_BEFORE) return false;
    this.#drawn = 0;
    this.#begin();
    return false;
  }

  #begin(): void {
    const { module, memory, width, workspaces, control, patience = PATIENCE_MS } = this.#how;
    this.#counts.fill(0);
    this.#ahead = 0;
    control[ENDED] = 0;
    try {
      const worker = new Worker(thread, {
        eval: true,
        // The thread needs none of this process's loaders (`--import`, NODE_OPTIONS), and little memory.
        execArgv: [],
        env: {},
        resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
        workerData: {
          module,
          memory,
          width,
          places: workspaces.map(({ rows, floats }) => ({ rows: rows.byteOffset, floats: floats.byteOffset })),
          controlAt: control.byteOffset,
          patience,
        },
      });
      worker.on('error', () => this.#giveUp());
      worker.unref();
      this.#isRunning = true;
    } catch {
      this.#giveUp(); // no more threads are available, or allowed (`node --permission`)
    }
  }

  #giveUp(): void {
    this.#isRunning = false;
    this.#isImpossible = true;
  }

  /** Requests rows. Returns false if the thread is still busy. */
  #request(rows: Uint32Array): boolean {
    if (!this.#isIdle) return false;
    const { control, workspaces } = this.#how;
    const request = (control[REQUESTED]! + 1) | 0;
    workspaces[(request & 1) as 0 | 1].rows.set(rows);
    this.#counts[request & 1] = rows.length;
    control[COUNT] = rows.length;
    Atomics.store(control, REQUESTED, request);
    Atomics.notify(control, REQUESTED);
    this.#isRead = false;
    return true;
  }
}

/** The index at which `rows` occur consecutively among the first `count` of `others`, which are distinct; -1 if they don't. */
function placeOf(rows: Uint32Array, others: Uint32Array, count: number): number {
  const at = others.indexOf(rows[0]!);
  if (at < 0 || at + rows.length > count) return -1;
  for (let i = 1; i < rows.length; i++) if (others[at + i] !== rows[i]) return -1;
  return at;
}
