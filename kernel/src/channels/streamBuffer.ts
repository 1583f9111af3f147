/** Batches printed text: the first text is published at once, then about twenty messages a second. */
import type { Header } from './wire';

export interface StreamText {
  readonly parent: Header;
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

/** Milliseconds between two messages. */
const INTERVAL = 50;
/** Text of this length is published at once. */
const MAX_LENGTH = 2 ** 20;

export class StreamBuffer {
  readonly #publish: (stream: StreamText) => void;
  #first: StreamText | undefined;
  #texts: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastFlush = Number.NEGATIVE_INFINITY;

  constructor(publish: (stream: StreamText) => void) {
    this.#publish = publish;
  }

  add(stream: StreamText): void {
    const first = this.#first;
    if (first && (first.name !== stream.name || first.parent.msg_id !== stream.parent.msg_id)) this.flush();
    this.#first ??= stream;
    this.#texts.push(stream.text);
    this.#length += stream.text.length;
    const wait = this.#lastFlush + INTERVAL - performance.now();
    if (wait <= 0 || this.#length >= MAX_LENGTH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), wait);
  }

  /** Publishes the pending text. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#first) return;
    const { parent, name } = this.#first;
    const text = this.#texts.join('');
    this.#first = undefined;
    this.#texts = [];
    this.#length = 0;
    this.#lastFlush = performance.now();
    this.#publish({ parent, name, text });
  }
}
