/**
 * Limits the output that a page receives per cell: a million lines or endless pictures would block it for minutes.
 * Output beyond the limit goes to files, along with what came before; the page shows a link to them and, when the cell
 * ends, the last lines.
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { HostOutput, MimeBundle } from 'tf-mechanics/kernel-host';
import { notebookFolder } from '../notebookFolder';
import { OutputFiles } from './outputFiles';

/** Megabytes that a cell may print, and display, unless the environment overrides it. */
const MEGABYTES = 5;
/** Lines allowed per megabyte. */
const LINES = 10_000;
/** Lines shown of the end. */
const LAST_LINES = 20;
/** The maximal length of a result in characters. */
const MAX_RESULT = 100_000;
/** Milliseconds between two updates of the size shown. */
const PERIOD = 1_000;

export class OutputLimit implements HostOutput {
  readonly #given: HostOutput;
  readonly #cell: string;
  readonly #what: 'cell' | 'output';
  readonly #maxCharacters: number;
  readonly #linkId = randomUUID();
  #lines = 0;
  #characters = 0;
  #displayed = 0;
  /** The sizes of updatable displays by id, or the files that replaced them. */
  #named = new Map<string, number | string>();
  /** The output shown so far, until the cell ends. */
  #shown: string[] = [];
  #isFull = false;
  /** Whether the last lines weren't shown. */
  #endIsMissing = false;
  /** Also undefined if nothing can be written. */
  #files: OutputFiles | undefined;
  #ended = false;
  #isLinked = false;
  #nextLink = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param given the target of the output
   * @param cell `In[3]`
   * @param what how the link calls the output: that of a cell, or another one, which may end many times
   */
  constructor(given: HostOutput, cell: string, what: 'cell' | 'output' = 'cell') {
    this.#given = given;
    this.#cell = cell;
    this.#what = what;
    this.#maxCharacters = 1e6 * (Number(process.env.TF_MECHANICS_OUTPUT_LIMIT) || MEGABYTES);
  }

