/**
 * How much of a cell's output a page gets: a million lines, or pictures without end, block it for minutes. What is more goes to files, with what
 * came before; the page gets a link to them, and at the cell's end its last lines.
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { HostOutput, MimeBundle } from 'tf-mechanics/kernel-host';
import { notebookFolder } from '../notebookFolder';
import { OutputFiles } from './outputFiles';

/** So many megabytes a cell may print, and so many display, where the environment says nothing else. */
const MEGABYTES = 5;
/** And so many lines for each of them. */
const LINES = 10_000;
/** So many lines are shown of the end. */
const LAST_LINES = 20;
/** Of a result so many characters. */
const MAX_RESULT = 100_000;
/** Milliseconds between two looks at how much there is. */
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
  /** The sizes of what is displayed under a name, and the files that have taken the place of it. */
  #named = new Map<string, number | string>();
  /** What was printed and shown, until the cell ends. */
  #shown: string[] = [];
  #isFull = false;
  /** Whether the end of what was printed isn't shown. */
  #endIsMissing = false;
  /** Undefined where nothing can be written, too. */
  #files: OutputFiles | undefined;
  #ended = false;
  #isLinked = false;
  #nextLink = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param given takes what is shown
   * @param cell `In[3]`
   * @param what what it is to its reader: the output of a cell, or another one, which may come to an end many times
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
    // What stands in the page already gives way to a link; for the others there is one for all.
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

  /** What is shown of a cell's result: of too much text the beginning and the end. */
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

  /** Ends a cell's output; there may be more, of what it has begun. */
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

  /** Files that begin with what was shown. */
  #open(): OutputFiles | undefined {
    if (this.#files) return this.#files;
    this.#files = OutputFiles.make(this.#cell);
    for (const text of this.#shown.splice(0)) this.#files?.print(text);
    return this.#files;
  }

  /** Says how much there is by now, at once or with what comes in the next second. */
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

/** The link to all that a cell, say, has printed and displayed. */
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

/** A file as the page links to it, from the notebook's folder; undefined where it isn't below it. */
function below(file: string): string | undefined {
  const relative = path.relative(notebookFolder(), file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : relative.replaceAll('\\', '/');
}

const plainLink = (file: string) => below(file) ?? file;

/** By the first, JupyterLab opens a tab; a browser does better with what is very long. */
function htmlLink(file: string): string {
  const url = below(file);
  if (url === undefined) return file;
  return `<a href="${encodeURI(url)}" target="_blank">${url}</a> (<a href="${encodeURI(url)}" download>download</a>)`;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** About so many characters a bundle has in a message. */
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

/** Where in a text a number of lines end. */
function endOfLine(text: string, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}
