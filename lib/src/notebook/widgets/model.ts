/**
 * A widget's state, which the kernel and every page that shows it have in common.
 *
 * @see https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md
 */
import { InvalidArgumentError } from '../../runtime/errors';
import { type Comm, type CommData, type MimeBundle, notebookHost } from '../../runtime/notebookHost';
import { join, type State, separate } from './state';

const TARGET = 'jupyter.widget';
/** Of the messages between kernel and page. */
const METADATA = { version: '2.1.0' };
const VIEW = 'application/vnd.jupyter.widget-view+json';

/** What is done with what a page does. */
export interface ModelHandlers {
  /**
   * A page has changed values; they are in the state by then.
   *
   * @param names of those that are other than before
   */
  onChange?(names: readonly string[]): void;
  /** A page's own message. */
  onMessage?(content: unknown, buffers: readonly Uint8Array[]): void;
  /** Values that change too often to be set: as they are now, for a page that is told of the widget. */
  current?(): State;
  /** A value as it enters the state, whoever gives it; throws where it can't be one. */
  check?(name: string, value: unknown): unknown;
}

/** Python's buffers are written as text, too: the class of a widget in the page. */
export interface PageClass {
  readonly _model_module: string;
  readonly _model_module_version: string;
  readonly _model_name: string;
  readonly _view_module: string;
  readonly _view_module_version: string;
  readonly _view_name: string;
}

export class WidgetModel {
  readonly #fixed: PageClass & State;
  readonly #state: State;
  readonly #handlers: ModelHandlers;
  #comm: Comm | undefined;

  /**
   * @param fixed what only pages look at, and nobody changes
   * @param state the values with which it begins; no others are taken later
   * @throws {InvalidArgumentError} when a page can't be told one of them
   */
  constructor(fixed: PageClass & State, state: State, handlers: ModelHandlers = {}) {
    this.#fixed = fixed;
    this.#state = { ...state };
    this.#handlers = handlers;
    separate(state);
  }

  /** A value as it is now. */
  get(name: string): unknown {
    return this.#state[name];
  }

  /** All values as they are now. */
  get state(): State {
    return { ...this.#state };
  }

  /**
   * Changes values here and in all pages.
   *
   * @throws {InvalidArgumentError} when one can't be; then none is changed
   */
  set(changes: State): void {
    const { check } = this.#handlers;
    const checked = Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [name, check ? check(name, value) : value]),
    );
    const message = update('update', checked);
    Object.assign(this.#state, checked);
    this.#comm?.send(message);
  }

  /**
   * Sends pages a message, which those that aren't there don't get.
   *
   * @throws {InvalidArgumentError} when a page can't be told it
   */
  send(content: unknown, arrays: readonly ArrayBufferView[] = []): void {
    const { state, buffers } = separate({ message: content, arrays });
    if (buffers.length > arrays.length)
      throw new InvalidArgumentError('arrays go beside a message, not into it: send(content, [array])');
    this.#comm?.send({ data: { method: 'custom', content: state.message }, buffers });
  }

  /** Tells pages of it, so that they make their part of it. False where there can be none. */
  open(): boolean {
    this.#comm ??= notebookHost()?.openComm?.(
      TARGET,
      () => update('open', this.#all),
      { onMessage: (message) => this.#receive(message), onClose: () => this.#forget() },
      METADATA,
    );
    return this.#comm !== undefined;
  }

  /** Ends it in all pages. */
  close(): void {
    this.#comm?.close();
    this.#forget();
  }

  /** The form in which a notebook shows it that has widgets, beside those for other places; only these where no page can have it. */
  bundle(others: MimeBundle): MimeBundle {
    if (!this.open()) return others;
    return { [VIEW]: { model_id: this.#comm!.id, version_major: 2, version_minor: 0 }, ...others };
  }

  /** What a page is told that knows nothing of it. */
  get #all(): State {
    return { ...this.#fixed, ...this.#state, ...this.#handlers.current?.() };
  }

  #forget(): void {
    this.#comm = undefined;
  }

  #receive({ data, buffers = [] }: CommData): void {
    if (data.method === 'request_state') this.#comm?.send(update('update', this.#all));
    else if (data.method === 'custom') this.#handlers.onMessage?.(data.content, buffers);
    else if (data.method === 'update' && typeof data.state === 'object' && data.state !== null)
      this.#take(join({ ...data.state }, data.buffer_paths, buffers, this.#state));
  }

  /** Takes values from a page. */
  #take(given: State): void {
    const taken: State = {};
    const refused: State = {};
    for (const [name, value] of Object.entries(given)) {
      if (!Object.hasOwn(this.#state, name)) continue; // a page adds some of its own, such as how many views it has
      try {
        taken[name] = this.#handlers.check ? this.#handlers.check(name, value) : value;
      } catch {
        refused[name] = this.#state[name];
      }
    }
    const changed = Object.keys(taken).filter((name) => !same(taken[name], this.#state[name]));
    Object.assign(this.#state, taken);
    // The page that has sent them waits for this one; others show the same.
    if (Object.keys(taken).length > 0) this.#comm?.send(update('echo_update', taken));
    if (Object.keys(refused).length > 0) this.#comm?.send(update('update', refused));
    if (changed.length > 0) this.#handlers.onChange?.(changed);
  }
}

function update(method: 'open' | 'update' | 'echo_update', state: State): CommData {
  const { state: rest, paths, buffers } = separate(state);
  return { data: { ...(method !== 'open' && { method }), state: rest, buffer_paths: paths }, buffers };
}

/** Whether a page has said what there was. Objects and arrays are new ones each time, so that they have changed. */
const same = (a: unknown, b: unknown) => Object.is(a, b);
