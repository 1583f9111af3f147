/** Errors that tell that a server was lost, and not that something is wrong: what is repeated with a new session may succeed. */
import { AbortedError, UnavailableError } from '../../../runtime/errors';

/** Whether an error is one after which a monitored session makes itself anew. */
export function isPreemption(error: unknown): error is AbortedError | UnavailableError {
  return error instanceof AbortedError || error instanceof UnavailableError;
}
