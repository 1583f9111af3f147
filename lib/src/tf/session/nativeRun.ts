/** A `TF_SessionRun` in another thread. */
import { capi, type Pointer } from '../../runtime/capi';
import type { TensorFlowError } from '../../runtime/errors';
import { callInThread, hasNativeThreads, type NativeCall } from '../../runtime/nativeThreads';
import { errorIn } from '../../runtime/status';
import type { Step } from './step';

/** A run in progress in another thread. */
export interface NativeRun {
  /** Resolves with the run's error, or undefined, when the thread has finished. */
  readonly returned: Promise<TensorFlowError | undefined>;
  /** Declares that nobody waits for the run any more: from then on it doesn't keep the process alive. */
  abandon(): void;
}

/**
 * Starts a run. The step's memory is kept until it has returned.
 *
 * @param onEnd called with the run's error, or undefined, when the thread has finished, before `returned` resolves
 * @throws {ResourceExhaustedError} when too many runs are in progress
 */
export function startRun(session: Pointer, step: Step, onEnd: (error: TensorFlowError | undefined) => void): NativeRun {
  const { newStatus, deleteStatus } = capi();
  const status = newStatus();
  const begin = hasNativeThreads() ? runInThread : runInNodesPool;
  step.hold();
  const free = () => {
    deleteStatus(status);
    step.free();
  };
  let error: TensorFlowError | undefined;
  const ended = () => {
    error = errorIn(status);
    free();
    onEnd(error);
  };
  try {
    const { returned, abandon } = begin(session, step, status, ended);
    return { returned: returned.then(() => error), abandon };
  } catch (reason) {
    free();
    throw reason;
  }
}

let sessionRunAddress: Pointer | undefined;

function runInThread(session: Pointer, step: Step, status: Pointer, ended: () => void): NativeCall {
  const { addressOf, malloc, free, memcpy } = capi();
  sessionRunAddress ??= addressOf('TF_SessionRun');
  const [options, feeds, fed, feedCount, fetches, fetched, fetchCount, targets, targetCount, metadata] =
    step.parameters;
  // The arrays go into native memory, one after the other, because the JavaScript thread may end while the run
  // continues.
  const arrays = [feeds, fed, fetches, fetched, targets];
  const all = new BigInt64Array(arrays.reduce((length, array) => length + array.length, 0));
  const memory = malloc(all.byteLength + 8)!;
  let length = 0;
  const [feedsAt, fedAt, fetchesAt, fetchedAt, targetsAt] = arrays.map((array) => {
    all.set(array, length);
    length += array.length;
    return memory + BigInt((length - array.length) * 8);
  }) as [Pointer, Pointer, Pointer, Pointer, Pointer];
  memcpy(memory, all, all.byteLength);
  const parameters = [session, options, feedsAt, fedAt, feedCount, fetchesAt, fetchedAt, fetchCount, targetsAt];
  try {
    return callInThread(sessionRunAddress, [...parameters, targetCount, metadata, status], () => {
      memcpy(fetched, fetchedAt, fetched.byteLength);
      free(memory);
      ended();
    });
  } catch (error) {
    free(memory);
    throw error;
  }
}

/** Without native threads, koffi makes the call in a thread of Node's pool. */
function runInNodesPool(session: Pointer, step: Step, status: Pointer, ended: () => void): NativeCall {
  const returned = new Promise<void>((resolve, reject) => {
    capi().sessionRun.async(session, ...step.parameters, status, (error) => {
      ended();
      if (error) reject(error);
      else resolve();
    });
  });
  return { returned, abandon: () => {} };
}
