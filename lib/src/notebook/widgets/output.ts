/** A place in the page for what callbacks print and show. */

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

/** Jupyter's own widget for outputs: it shows what a cell's output can be, figures and all. */
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

/** Milliseconds between two pictures of what is printed. */
const PERIOD = 60;
/** Characters that a page shows in a millisecond, if need be: with each picture it gets all of them. */
const RATE = 10_000;
/** Characters of what is printed that stay. */
const MOST_CHARACTERS = 100_000;
/** Of what is printed to one stream, or displayed, in turns, so many parts. */
const MOST_OUTPUTS = 500;

type Output =
  | { output_type: 'stream'; name: 'stdout' | 'stderr'; text: string }
  | { output_type: 'display_data'; data: MimeBundle; metadata: object };

/** What a region shows, in its order. */
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

/** Bytes as notebooks have them. */
function encoded(bundle: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, data]) => [
      type,
      data instanceof Uint8Array ? Buffer.from(data).toString('base64') : data,
    ]),
  );
}

/** A place for outputs; {@link output} makes one. A notebook shows it where it is a cell's last expression, or displayed. */
export class OutputRegion implements Displayable {
  readonly #outputs = new Outputs(() => this.#changed());
  /** The same, as far as a page can show it. */
  readonly #limited = notebookHost()?.limited?.(this.#outputs) ?? this.#outputs;
  readonly #model = new WidgetModel(OUTPUT_CLASS, { outputs: [] });
  #timer: NodeJS.Timeout | undefined;
  #nextPicture = 0;

  /**
   * Calls `work`, and shows here what it prints and displays, also after it has awaited something.
   *
   * @returns what `work` returns
   * @throws {InvalidArgumentError} when `work` is no function
   */
  run<T>(work: () => T): T {
    checkFunction('the work of an output', work);
    const host = notebookHost();
    return host?.divert ? host.divert(this.#limited, work) : work();
  }

  /** Empties it. */
  clear(): void {
    this.#limited.clear(false);
  }

  /** @internal Where callbacks show things. */
  get there(): HostOutput {
    return this.#limited;
  }

  /** The region, and what is in it as text. */
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
 * A place in the page for what callbacks print and show, which stays where it is: what one call has shown takes the place of what the one
 * before has. In a plain program it is none, and they print as ever.
 *
 * @example
 * const result = output();
 * const panel = controls({ x: slider(0, 10) });
 * panel.onChange(({ x }) => console.log(x * x), { output: result });
 */
export function output(): OutputRegion {
  return new OutputRegion();
}
