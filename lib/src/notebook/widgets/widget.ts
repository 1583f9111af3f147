/** A widget of one's own. */
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
  /** A module for the page whose default export has a method `render({ model, el })`, as anywidget's have it. */
  esm: string;
  /**
   * A style sheet for the page.
   *
   * @defaultValue none
   */
  css?: string;
  /**
   * The values that the program and the page share, with which it begins. Typed arrays travel as they are, binary.
   *
   * @defaultValue none
   */
  state?: S;
}

/** A widget; {@link widget} makes one. A notebook shows it where it is a cell's last expression, or displayed. */
export class Widget<S extends object = Record<string, unknown>> implements Displayable {
  /** The values that it shares with the page: what is set here the page gets, and what the page sets is here. */
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
   * @throws {InvalidArgumentError} when a name is none of its state, or a page can't be told a value
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
   * Calls back when the page has changed values, in place of what was called back before; never twice at once, as
   * {@link ControlPanel.onChange} does it.
   *
   * @throws {InvalidArgumentError} when `callback` is no function
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
   * Calls back for what the page sends by `model.send(content, {}, buffers)`, one message after the other, in place of what was called back
   * before.
   *
   * @throws {InvalidArgumentError} when `callback` is no function
   */
  onMessage(
    callback: (content: unknown, buffers: readonly Uint8Array[], signal: AbortSignal) => unknown,
    options: CallbackOptions = {},
  ): void {
    const { output } = onlyOptions(options, { output: 'any' });
    this.#onMessage = new Callback<[unknown, readonly Uint8Array[]]>('onMessage', callback, output);
  }

  /**
   * Sends pages a message, and arrays beside it, which they take by `model.on('msg:custom', (content, buffers) => …)`. One that is loaded later doesn't get it.
   *
   * @throws {InvalidArgumentError} when a page can't be told it
   */
  send(content: unknown, arrays: readonly ArrayBufferView[] = []): void {
    this.#model.send(content, arrays);
  }

  /** Takes it away from all pages. */
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
 * A widget of one's own, by **anywidget**: a module and a style sheet for the page, and values that the program and the page share, which
 * outlive a reload of the page. Where anywidget isn't installed, its values are shown as text.
 *
 * @throws {InvalidArgumentError} when the module is no text, the name of a value begins with `_`, or a page can't be told a value
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
