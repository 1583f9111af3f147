/** A socket takes one message at a time; this keeps those that wait, in their order. */
import type { Publisher, Router } from 'zeromq';

type Parts = readonly (Uint8Array | string)[];

export class Sender {
  readonly #socket: Publisher | Router;
  #sending: Promise<void> = Promise.resolve();

  constructor(socket: Publisher | Router) {
    this.#socket = socket;
  }

  /**
   * Sends a message after those before it. One that can't be sent, since its receiver is gone, is dropped.
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

  /** When everything has been sent. */
  idle(): Promise<void> {
    return this.#sending;
  }
}
