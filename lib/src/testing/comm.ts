/** A comm for tests, with the page's end of it. */
import type { Comm, CommData, CommHandlers } from '../runtime/notebookHost';

export class FakeComm implements Comm {
  readonly id: string;
  readonly target: string;
  readonly metadata: Record<string, unknown>;
  /** What it was opened with. */
  readonly opening: CommData;
  /** What a page is told that comes later. */
  readonly current: () => CommData;
  /** What was sent to the page. */
  readonly sent: CommData[] = [];
  closed = false;
  readonly #handlers: CommHandlers;

  constructor(target: string, current: () => CommData, handlers: CommHandlers, metadata: Record<string, unknown>) {
    this.id = `comm-${target}`;
    this.target = target;
    this.metadata = metadata;
    this.opening = current();
    this.current = current;
    this.#handlers = handlers;
  }

  send(message: CommData): void {
    this.sent.push(message);
  }

  close(): void {
    this.closed = true;
  }

  /** A message comes from the page. */
  receive(data: Record<string, unknown>, buffers: Uint8Array[] = []): void {
    this.#handlers.onMessage?.({ data, buffers });
  }

  /** The page has changed values. */
  update(state: Record<string, unknown>, buffer_paths: unknown = [], buffers: Uint8Array[] = []): void {
    this.receive({ method: 'update', state, buffer_paths }, buffers);
  }
}