  stream(name: 'stdout' | 'stderr', text: string): void {
    if (this.#isFull) {
      this.#files?.print(text);
      this.#endIsMissing = true;
      this.#linkSoon();
      return;
    }
    const lines = countLines(text);
    const maxLines = Math.ceil((LINES * this.#maxCharacters) / 1e6);
    if (this.#lines + lines <= maxLines && this.#characters + text.length <= this.#maxCharacters) {
      this.#lines += lines;
      this.#characters += text.length;
      if (this.#files) this.#files.print(text);
      else if (!this.#ended) this.#shown.push(text);
      this.#given.stream(name, text);
      return;
    }
    const end = Math.min(endOfLine(text, maxLines - this.#lines), this.#maxCharacters - this.#characters);
    this.#given.stream(name, text.slice(0, end));
    this.#isFull = this.#endIsMissing = true;
    this.#open()?.print(text);
    this.#link();
  }

  display(data: MimeBundle, options: { displayId?: string; update?: boolean } = {}): void {
    const { displayId, update = false } = options;
    const before = displayId === undefined ? undefined : this.#named.get(displayId);
    const size = sizeOf(data);
    const grown = size - (update && typeof before === 'number' ? before : 0);
    if (this.#displayed + grown <= this.#maxCharacters) {
      this.#displayed += grown;
      if (displayId !== undefined) this.#named.set(displayId, size);
      this.#given.display(data, options);
      return;
    }
    const file = this.#open()?.display(data, update && typeof before === 'string' ? before : undefined);
    if (displayId !== undefined && file !== undefined) this.#named.set(displayId, file);
    // An updatable display is replaced by a link of its own; all others share one link.
    if (update && file)
      this.#given.display(linkTo(file, `… ${megabytes(size)} are more than a page can show:`), options);
    else this.#link();
  }

  clear(wait: boolean): void {
    this.#files?.remove();
    this.#files = undefined;
    this.#lines = this.#characters = this.#displayed = 0;
    this.#named.clear();
    this.#shown = [];
    this.#isFull = this.#isLinked = this.#endIsMissing = false;
    this.#given.clear(wait);
  }

  /** Shortens a result's text to its beginning and end. */
  result(data: MimeBundle): MimeBundle {
    const text = String(data['text/plain'] ?? '');
    const isText = Object.keys(data).every((type) => type === 'text/plain');
    if (isText ? text.length <= MAX_RESULT : sizeOf(data) <= this.#maxCharacters) return data;
    const files = this.#open();
    files?.display(data);
    files?.flush();
    this.#link();
    if (text.length <= MAX_RESULT) return { 'text/plain': text };
    const end = text.slice(-MAX_RESULT / 10);
    return { 'text/plain': `${text.slice(0, MAX_RESULT / 2)}\n… ${megabytes(text.length)} in all …\n${end}` };
  }

  /** Ends a cell's output. Background work may print more afterwards. */
  end(): void {
    if (this.#what === 'cell') {
      this.#ended = true;
      this.#shown = [];
    }
    if (this.#files) this.#link();
    if (!this.#endIsMissing) return;
    this.#endIsMissing = false;
    const last = this.#files?.end ?? '';
    const lines = last
      .split('\n')
      .slice(-LAST_LINES - 1)
      .join('\n');
    if (lines.trim() !== '') this.#given.stream('stdout', `…\n${lines}${lines.endsWith('\n') ? '' : '\n'}`);
  }

  /** Creates the files, beginning with what was shown. */
  #open(): OutputFiles | undefined {
    if (this.#files) return this.#files;
    this.#files = OutputFiles.make(this.#cell);
    for (const text of this.#shown.splice(0)) this.#files?.print(text);
    return this.#files;
  }

  /** Updates the size shown, now or within a second. */
  #linkSoon(): void {
    if (performance.now() >= this.#nextLink) this.#link();
    this.#timer ??= setTimeout(() => this.#link(), PERIOD).unref();
  }

  #link(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#nextLink = performance.now() + PERIOD;
    this.#files?.flush();
    this.#given.display(linkBundle(this.#what, this.#files), { displayId: this.#linkId, update: this.#isLinked });
    this.#isLinked = true;
  }
}

/** The link to everything that a cell, say, has printed and displayed. */
function linkBundle(what: string, files: OutputFiles | undefined): MimeBundle {
  const words = `… this ${what} shows more than a page can take.`;
  if (!files) return { 'text/plain': `${words} There is no room for a file with the rest.` };
  const { all, leftOut } = files.bytes;
  const left = leftOut > 0 ? `; the last ${megabytes(leftOut)} are left out` : '';
  const displays = files.displays.slice(-3);
  const more = files.displays.length > displays.length ? `${files.displays.length} displays, such as ` : '';
  const [plain, html] = [plainLink, htmlLink].map((link) => {
    const shown = displays.length > 0 ? ` Displayed: ${more}${displays.map(link).join(', ')}.` : '';
    return `All of it (${megabytes(all)}${left}): ${link(files.text)}.${shown}`;
  });
  return { 'text/plain': `${words} ${plain}`, 'text/html': `<div>${words} ${html}</div>` };
}

function linkTo(file: string, words: string): MimeBundle {
  return { 'text/plain': `${words} ${plainLink(file)}`, 'text/html': `<div>${words} ${htmlLink(file)}</div>` };
}

/** A file's path relative to the notebook's folder; undefined if it isn't below it. */
function below(file: string): string | undefined {
  const relative = path.relative(notebookFolder(), file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : relative.replaceAll('\\', '/');
}

const plainLink = (file: string) => below(file) ?? file;

/** Two links: JupyterLab opens the first in a tab; the second opens in the browser, which handles long texts better. */
function htmlLink(file: string): string {
  const url = below(file);
  if (url === undefined) return file;
  return `<a href="${encodeURI(url)}" target="_blank">${url}</a> (<a href="${encodeURI(url)}" download>download</a>)`;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** The approximate size of a bundle in characters. */
function sizeOf(data: MimeBundle): number {
  let size = 0;
  for (const form of Object.values(data)) {
    if (typeof form === 'string') size += form.length;
    else if (form instanceof Uint8Array) size += (form.byteLength * 4) / 3;
    else size += JSON.stringify(form)?.length ?? 0;
  }
  return size;
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** The offset at which a number of lines ends. */
function endOfLine(text: string, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}
