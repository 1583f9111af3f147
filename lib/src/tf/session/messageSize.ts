/**
 * What fits into a message to a TensorFlow server and back: 2 GB. libtensorflow finds that out when it writes the message, and ends the process.
 */
import { bytesPerElement, elementBytes } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import type { HostArray } from '../../runtime/hostArray';
import type { Operation } from '../graph/operation';
import { sameTensor, type Tensor } from '../graph/tensor';
import type { Feed } from './feeds';
import type { FetchPlan } from './fetches';

/** What a message may hold, with some room for names and shapes. */
const MOST_BYTES = 2 ** 31 - 2 ** 20;

/** What a string takes beside its bytes, at most. */
const STRING_BYTES = 8;

/**
 * Refuses a run whose feeds, or fetches as far as their shapes are known, don't fit into a message.
 *
 * @throws {InvalidArgumentError} when they don't
 */
export function checkMessages(target: string, { tensors }: FetchPlan, feeds: readonly Feed[]): void {
  const fed = feeds.reduce((sum, { array }) => sum + bytesOf(array), 0);
  check(`the feeds of a run on ${target}`, fed, 'feed less at a time, or have the server read files');
  const computed = tensors.filter((tensor) => !feeds.some((feed) => sameTensor(feed.tensor, tensor)));
  const fetched = computed.reduce((sum, tensor) => sum + staticBytesOf(tensor), 0);
  check(`the fetches of a run on ${target}`, fetched, 'fetch it in parts');
}

/**
 * Refuses a graph whose constants don't fit into a message.
 *
 * @throws {InvalidArgumentError} when they don't
 */
export function checkGraph(target: string, operations: readonly Operation[]): void {
  const constants = operations.filter(({ type }) => type === 'Const');
  const bytes = constants.reduce((sum, { outputs }) => sum + staticBytesOf(outputs[0]!), 0);
  check(`the constants of a graph on ${target}`, bytes, 'feed what is large, or have the server read files');
}

function check(what: string, bytes: number, advice: string): void {
  if (bytes > MOST_BYTES)
    throw new InvalidArgumentError(
      `${what} are ${(bytes / 1e9).toFixed(1)} GB, and a TensorFlow server takes and sends 2 GB at a time; ${advice}`,
    );
}

function bytesOf(array: HostArray): number {
  const { dtype, size } = array;
  if (dtype !== 'string') return size * bytesPerElement(dtype);
  // Not before: elements that native memory has would be copied.
  return (array.data as Buffer[]).reduce((sum, { length }) => sum + length + STRING_BYTES, 0);
}

/** The bytes of a tensor of numbers whose shape is known; 0 of another. */
function staticBytesOf({ shape, dtype }: Tensor): number {
  const elements = shape?.reduce<number>((product, size) => product * (size ?? 0), 1) ?? 0;
  return elements * (elementBytes(dtype) ?? 0);
}
