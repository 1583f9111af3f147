/** A notebook's kernel for tests: it keeps what is shown, and can be interrupted and end a cell. */
import {
  type Comm,
  type CommData,
  type CommHandlers,
  type HostOutput,
  type HostTask,
  type MimeBundle,
  type NotebookHost,
  setNotebookHost,
} from '../runtime/notebookHost';
import { FakeComm } from './comm';

export class FakeNotebook implements NotebookHost {
  /** Everything that was shown, in its order. */
  readonly shown: { data: MimeBundle; displayId?: string; update?: boolean }[] = [];
  readonly resources = 'kernelspecs/ours';
  readonly folder: string;
  /** The comms that were opened, those that are closed included. */
  readonly comms: FakeComm[] = [];
  /** What tasks have printed below the cell, their errors included. */
  readonly printed: string[] = [];
  #controller = new AbortController();
  #endings: (() => void | Promise<void>)[] = [];

  /** A notebook that the library finds. */
  constructor(folder = process.cwd()) {
    this.folder = folder;
    setNotebookHost(this);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  display(data: MimeBundle, options: { displayId?: string; update?: boolean } = {}): void {
    this.shown.push({ data, ...options });
  }

  clearOutput(): void {
    this.shown.length = 0;
  }

  onCellEnd(callback: () => void | Promise<void>): void {
    this.#endings.push(callback);
  }

  onExit(): void {}

  openComm(
    target: string,
    current: () => CommData,
    handlers: CommHandlers = {},
    metadata: Record<string, unknown> = {},
  ): Comm {
    const comm = new FakeComm(target, current, handlers, metadata);
    this.comms.push(comm);
    return comm;
  }

  readonly output: HostOutput = {
    stream: (_, text) => this.printed.push(text),
    display: (data, options) => this.display(data, options),
    clear: () => this.printed.push('(cleared)'),
  };

  divert<T>(_output: HostOutput, work: () => T): T {
    return work();
  }

  runTask(name: string, output: HostOutput, work: () => unknown): HostTask {
    const outer = this.#controller;
    const own = new AbortController();
    this.#controller = own;
    const ended = (async () => {
      try {
        await work();
      } catch (error) {
        if (!own.signal.aborted) output.stream('stderr', `${name}: ${(error as Error).message}`);
      }
    })();
    this.#controller = outer;
    return { ended, abort: () => own.abort(new Error('aborted')) };
  }

  /** The reader presses stop. */
  interrupt(): void {
    this.#controller.abort(new Error('interrupted'));
  }

  /** The cell ends; another one begins. */
  async endCell(): Promise<void> {
    for (const callback of this.#endings.splice(0)) await callback();
    this.#controller = new AbortController();
  }

  /** The text forms of what was shown. */
  get texts(): unknown[] {
    return this.shown.map(({ data }) => data['text/plain']);
  }

  /** The program goes on without a notebook. */
  close(): void {
    setNotebookHost(undefined);
  }
}
