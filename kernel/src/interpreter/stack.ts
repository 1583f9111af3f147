/** Maps stack traces from compiled code to the lines of cells as written. */
import { SourceMap } from 'node:module';
import path from 'node:path';
import { CellMap, type CellMaps, type Position } from '../language/cellMap';
import { FileMap } from './fileMap';

interface RunCell {
  readonly source: string;
  /** The compiled code. */
  readonly code: string | undefined;
  readonly map: CellMap | undefined;
}

const inCell = /(In\[\d+\]):(\d+):(\d+)/;

/** One line of a stack trace. */
export interface Frame {
  /** The function's name; '' at the top level. */
  readonly name: string;
  /** The cell or the file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const framePattern = /^\s+at (?:async )?(?:(.*) \()?((?:In\[\d+\]|\/|[A-Za-z]:\\|file:).*?):(\d+):(\d+)\)?$/;

const brokenPattern = /^(In\[\d+\]|(?:\/|[A-Za-z]:\\|file:).*):(\d+)$/;

const kernelFolder = path.join(__dirname, '..') + path.sep;
const isOurs = (file: string) =>
  file.startsWith(kernelFolder) || /[\\/]node_modules[\\/](tslab|@tslab)[\\/]/.test(file);

/**
 * A V8 message with names as written in cells. V8 quotes the running code, where another cell's `f` is `exports.f` and
 * an imported one `module_1.f`.
 *
 * @param text the message, or a text that ends with it
 */
export function asWritten(name: string, text: string): string {
  // The message quotes a function that can't be cloned, including the kernel's additions.
  if (name === 'DataCloneError') return text.replace(/\{.*\}(?= could not be cloned)/s, '{ … }');
  if (!['TypeError', 'ReferenceError'].includes(name) || !quotesCode.test(text)) return text;
  return text.replace(/\(0 , [\w$]+\.([\w$]+)\)/g, '$1').replace(/\b(?:exports|[\w$]+_\d+)\.(?=[\w$])/g, '');
}

/**
 * A stack line with the function's name as written in cells. V8 names an anonymous function after the property that it
 * was assigned to, which may be internal to the kernel; functions of other cells appear as methods of the object of all
 * variables.
 */
function calledAsWritten(line: string, isVariable: (name: string) => boolean): string {
  const [, called, place] = /^(.*) \((.*)\)$/.exec(line) ?? [];
  if (called === undefined || place === undefined) return line;
  const written = called
    .replace(/\b(?:exports|tsLastExpr\d*)(?:\.|(?= |$))/g, '')
    .replace(/^((?:async )?)Object\.([\w$]+)$/, (whole, async, name) => (isVariable(name) ? async + name : whole))
    .trim();
  return /^(?:async)?$/.test(written) ? `${written} ${place}`.trim() : `${written} (${place})`;
}

/** Replaces an error's message, even if its class only defines a getter. */
function tellOtherwise(error: Error, message: string): void {
  Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true });
}

const quotesCode = / is not (a function|a constructor|iterable|async iterable)|Cannot destructure /;

/** Data for mapping stack traces: the executed cells and the source maps of compiled files. */
export class StackTraces {
  readonly #isVariable: (name: string) => boolean;
  readonly #cells = new Map<string, RunCell>();
  /** Source maps of modules compiled by the kernel, decoded on demand. */
  readonly #modules = new Map<string, string | SourceMap>();
  readonly #maps = new Map<string, FileMap | undefined>();

  /** @param isVariable whether cells have a variable of this name */
  constructor(isVariable: (name: string) => boolean) {
    this.#isVariable = isVariable;
  }

  /** Registers a cell's lines. */
  register(
    name: string,
    { source, code, maps }: { source: string; code: string | undefined; maps: CellMaps | undefined },
  ): void {
    this.#cells.set(name, { source, code, map: maps && new CellMap(maps) });
  }

  /** Registers a compiled module's source map. */
  registerModule(file: string, map: string): void {
    this.#modules.set(file, map);
  }

  /** Whether a file is an executed cell. */
  isCell(file: string): boolean {
    return this.#cells.has(file);
  }

