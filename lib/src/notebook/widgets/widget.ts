/** Custom widgets. */
import { inspect } from 'node:util';
import { checkObject, checkText } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { escapeHtml } from '../../runtime/html';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { anywidgetClass, widgetBundle } from './anywidget';
import { Callback, type CallbackOptions, taken } from './callback';
import { WidgetModel } from './model';

/** Options of {@link widget}. */
export interface WidgetOptions<S extends object> {
  /** A module for the page whose default export has a method `render({ model, el })`, as in anywidget. */
  esm: string;
  /**
   * A style sheet for the page.
   *
   * @defaultValue none
   */
  css?: string;
  /**
   * The initial values that the program and the page share. Typed arrays are sent as binary data.
   *
   * @defaultValue none
   */
  state?: S;
}

/** A widget, created by {@link widget}. A notebook shows it if it is the last expression of a cell, or displayed. */
export class Widget<S extends object = Record<string, unknown>> implements Displayable {
  /** The values shared with the page: changes on either side appear on the other. */
  readonly state: S;
  readonly #model: WidgetModel;
  readonly #changed = new Set<keyof S & string>();
  #onChange: Callback<[S, readonly (keyof S & string)[]]> | undefined;
  #onMessage: Callback<[unknown, readonly Uint8Array[]]> | undefined;

  /** @internal */
  constructor({ esm, css = '', state }: WidgetOptions<S>) {
    checkText('the module of a widget', esm);
    checkText('the style sheet of a widget', css);
    if (state !== undefined) checkObject('the state of a widget', state);
    const values = { ...state } as Record<string, unknown>;
    const odd = Object.keys(values).find((name) => name.startsWith('_'));
    if (odd !== undefined)
      throw new InvalidArgumentError(
        `the names of a widget's values don't begin with '_', as ${odd} does: those are Jupyter's`,
      );
    this.#model = new WidgetModel(anywidgetClass(esm, css), values, {
      onChange: (names) => {
        if (!this.#onChange) return;
        for (const name of names) this.#changed.add(name as keyof S & string);
        this.#onChange.callLatest(() => [this.state, taken(this.#changed)]);
      },
      onMessage: (content, buffers) => this.#onMessage?.callInTurn(() => [content, buffers]),
    });
    this.state = {} as S;
    for (const name of Object.keys(values))
      Object.defineProperty(this.state, name, {
        enumerable: true,
        get: () => this.#model.get(name),
        set: (value) => this.#model.set({ [name]: value }),
      });
    Object.defineProperty(this.state, inspect.custom, { value: () => this.#model.state });
    Object.preventExtensions(this.state);
  }

  /**
   * Changes several values at once.
   *
   * @throws {InvalidArgumentError} when a name isn't in its state, or a value can't be sent to a page
   */
  set(changes: Partial<S>): void {
    checkObject('the changes of a widget', changes);
    const odd = Object.keys(changes).find((name) => !Object.hasOwn(this.state, name));
    if (odd !== undefined)
      throw new InvalidArgumentError(
        `the widget has no value ${odd}; it has ${Object.keys(this.state).join(', ') || 'none'}`,
      );
    this.#model.set({ ...changes });
  }

  /**
   * Sets the callback for changes by the page, replacing an earlier one; never two calls at the same time, as with
   * {@link ControlPanel.onChange}.
   *
   * @throws {InvalidArgumentError} when `callback` is not a function
   */
  onChange(
    callback: (state: S, changed: readonly (keyof S & string)[], signal: AbortSignal) => unknown,
    options: CallbackOptions = {},
  ): void {
    const { output } = onlyOptions(options, { output: 'any' });
    const called = new Callback<[S, readonly (keyof S & string)[]]>('onChange', callback, output);
    this.#onChange?.cancel();
    this.#onChange = called;
  }

  /**
   * Sets the callback for messages that the page sends with `model.send(content, {}, buffers)`, replacing an earlier
   * one. Messages are handled one after the other.
   *
   * @throws {InvalidArgumentError} when `callback` is not a function
   */
  onMessage(
    callback: (content: unknown, buffers: readonly Uint8Array[], signal: AbortSignal) => unknown,
    options: CallbackOptions = {},
  ): void {
    const { output } = onlyOptions(options, { output: 'any' });
    this.#onMessage = new Callback<[unknown, readonly Uint8Array[]]>('onMessage', callback, output);
  }

  /**
   * Sends a message with arrays to all connected pages, which receive it through
   * `model.on('msg:custom', (content, buffers) => …)`.
   *
   * @throws {InvalidArgumentError} when it can't be sent
   */
  send(content: unknown, arrays: readonly ArrayBufferView[] = []): void {
    this.#model.send(content, arrays);
  }

  /** Removes it from all pages. */
  close(): void {
    this.#model.close();
  }

  /** The widget, and its state as text. */
  [jupyterDisplay](): MimeBundle {
    const text = inspect({ ...this.state }, { depth: 1, maxArrayLength: 10, maxStringLength: 200 });
    return widgetBundle(this.#model, text, `<pre>${escapeHtml(text)}</pre>`, 'To see it alive');
  }

  /** Its state. */
  [inspect.custom](): unknown {
    return { ...this.state };
  }
}

/**
 * Creates a custom widget with **anywidget**: a module and a style sheet for the page, and values that the program and
 * the page share and that survive a reload of the page. If anywidget isn't installed, its values are shown as text.
 *
 * @throws {InvalidArgumentError} when the module is not a string, the name of a value begins with `_`, or a value can't
 * be sent to a page
 *
 * @example
 * const counter = widget({
 *   esm: `export default { render({ model, el }) {
 *     const button = document.createElement('button');
 *     const show = () => { button.textContent = 'pressed ' + model.get('count') + ' times'; };
 *     button.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes(); };
 *     model.on('change:count', show);
 *     show();
 *     el.append(button);
 *   } };`,
 *   state: { count: 0 },
 * });
 * counter.onChange(({ count }) => console.log(count));
 */
export function widget<S extends object = Record<string, never>>(options: WidgetOptions<S>): Widget<S> {
  return new Widget(onlyOptions(options, { esm: 'string', css: 'string', state: 'any' }));
}
