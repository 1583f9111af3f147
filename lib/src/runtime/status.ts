/** TensorFlow's status objects, in which every fallible call of the C API reports its result. */
import { capi, type Pointer } from './capi';
import { withContext } from './errorContext';
import { errorOf, type TensorFlowError } from './errors';

/**
 * The status shared by all synchronous calls, of which only one is in progress at a time; it contains no error between
 * them.
 */
let shared: Pointer | undefined;

/**
 * Calls the C API with a status, and throws the error that it reports.
 *
 * @param say adds context to the error's message: which operation, which line
 * @throws {TensorFlowError} when the call reports a failure; its class corresponds to the code
 */
export function checked<R>(call: (status: Pointer) => R, say: (message: string) => string = String): R {
  shared ??= capi().newStatus();
  const result = call(shared);
  const error = errorIn(shared);
  if (error === undefined) return result;
  // Not every call clears an earlier error, so the next one gets a new status.
  capi().deleteStatus(shared);
  shared = undefined;
  throw withContext(error, say);
}

/** The error in a status; undefined for success. */
export function errorIn(status: Pointer): TensorFlowError | undefined {
  const code = capi().getCode(status);
  return code === 0 ? undefined : errorOf(code, capi().message(status));
}
