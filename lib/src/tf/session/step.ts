/** The arguments of one `TF_SessionRun`: laid out before the call, read after it, freed whatever happens. */

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
  /** What is fetched in its place: the feed of a tensor that is fed, or what the run computes. */
  readonly #sources: readonly (Feed | undefined)[];
  readonly #feeds: BigInt64Array;
  /** `TF_Tensor *` of the feeds. */
  readonly #fed: BigInt64Array;
  /** Those of them that the step made, and frees. */
  readonly #copies: Pointer[] = [];
  /** The arrays of the others, which keep them alive. */
  readonly #residents: HostArray[] = [];
  readonly #fetches: BigInt64Array;
  /** `TF_Tensor *` of the fetches, which the run fills in; the step owns them. */
  readonly #fetched: BigInt64Array;
  readonly #targets: BigInt64Array;
  readonly #options: Pointer | null;
  readonly #metadata: Pointer | null;
  /** Those who need the memory: who made the step, and a thread that runs it. */
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
      this.free(); // what was made so far
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

  /** What `TF_SessionRun` takes between the session and the status. */
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

  /** Whether there is nothing to run: libtensorflow refuses that. */
  get isEmpty(): boolean {
    return this.#fetched.length === 0 && this.#targets.length === 0;
  }

  /**
   * The values in the structure of the fetches, scalars as JavaScript values; `metadata` takes what was recorded.
   *
   * @param read makes something else than a value of what was computed
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

  /** Frees the native memory of the step, unless somebody else holds it. */
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
