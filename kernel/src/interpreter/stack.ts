/** Stack traces whose places are lines of cells as they were written, not of what was compiled from them. */
import { SourceMap } from 'node:module';
import path from 'node:path';
import { CellMap, type CellMaps, type Position } from '../language/cellMap';
import { FileMap } from './fileMap';

interface RunCell {
  readonly source: string;
  /** What was compiled from it. */
  readonly code: string | undefined;
  readonly map: CellMap | undefined;
}

const inCell = /(In\[\d+\]):(\d+):(\d+)/;

/** One line of a stack trace. */
export interface Frame {
  /** The function, or '' outside of any. */
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
 * A message of V8's with names as cells have them: it quotes the code that runs, in which `f` of another cell is `exports.f`, and one of a
 * module `module_1.f`.
 *
 * @param text the message, or what ends with it
 */
export function asWritten(name: string, text: string): string {
  // Of a function that can't be cloned the code is quoted, with what the kernel has added, or a part of that.
  if (name === 'DataCloneError') return text.replace(/\{.*\}(?= could not be cloned)/s, '{ … }');
  if (!['TypeError', 'ReferenceError'].includes(name) || !quotesCode.test(text)) return text;
  return text.replace(/\(0 , [\w$]+\.([\w$]+)\)/g, '$1').replace(/\b(?:exports|[\w$]+_\d+)\.(?=[\w$])/g, '');
}

/**
 * A line of a stack trace with the name of its function as cells have it. V8 names a function without a name by what it was assigned to:
 * one of another cell, or of the object that is a cell's result, by a property of the kernel's. What another cell calls is a method of the object of
 * all variables to it.
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

/** Gives an error another message, also where its class has none but to be read. */
function tellOtherwise(error: Error, message: string): void {
  Object.defineProperty(error, 'message', { value: message, configurable: true, writable: true });
}

const quotesCode = / is not (a function|a constructor|iterable|async iterable)|Cannot destructure /;

/** What stack traces are told by: the cells that have run, and the maps of files that were compiled. */
export class StackTraces {
  readonly #isVariable: (name: string) => boolean;
  readonly #cells = new Map<string, RunCell>();
  /** The maps of modules that the kernel has compiled, decoded when they are needed. */
  readonly #modules = new Map<string, string | SourceMap>();
  readonly #maps = new Map<string, FileMap | undefined>();

  /** @param isVariable whether cells have a variable of a name */
  constructor(isVariable: (name: string) => boolean) {
    this.#isVariable = isVariable;
  }

  /** Makes a cell's lines known. */
  register(
    name: string,
    { source, code, maps }: { source: string; code: string | undefined; maps: CellMaps | undefined },
  ): void {
    this.#cells.set(name, { source, code, map: maps && new CellMap(maps) });
  }

  /** Makes a compiled module's lines known. */
  registerModule(file: string, map: string): void {
    this.#modules.set(file, map);
  }

  /** Whether a file is a cell that has run. */
  isCell(file: string): boolean {
    return this.#cells.has(file);
  }

  /** Gives the message of an error that code of cells or of modules has caught the names as they were written; the same error. */
  tell<T>(caught: T): T {
    if (!(caught instanceof Error)) return caught;
    const { name, message } = caught;
    const written = asWritten(name, message);
    if (written === message) return caught;
    const [frame] = this.framesOf(caught);
    if (frame && (this.isCell(frame.file) || this.#modules.has(frame.file))) tellOtherwise(caught, written);
    return caught;
  }

  /** The text of a cell that has run. */
  sourceOf(name: string): string | undefined {
    return this.#cells.get(name)?.source;
  }

  /**
   * Has every stack trace of this process name the places in cells by their own lines, and leave out the kernel's. A trace through a cell
   * ends with it: what called the cell is the kernel.
   *
   * @returns what undoes it
   */
  install(): () => void {
    const { prepareStackTrace, stackTraceLimit } = Error;
    Error.prepareStackTrace = (error, sites) => this.#format(error, sites);
    // A reader wants to see the own line, which may stand far below the library's.
    Error.stackTraceLimit = 50;
    return () => void Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }

  /** The frames of an error that a reader can do something with: the kernel's own and Node's are left out. */
  framesOf(error: Error): Frame[] {
    const lines = String(error.stack ?? '').split('\n');
    return lines.flatMap((line, at) => {
      // Of a script that can't be parsed Node tells the place above its message.
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
      header = Error.prototype.toString.call(error); // also what `captureStackTrace` is given, which need not be an error
    } catch {
      header = 'Error';
    }
    const lines = sites.map((site) => this.#describe(site));
    const lastOfCell = lines.map((line) => line?.isCell).lastIndexOf(true);
    const shown = lastOfCell < 0 ? lines : lines.slice(0, lastOfCell + 1).filter((line) => !line?.isKernel);
    if (lines[0]?.isCell) header = asWritten(error.name, header);
    return [header, ...shown.flatMap((line) => line?.text ?? [])].join('\n');
  }

  /** A line of a stack trace; undefined for the place where the kernel calls a cell, and for what the compiler has put into one. */
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
    if (cell.map && !original) return undefined; // a helper of the compiler's
    const placed = original ? text.replace(place, `${name}:${original.line}:${original.column}`) : text;
    return {
      text: `    at ${calledAsWritten(placed, this.#isVariable)}`,
      isCell: true,
      isKernel: false,
    };
  }

  /** A line of a stack trace with the place in the module's own text, where the kernel has compiled it. */
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

  /** The place in the source from which a file was compiled, where a map lies beside the file. */
  #sourcePlace(file: string, position: Position): { file: string; line: number; column: number } | undefined {
    if (!this.#maps.has(file)) this.#maps.set(file, FileMap.of(file));
    return this.#maps.get(file)?.original(position);
  }
}