  /** Restores names as written in the message of a caught error; returns the same error. */
  tell<T>(caught: T): T {
    if (!(caught instanceof Error)) return caught;
    const { name, message } = caught;
    const written = asWritten(name, message);
    if (written === message) return caught;
    const [frame] = this.framesOf(caught);
    if (frame && (this.isCell(frame.file) || this.#modules.has(frame.file))) tellOtherwise(caught, written);
    return caught;
  }

  /** The text of an executed cell. */
  sourceOf(name: string): string | undefined {
    return this.#cells.get(name)?.source;
  }

  /**
   * Makes all stack traces of this process refer to the lines of cells as written, omit the kernel's frames, and end at
   * the outermost cell.
   *
   * @returns a function that undoes it
   */
  install(): () => void {
    const { prepareStackTrace, stackTraceLimit } = Error;
    Error.prepareStackTrace = (error, sites) => this.#format(error, sites);
    // The user's own line may lie far below the library's frames.
    Error.stackTraceLimit = 50;
    return () => void Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }

  /** An error's frames, without those of the kernel and Node. */
  framesOf(error: Error): Frame[] {
    const lines = String(error.stack ?? '').split('\n');
    return lines.flatMap((line, at) => {
      // For syntax errors, Node prints the place above the message.
      const [, script, number] = (at === 0 && error.name === 'SyntaxError' && brokenPattern.exec(line)) || [];
      if (script) {
        const broken = { line: Number(number), column: (lines[2]?.indexOf('^') ?? 0) + 1 };
        return [{ name: '', file: script, ...broken, ...this.#cells.get(script)?.map?.original(broken) }];
      }
      const match = framePattern.exec(line);
      if (!match) return [];
      const [, name = '', file = '', lineNumber, column] = match;
      if (isOurs(file)) return [];
      const place = { line: Number(lineNumber), column: Number(column) };
      return [{ name, ...(this.#sourcePlace(file, place) ?? { file, ...place }) }];
    });
  }

  #format(error: Error, sites: NodeJS.CallSite[]): string {
    let header: string;
    try {
      header = Error.prototype.toString.call(error); // `captureStackTrace` also accepts objects that aren't errors
    } catch {
      header = 'Error';
    }
    const lines = sites.map((site) => this.#describe(site));
    const lastOfCell = lines.map((line) => line?.isCell).lastIndexOf(true);
    const shown = lastOfCell < 0 ? lines : lines.slice(0, lastOfCell + 1).filter((line) => !line?.isKernel);
    if (lines[0]?.isCell) header = asWritten(error.name, header);
    return [header, ...shown.flatMap((line) => line?.text ?? [])].join('\n');
  }

  /** Formats a stack line; undefined for the kernel's call of a cell and for code inserted by the compiler. */
  #describe(site: NodeJS.CallSite): { text: string; isCell: boolean; isKernel: boolean } | undefined {
    const text = String(site);
    const [place, name = '', line, column] = inCell.exec(text) ?? [];
    const cell = this.#cells.get(name);
    if (!place || !cell) {
      const file = site.getFileName() ?? '';
      return { text: `    at ${this.#inModule(text, file)}`, isCell: false, isKernel: isOurs(file) };
    }
    const position = { line: Number(line), column: Number(column) };
    if (position.line > (cell.code ?? '').split('\n').length) return undefined;
    const original = cell.map?.original(position);
    if (cell.map && !original) return undefined; // a helper of the compiler
    const placed = original ? text.replace(place, `${name}:${original.line}:${original.column}`) : text;
    return {
      text: `    at ${calledAsWritten(placed, this.#isVariable)}`,
      isCell: true,
      isKernel: false,
    };
  }

  /** A stack line with the place in the module's source, if the kernel compiled it. */
  #inModule(text: string, file: string): string {
    const known = this.#modules.get(file);
    if (known === undefined) return text;
    const map = typeof known === 'string' ? new SourceMap(JSON.parse(known)) : known;
    this.#modules.set(file, map);
    return text.replace(/:(\d+):(\d+)(?=\)?$)/, (place, line, column) => {
      const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
      return 'originalLine' in entry ? `:${entry.originalLine + 1}:${entry.originalColumn + 1}` : place;
    });
  }

  /** The place in the source of a compiled file that has a source map next to it. */
  #sourcePlace(file: string, position: Position): { file: string; line: number; column: number } | undefined {
    if (!this.#maps.has(file)) this.#maps.set(file, FileMap.of(file));
    return this.#maps.get(file)?.original(position);
  }
}
