/**
 * A widget's state, shared by the kernel and every page that shows it.
 *
 * @see https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md
 */
import { InvalidArgumentError } from '../../runtime/errors';
import { type Comm, type CommData, type MimeBundle, notebookHost } from '../../runtime/notebookHost';
import { join, type State, separate } from './state';

const TARGET = 'jupyter.widget';
/** The metadata of messages between kernel and page. */
const METADATA = { version: '2.1.0' };
const VIEW = 'application/vnd.jupyter.widget-view+json';

/** Handlers of a page's actions. */
export interface ModelHandlers {
  /**
   * A page has changed values, which are already in the state.
   *
   * @param names of the changed values
   */
  onChange?(names: readonly string[]): void;
  /** A custom message from a page. */
  onMessage?(content: unknown, buffers: readonly Uint8Array[]): void;
  /** The current values of state that changes too often to be set, for a page that connects. */
  current?(): State;
  /** Validates a value for the state, from the page or the program; throws if it is invalid. */
  check?(name: string, value: unknown): unknown;
}

/** The class of a widget in the page. (Python's buffers are written as text too.) */
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
   * @param fixed constants for the page
   * @param state the initial values; no other names are accepted later
   * @throws {InvalidArgumentError} when one of them can't be sent to a page
   */
  constructor(fixed: PageClass & State, state: State, handlers: ModelHandlers = {}) {
    this.#fixed = fixed;
    this.#state = { ...state };
    this.#handlers = handlers;
    separate(state);
  }

  /** A current value. */
  get(name: string): unknown {
    return this.#state[name];
  }

  /** All current values. */
  get state(): State {
    return { ...this.#state };
  }

  /**
   * Changes values here and in all pages.
   *
   * @throws {InvalidArgumentError} when one is invalid; then none is changed
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
   * Sends a message to all connected pages.
   *
   * @throws {InvalidArgumentError} when it can't be sent
   */
  send(content: unknown, arrays: readonly ArrayBufferView[] = []): void {
    const { state, buffers } = separate({ message: content, arrays });
    if (buffers.length > arrays.length)
      throw new InvalidArgumentError('arrays go beside a message, not into it: send(content, [array])');
    this.#comm?.send({ data: { method: 'custom', content: state.message }, buffers });
  }

  /** Announces the widget to pages, which create their part. Returns false if there can be no pages. */
  open(): boolean {
    this.#comm ??= notebookHost()?.openComm?.(
      TARGET,
      () => update('open', this.#all),
      { onMessage: (message) => this.#receive(message), onClose: () => this.#forget() },
      METADATA,
    );
    return this.#comm !== undefined;
  }

  /** Closes it in all pages. */
  close(): void {
    this.#comm?.close();
    this.#forget();
  }

  /** Adds the form for notebooks with widgets to others; only the others if no page can show it. */
  bundle(others: MimeBundle): MimeBundle {
    if (!this.open()) return others;
    return { [VIEW]: { model_id: this.#comm!.id, version_major: 2, version_minor: 0 }, ...others };
  }

  /** The complete state, for a page that connects. */
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

  /** Accepts values from a page. */
  #take(given: State): void {
    const taken: State = {};
    const refused: State = {};
    for (const [name, value] of Object.entries(given)) {
      if (!Object.hasOwn(this.#state, name)) continue; // a page adds some of its own, such as its number of views
      try {
        taken[name] = this.#handlers.check ? this.#handlers.check(name, value) : value;
      } catch {
        refused[name] = this.#state[name];
      }
    }
    const changed = Object.keys(taken).filter((name) => !same(taken[name], this.#state[name]));
    Object.assign(this.#state, taken);
    // The sending page waits for this echo; others display it.
    if (Object.keys(taken).length > 0) this.#comm?.send(update('echo_update', taken));
    if (Object.keys(refused).length > 0) this.#comm?.send(update('update', refused));
    if (changed.length > 0) this.#handlers.onChange?.(changed);
  }
}

function update(method: 'open' | 'update' | 'echo_update', state: State): CommData {
  const { state: rest, paths, buffers } = separate(state);
  return { data: { ...(method !== 'open' && { method }), state: rest, buffer_paths: paths }, buffers };
}

/** Whether a page has sent an unchanged value. Objects and arrays are always new, and count as changed. */
const same = (a: unknown, b: unknown) => Object.is(a, b);
