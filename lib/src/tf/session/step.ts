/** The native arguments of one `TF_SessionRun`: prepared before the call, read after it, and always freed. */

import { RunOptions as RunOptionsCodec } from '../../protos';
import { bufferBytes } from '../../runtime/buffer';
import { capi, type Pointer } from '../../runtime/capi';
import { type HostArray, scalarOrArray } from '../../runtime/hostArray';
import { packOutputs } from '../graph/graph';
import { fromNative, residentTensor, toNative } from '../graph/nativeTensor';
import { sameTensor } from '../graph/tensor';
import { checkRunOptions, type RunMetadata, type RunOptions, traceLevelNumber } from './config';
import type { Feed } from './feeds';
import type { FetchPlan } from './fetches';

/** One run of a session. */
export class Step {
  readonly #plan: FetchPlan;
  /** For each fetched tensor, its feed if it is fed, or undefined if the run computes it. */
  readonly #sources: readonly (Feed | undefined)[];
  readonly #feeds: BigInt64Array;
  /** `TF_Tensor *` of the feeds. */
  readonly #fed: BigInt64Array;
  /** Those of them that the step allocated, and frees. */
  readonly #copies: Pointer[] = [];
  /** The arrays that own the others, kept alive here. */
  readonly #residents: HostArray[] = [];
  readonly #fetches: BigInt64Array;
  /** `TF_Tensor *` of the fetches, filled in by the run and owned by the step. */
  readonly #fetched: BigInt64Array;
  readonly #targets: BigInt64Array;
  readonly #options: Pointer | null;
  readonly #metadata: Pointer | null;
  /** The number of users of the memory: the creator of the step, and a thread that runs it. */
  #holders = 1;

  constructor(plan: FetchPlan, feeds: readonly Feed[], options: RunOptions | undefined, traced: boolean) {
    const { newBuffer, newBufferFromString } = capi();
    this.#plan = plan;
    this.#sources = plan.tensors.map((tensor) => feeds.find((feed) => sameTensor(feed.tensor, tensor)));
    const computed = plan.tensors.filter((_, i) => this.#sources[i] === undefined);
    this.#feeds = packOutputs(feeds.map(({ tensor }) => tensor));
    this.#fed = new BigInt64Array(feeds.length);
    this.#fetches = packOutputs(computed);
    this.#fetched = new BigInt64Array(computed.length);
    this.#targets = BigInt64Array.from(plan.targets, ({ pointer }) => pointer);
    const encoded = options && encodeRunOptions(options);
    try {
      for (const [i, { array }] of feeds.entries()) this.#fed[i] = this.#native(array);
      this.#options = encoded ? newBufferFromString(encoded, encoded.byteLength) : null;
      this.#metadata = traced ? newBuffer() : null;
    } catch (error) {
      this.free(); // what was allocated so far
      throw error;
    }
  }

  #native(array: HostArray): Pointer {
    const resident = residentTensor(array);
    if (resident) {
      this.#residents.push(array);
      return resident;
    }
    const copy = toNative(array);
    this.#copies.push(copy);
    return copy;
  }

  /** The arguments of `TF_SessionRun` between the session and the status. */
  get parameters() {
    return [
      this.#options,
      this.#feeds,
      this.#fed,
      this.#fed.length,
      this.#fetches,
      this.#fetched,
      this.#fetched.length,
      this.#targets,
      this.#targets.length,
      this.#metadata,
    ] as const;
  }

  /** Whether there is nothing to run, which libtensorflow refuses. */
  get isEmpty(): boolean {
    return this.#fetched.length === 0 && this.#targets.length === 0;
  }

  /**
   * The values in the structure of the fetches, scalars as JavaScript values; `metadata` receives what was recorded.
   *
   * @param read converts a computed tensor to something else than its value
   */
  result(metadata: RunMetadata | undefined, read: (tensor: Pointer) => unknown = hostValue): unknown {
    if (metadata && this.#metadata) metadata.bytes = bufferBytes(this.#metadata);
    let next = 0;
    const values = this.#sources.map((feed) => (feed ? scalarOrArray(feed.array) : read(this.#fetched[next++]!)));
    return this.#plan.assemble(values);
  }

  /** Keeps the native memory until `free` is called once more. */
  hold(): void {
    this.#holders++;
  }

  /** Frees the native memory of the step, unless it is still in use elsewhere. */
  free(): void {
    if (--this.#holders > 0) return;
    const { deleteTensor, deleteBuffer } = capi();
    for (const tensor of this.#copies) deleteTensor(tensor);
    this.#residents.length = 0;
    for (const tensor of this.#fetched) if (tensor) deleteTensor(tensor);
    if (this.#options) deleteBuffer(this.#options);
    if (this.#metadata) deleteBuffer(this.#metadata);
  }
}

const hostValue = (tensor: Pointer) => scalarOrArray(fromNative(tensor));

function encodeRunOptions(options: RunOptions): Uint8Array {
  checkRunOptions(options);
  return RunOptionsCodec.encode({ ...options, traceLevel: traceLevelNumber(options.traceLevel) });
}
