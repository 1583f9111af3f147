/**
 * Checks that a run fits into the messages between a session and a TensorFlow server: 2 GB each. libtensorflow aborts
 * the process when it writes a larger one.
 */
import { bytesPerElement, elementBytes } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import type { HostArray } from '../../runtime/hostArray';
import type { Operation } from '../graph/operation';
import { sameTensor, type Tensor } from '../graph/tensor';
import type { Feed } from './feeds';
import type { FetchPlan } from './fetches';

/** The limit for tensors in a message, with some room for names and shapes. */
const MOST_BYTES = 2 ** 31 - 2 ** 20;

/** An upper bound for the overhead of a string. */
const STRING_BYTES = 8;

/**
 * Refuses a run whose feeds, or fetches of known shape, don't fit into a message.
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
  // Done last, because it copies elements out of native memory.
  return (array.data as Buffer[]).reduce((sum, { length }) => sum + length + STRING_BYTES, 0);
}

/** The size of a numeric tensor of known shape in bytes; 0 for other tensors. */
function staticBytesOf({ shape, dtype }: Tensor): number {
  const elements = shape?.reduce<number>((product, size) => product * (size ?? 0), 1) ?? 0;
  return elements * (elementBytes(dtype) ?? 0);
}
