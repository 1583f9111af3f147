/**
 * Batches are scaled ahead of time: another thread prepares the next ones while a step computes. Between two steps the rows of a batch, the
 * memory that they are scaled into and the code that does it are in no near cache, so it takes several times as long there as in a loop of its own.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** After so many batches that were read one after the other a thread is begun: that takes as long as it saves in some hundred batches. */
const BATCHES_BEFORE = 200;

/** An idle thread ends after so long: it keeps the memory of the images, which may be of no more use to anybody. */
const PATIENCE_MS = 10_000;

/** Memory for some rows: their numbers, and what they are as floats. */
export interface Workspace {
  readonly rows: Uint32Array;
  readonly floats: Float32Array;
}

/** What the thread needs: the compiled scaleRows.wat, its memory, and where in it things are. */
export interface Prefetching {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The number of bytes of a row. */
  readonly width: number;
  /** While one is read, the thread works in the other. */
  readonly workspaces: readonly [Workspace, Workspace];
  /** Where the two threads tell each other how far they are: {@link CONTROL_WORDS}. */
  readonly control: Int32Array;
  /**
   * For how many milliseconds the thread waits for the next request before it ends.
   *
   * @defaultValue 10 seconds
   */
  readonly patience?: number;
}

/** The number of the last request, that of the last one which is done, whether the thread has ended, and how many rows the request is for. */
const [REQUESTED, DONE, ENDED, COUNT] = [0, 1, 2, 3];
export const CONTROL_WORDS = 4;

/** What the thread runs. A request is for the workspace whose number is its last bit. */
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
  /** How many rows each workspace has, or is to have. */
  readonly #counts = [0, 0];
  #isRunning = false;
  #isImpossible = availableParallelism() < 2;
  /** How many batches were drawn, and then read, since there was no thread. */
  #drawn = 0;
  /** Whether a batch has been read since the last request. */
  #isRead = false;
  /** How many rows behind the last batch were asked for. */
  #ahead = 0;

  constructor(how: Prefetching) {
    this.#how = how;
  }

  /** Says which rows come after a batch of so many that was drawn: those of the next batches are asked for, if batches are read. */
  expect(upcoming: Uint32Array, batchSize: number): void {
    if (!this.#isReady()) return;
    this.#ahead = Math.max(0, this.#ahead - batchSize);
    if (this.#ahead > batchSize || !this.#isRead) return;
    const room = this.#how.workspaces[0].rows.length;
    const left = Math.min(room, upcoming.length - this.#ahead);
    const count = left - (left % batchSize);
    if (count > 0 && this.#request(upcoming.subarray(this.#ahead, this.#ahead + count))) this.#ahead += count;
  }

  /** These rows as floats, where the thread has made them: until the next batch is drawn. */
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

  /** Whether the thread has done all that it was asked for. */
  get #isIdle(): boolean {
    const { control } = this.#how;
    return Atomics.load(control, DONE) === control[REQUESTED];
  }

  /** Whether there is a thread to ask; one is begun when it is worth it. */
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
        // Neither the loaders of this process nor much memory.
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
      this.#giveUp(); // no more threads, or none allowed (`node --permission`)
    }
  }

  #giveUp(): void {
    this.#isRunning = false;
    this.#isImpossible = true;
  }

  /** Asks for rows, unless the thread still works on others. */
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

/** Where `rows` stand one after the other among the first `count` of others, none of which is there twice; -1 where they don't. */
function placeOf(rows: Uint32Array, others: Uint32Array, count: number): number {
  const at = others.indexOf(rows[0]!);
  if (at < 0 || at + rows.length > count) return -1;
  for (let i = 1; i < rows.length; i++) if (others[at + i] !== rows[i]) return -1;
  return at;
}
