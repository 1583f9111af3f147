/** Recognizes errors that mean that a server was lost. Repeating the work with a new session may then succeed. */
import { AbortedError, UnavailableError } from './errors';

/** Whether an error is one of them, judging by its code: it may come from another copy of the library. */
export function isServerLoss(error: unknown): error is AbortedError | UnavailableError {
  const { code } = Object(error) as { code?: unknown };
  return code === UnavailableError.code || code === AbortedError.code;
}
