/** A queue for a ZeroMQ socket, which sends one message at a time. */
import type { Publisher, Router } from 'zeromq';

type Parts = readonly (Uint8Array | string)[];

export class Sender {
  readonly #socket: Publisher | Router;
  #sending: Promise<void> = Promise.resolve();

  constructor(socket: Publisher | Router) {
    this.#socket = socket;
  }

  /**
   * Sends a message after those queued before. A message to a disconnected receiver is dropped.
   *
   * @returns whether it was sent
   */
  send(parts: Parts): Promise<boolean> {
    const sent = this.#sending
      .then(() => this.#socket.send([...parts] as Buffer[]))
      .then(
        () => true,
        () => false,
      );
    this.#sending = sent.then(() => {});
    return sent;
  }

  /** Resolves when the queue is empty. */
  idle(): Promise<void> {
    return this.#sending;
  }
}
