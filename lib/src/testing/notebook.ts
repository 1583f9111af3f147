/** A notebook's kernel for tests: it keeps what is shown, and can be interrupted and end a cell. */
import { type MimeBundle, type NotebookHost, setNotebookHost } from '../runtime/notebookHost';

export class FakeNotebook implements NotebookHost {
  /** Everything that was shown, in its order. */
  readonly shown: { data: MimeBundle; displayId?: string; update?: boolean }[] = [];
  readonly resources = 'kernelspecs/ours';
  #controller = new AbortController();
  #endings: (() => void | Promise<void>)[] = [];

  /** A notebook that the library finds. */
  constructor() {
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
