/** Error messages, and how they get the context in which they arose. */

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Adds context to an error and returns it, to be thrown again: it remains the same object, with its class and stack.
 * Other values are returned unchanged.
 *
 * @param say makes the new message from the old one
 */
export function withContext<E>(error: E, say: (message: string) => string): E {
  // Defined, not assigned: the message of a `DOMException`, such as an aborted signal's reason, is read-only.
  if (error instanceof Error)
    Reflect.defineProperty(error, 'message', { value: say(error.message), writable: true, configurable: true });
  return error;
}
