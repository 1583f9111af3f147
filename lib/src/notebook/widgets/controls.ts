/** Controls in the page whose values are available to the program. */
import { inspect } from 'node:util';
import { checkInstance, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';
import { htmlTable } from '../../runtime/html';
import { type Displayable, jupyterDisplay, type MimeBundle } from '../../runtime/notebookHost';
import { onlyOptions } from '../../runtime/options';
import { anywidgetClass, widgetBundle } from './anywidget';
import { ButtonControl } from './button';
import { Callback, type CallbackOptions, taken } from './callback';
import { Control } from './control';
import { WidgetModel } from './model';
import { pageCode } from './pageCode';

/** Controls by name. */
export type ControlSpecs = Readonly<Record<string, Control<unknown> | ButtonControl>>;

/** The values of controls by name; buttons have none. */
export type ControlValues<S extends ControlSpecs> = {
  -readonly [K in keyof S as S[K] extends ButtonControl ? never : K]: S[K] extends Control<infer V> ? V : never;
};

/** Options of {@link ControlPanel.onChange}. */
export interface OnChangeOptions extends CallbackOptions {
  /**
   * How long the page must be idle before the callback, in milliseconds.
   *
   * @defaultValue `100`
   */
  debounce?: number;
}

/** A displayed button. */
export interface Button {
  /**
   * Sets the callback for presses, replacing an earlier one. A press during a call aborts that call, and the next one
   * begins when it has ended.
   *
   * @param callback its `signal` is aborted in that case, and when the reader interrupts the kernel
   * @throws {InvalidArgumentError} when `callback` is not a function
   */
  onClick(callback: (signal: AbortSignal) => unknown, options?: CallbackOptions): void;
}

/** The members of controls besides their values. */
export interface ControlPanel<V> extends Displayable {
  /** All current values. */
  readonly values: Readonly<V>;
  /**
   * Sets the callback for changes by the reader, replacing an earlier one. There are never two calls at the same time:
   * one in progress is aborted by another change, as by the stop button, and the next one begins with the latest values
   * when it has ended.
   *
   * @param callback receives the values, the names of the changed ones, and a `signal` that is aborted when it should
   * end
   * @throws {InvalidArgumentError} when `callback` is not a function
   */
  onChange(
    callback: (values: Readonly<V>, changed: readonly (keyof V & string)[], signal: AbortSignal) => unknown,
    options?: OnChangeOptions,
  ): void;
}

/** Controls in a program: their current values by name, and methods. */
export type Controls<S extends ControlSpecs> = ControlValues<S> & {
  readonly [K in keyof S as S[K] extends ButtonControl ? K : never]: Button;
} & ControlPanel<ControlValues<S>>;

/** Reserved names. */
const TAKEN = ['onChange', 'values'];
const DEBOUNCE = 100;

/** The prefix of controls' names in the shared state, which contains other names too. */
const PREFIX = 'value.';

/**
 * Creates sliders, choices and buttons below a cell, as an object with the page's values: what the reader changes is
 * immediately available to the program, even inside a loop that awaits something; what the program sets appears in the
 * page. They are interactive in JupyterLab, Notebook 7 and VS Code if anywidget is installed; elsewhere, and in a plain
 * program, they keep their initial values.
 *
 * @param specs the controls by name, created by `slider`, `choice`, `checkbox`, `text` and `button`
 * @throws {InvalidArgumentError} when one is not a control, or is named `values` or `onChange`
 *
 * @example
 * const panel = controls({
 *   learningRate: slider(1e-4, 1, { log: true, value: 0.01 }),
 *   hidden: choice([32, 64, 128]),
 *   run: button('Train'),
 * });
 * panel.learningRate; // 0.01
 * panel.hidden = 64;
 * panel.run.onClick(() => console.log(`trains with ${panel.hidden} units`));
 */
export function controls<S extends ControlSpecs>(specs: S): Controls<S> {
  if (typeof specs !== 'object' || specs === null || Array.isArray(specs))
    throw new InvalidArgumentError(`controls are an object such as { rate: slider(0, 1) }, not ${shown(specs)}`);
  return new Panel(specs) as unknown as Controls<S>;
}

type Values = Record<string, unknown>;

class Panel implements ControlPanel<Values> {
  readonly #values = new Map<string, Control<unknown>>();
  readonly #clicks = new Map<string, Callback<[]>>();
  readonly #changed = new Set<string>();
  #onChange: Callback<[Values, readonly string[]]> | undefined;
  #debounce = DEBOUNCE;
  #timer: NodeJS.Timeout | undefined;
  readonly #model: WidgetModel;

  constructor(specs: ControlSpecs) {
    const views: object[] = [];
    const state: Values = {};
    for (const [name, spec] of Object.entries(specs)) {
      if (TAKEN.includes(name))
        throw new InvalidArgumentError(`no control can be called ${name}: that is what all controls have`);
      if (spec instanceof ButtonControl) {
        this.#addButton(name);
        views.push({ name, kind: 'button', label: spec.label ?? name });
      } else {
        checkInstance(`the control ${name}`, spec, Control, 'slider, choice, checkbox, text or button');
        this.#addValue(name, spec);
        views.push({ name, ...spec.view, label: spec.label ?? name });
        state[PREFIX + name] = spec.value;
      }
    }
    this.#model = new WidgetModel({ ...anywidgetClass(pageCode('controlsWidget')), controls: views }, state, {
      check: (key, value) => this.#check(key.slice(PREFIX.length), value),
      onChange: (keys) => this.#tell(keys.map((key) => key.slice(PREFIX.length))),
      onMessage: (content) => {
        const { click } = (content ?? {}) as { click?: string };
        this.#clicks.get(click!)?.callLatest(() => []);
      },
    });
  }

  get values(): Values {
    return Object.fromEntries([...this.#values.keys()].map((name) => [name, this.#get(name)]));
  }

  onChange(
    callback: (values: Values, changed: readonly string[], signal: AbortSignal) => unknown,
    options: OnChangeOptions = {},
  ): void {
    const { debounce = DEBOUNCE, output } = onlyOptions(options, { output: 'any', debounce: 'number' });
    if (!(Number.isFinite(debounce) && debounce >= 0))
      throw new InvalidArgumentError(`debounce is a number of milliseconds, not ${shown(debounce)}`);
    const called = new Callback<[Values, readonly string[]]>('onChange', callback, output);
    this.#onChange?.cancel();
    this.#onChange = called;
    this.#debounce = debounce;
  }

  /** The controls, and their values as text. */
  [jupyterDisplay](): MimeBundle {
    const rows = [...this.#values].map(([name, { label }]) => [label ?? name, String(this.#get(name))] as const);
    const text = rows.map(([label, value]) => `${label}: ${value}`).join('\n');
    return widgetBundle(this.#model, text, htmlTable('Controls', rows), 'To move these');
  }

  [inspect.custom](): unknown {
    return this.values;
  }

  /** Calls back when the page has been idle. */
  #tell(names: readonly string[]): void {
    if (!this.#onChange) return;
    for (const name of names) this.#changed.add(name);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#onChange?.callLatest(() => [this.values, taken(this.#changed)]),
      this.#debounce,
    );
  }

  #get(name: string): unknown {
    return this.#model.get(PREFIX + name);
  }

  #check(name: string, value: unknown): unknown {
    return this.#values.get(name)!.check(name, value);
  }

  #addValue(name: string, control: Control<unknown>): void {
    this.#values.set(name, control);
    Object.defineProperty(this, name, {
      enumerable: true,
      get: () => this.#get(name),
      set: (value) => this.#model.set({ [PREFIX + name]: value }),
    });
  }

  #addButton(name: string): void {
    const value: Button = {
      onClick: (callback, options = {}) => {
        const { output } = onlyOptions(options, { output: 'any' });
        const called = new Callback<[]>(name, callback, output);
        this.#clicks.get(name)?.cancel();
        this.#clicks.set(name, called);
      },
    };
    Object.defineProperty(this, name, { enumerable: true, value });
  }
}
