/** TensorFlow's status objects, in which every fallible call of the C API reports its result. */
import { capi, type Pointer } from './capi';
import { withContext } from './errorContext';
import { errorOf, type TensorFlowError } from './errors';

/** The status of all synchronous calls, of which only one is under way at a time; it holds no error between them. */
let shared: Pointer | undefined;

/**
 * Calls the C API with a status and throws what it reports.
 *
 * @param say adds to the error's message what its reader needs to know: which operation, which line
 * @throws {TensorFlowError} when the call reports a failure: of the class of its code
 */
export function checked<R>(call: (status: Pointer) => R, say: (message: string) => string = String): R {
  shared ??= capi().newStatus();
  const result = call(shared);
  const error = errorIn(shared);
  if (error === undefined) return result;
  // Not every call clears what an earlier one reported, so the next gets a new one.
  capi().deleteStatus(shared);
  shared = undefined;
  throw withContext(error, say);
}

/** The error that a status holds, or undefined where it says success. */
export function errorIn(status: Pointer): TensorFlowError | undefined {
  const code = capi().getCode(status);
  return code === 0 ? undefined : errorOf(code, capi().message(status));
}
