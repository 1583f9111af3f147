/** Error messages, and how they get the context in which they arose. */

/** What was thrown says; anything may be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Has an error say where it arose, or what for, and gives it, to be thrown again: it stays the same error, of its class, with its stack.
 * What is no error stays as it is.
 *
 * @param say the new message, made of the old one
 */
export function withContext<E>(error: E, say: (message: string) => string): E {
  // Defined, not assigned: the message of a `DOMException`, such as an aborted signal's reason, can only be read.
  if (error instanceof Error)
    Reflect.defineProperty(error, 'message', { value: say(error.message), writable: true, configurable: true });
  return error;
}
