/** Errors that tell that a server was lost, and not that something is wrong: what is repeated with a new session may succeed. */
import { AbortedError, UnavailableError } from './errors';

/** Whether an error is one of them, by its code: what threw it may have another copy of the library. */
export function isServerLoss(error: unknown): error is AbortedError | UnavailableError {
  const { code } = Object(error) as { code?: unknown };
  return code === UnavailableError.code || code === AbortedError.code;
}
