/** A region in the page for the output of callbacks. */

import { checkFunction } from '../../runtime/arguments';
import { escapeHtml } from '../../runtime/html';
import {
  type Displayable,
  type HostOutput,
  jupyterDisplay,
  type MimeBundle,
  notebookHost,
} from '../../runtime/notebookHost';
import { widgetBundle } from './anywidget';
import { WidgetModel } from './model';

/** Jupyter's own output widget, which displays the same things as a cell's output, including figures. */
const OUTPUT_CLASS = {
  _model_module: '@jupyter-widgets/output',
  _model_module_version: '1.0.0',
  _model_name: 'OutputModel',
  _view_module: '@jupyter-widgets/output',
  _view_module_version: '1.0.0',
  _view_name: 'OutputView',
  _view_count: null,
  _dom_classes: [],
  msg_id: '',
} as const;

/** The interval between updates of printed output, in milliseconds. */
const PERIOD = 60;
/** The maximum number of characters shown per millisecond: each update contains all of them. */
const RATE = 10_000;
/** The maximum number of printed characters that are kept. */
const MOST_CHARACTERS = 100_000;
/** The maximum number of parts, when output alternates between streams and displays. */
const MOST_OUTPUTS = 500;

type Output =
  | { output_type: 'stream'; name: 'stdout' | 'stderr'; text: string }
  | { output_type: 'display_data'; data: MimeBundle; metadata: object };

/** The output of a region, in order. */
class Outputs implements HostOutput {
  readonly #onChange: () => void;
  #outputs: Output[] = [];
  readonly #byId = new Map<string, Output & { output_type: 'display_data' }>();
  #clearNext = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get list(): readonly Output[] {
    return this.#outputs;
  }

  stream(name: 'stdout' | 'stderr', text: string): void {
    if (text === '') return;
    this.#begin();
    const last = this.#outputs.at(-1);
    if (last?.output_type === 'stream' && last.name === name) last.text = ending(last.text + text);
    else this.#add({ output_type: 'stream', name, text: ending(text) });
    this.#onChange();
  }

  display(bundle: MimeBundle, { displayId, update = false }: { displayId?: string; update?: boolean } = {}): void {
    const data = encoded(bundle);
    const shown = displayId === undefined ? undefined : this.#byId.get(displayId);
    if (update && shown) shown.data = data;
    else if (update) return;
    else {
      this.#begin();
      const output = { output_type: 'display_data', data, metadata: {} } as const;
      this.#add(output);
      if (displayId !== undefined) this.#byId.set(displayId, output);
    }
    this.#onChange();
  }

  clear(wait: boolean): void {
    this.#clearNext = wait;
    if (!wait) this.#empty();
  }

  #add(output: Output): void {
    this.#outputs.push(output);
    if (this.#outputs.length <= MOST_OUTPUTS) return;
    const gone = this.#outputs.splice(0, MOST_OUTPUTS / 2, { output_type: 'stream', name: 'stdout', text: '…\n' });
    for (const [id, shown] of this.#byId) if (gone.includes(shown)) this.#byId.delete(id);
  }

  #begin(): void {
    if (this.#clearNext) this.#empty();
    this.#clearNext = false;
  }

  #empty(): void {
    this.#outputs = [];
    this.#byId.clear();
    this.#onChange();
  }
}

/** The end of a long text, from the beginning of a line. */
function ending(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const end = text.slice(-MOST_CHARACTERS / 2);
  return `…\n${end.slice(end.indexOf('\n') + 1)}`;
}

function charactersOf(outputs: readonly Output[]): number {
  const texts = outputs.flatMap((output) =>
    output.output_type === 'stream' ? output.text : Object.values(output.data),
  );
  return texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? text.length : 0), 0);
}

/** Encodes bytes as notebooks do. */
function encoded(bundle: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, data]) => [
      type,
      data instanceof Uint8Array ? Buffer.from(data).toString('base64') : data,
    ]),
  );
}

/**
 * A region for output, created by {@link output}. A notebook shows it if it is the last expression of a cell, or
 * displayed.
 */
export class OutputRegion implements Displayable {
  readonly #outputs = new Outputs(() => this.#changed());
  /** The same, limited to what a page can show. */
  readonly #limited = notebookHost()?.limited?.(this.#outputs) ?? this.#outputs;
  readonly #model = new WidgetModel(OUTPUT_CLASS, { outputs: [] });
  #timer: NodeJS.Timeout | undefined;
  #nextPicture = 0;

  /**
   * Calls `work`, and shows its output here, even after it has awaited something.
   *
   * @returns what `work` returns
   * @throws {InvalidArgumentError} when `work` is not a function
   */
  run<T>(work: () => T): T {
    checkFunction('the work of an output', work);
    const host = notebookHost();
    return host?.divert ? host.divert(this.#limited, work) : work();
  }

  /** Clears it. */
  clear(): void {
    this.#limited.clear(false);
  }

  /** @internal The destination for callbacks. */
  get there(): HostOutput {
    return this.#limited;
  }

  /** The region, and its content as text. */
  [jupyterDisplay](): MimeBundle {
    this.#show();
    const text = this.#text();
    const html = text === '' ? '' : `<pre>${escapeHtml(text)}</pre>`;
    return widgetBundle(this.#model, text, html, 'To see here what callbacks show');
  }

  #text(): string {
    return this.#outputs.list
      .map((output) => (output.output_type === 'stream' ? output.text : `${output.data['text/plain'] ?? ''}\n`))
      .join('')
      .trimEnd();
  }

  #changed(): void {
    const wait = this.#nextPicture - performance.now();
    if (wait <= 0) this.#show();
    else this.#timer ??= setTimeout(() => this.#show(), wait);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const outputs = this.#outputs.list.map((output) => ({ ...output }));
    this.#nextPicture = performance.now() + Math.max(PERIOD, charactersOf(outputs) / RATE);
    this.#model.set({ outputs });
  }
}

/**
 * Creates a fixed region in the page for the output of callbacks: the output of one call replaces that of the previous
 * one. In a plain program, callbacks print as usual.
 *
 * @example
 * const result = output();
 * const panel = controls({ x: slider(0, 10) });
 * panel.onChange(({ x }) => console.log(x * x), { output: result });
 */
export function output(): OutputRegion {
  return new OutputRegion();
}
