/** Maps places in the executed JavaScript to the cell's lines. */
import { SourceMap } from 'node:module';
import type { Edited } from './tslab';

/** A place in a text; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The offset between places in the code and in the module; the column offset applies to the first line. */
export interface Shift {
  readonly lines: number;
  readonly columns: number;
}

/** The source maps of a compiled cell. */
export interface CellMaps {
  /** From CommonJS to the module: a source map, or a constant offset. */
  readonly toModule: string | Shift;
  /** Text inserted into the module. */
  readonly insertions: Edited['insertions'];
  /** The source map from the module to the cell. */
  readonly toCell: string;
}

/** A cell is compiled in two stages: to a JavaScript module, which is then edited, and to CommonJS. */
export class CellMap {
  readonly #toModule: Places;
  readonly #insertions: Edited['insertions'];
  readonly #toCell: Places;

  constructor({ toModule, insertions, toCell }: CellMaps) {
    this.#toModule = typeof toModule === 'string' ? placesOf(toModule) : shifted(toModule);
    this.#insertions = insertions;
    this.#toCell = placesOf(toCell);
  }

  /** The place in the cell; undefined for code that the compiler inserted. */
  original({ line, column }: Position): Position | undefined {
    const inModule = this.#toModule(line - 1, column - 1);
    if (!inModule) return undefined;
    const before = this.#insertions.filter(
      (insert) => insert.line === inModule.line && insert.column < inModule.column,
    );
    const inserted = before.reduce((sum, { length }) => sum + length, 0);
    const inCell = this.#toCell(inModule.line, inModule.column - inserted);
    // tslab inserts a line before the cell, so its 0-based line number is the cell's 1-based one.
    return inCell && inCell.line > 0 ? { line: inCell.line, column: inCell.column + 1 } : undefined;
  }
}

/** Maps a 0-based place to its origin. */
type Places = (line: number, column: number) => Position | undefined;

/** A mapping by a source map, decoded on first use: few cells fail, and a decoded map takes many times the memory. */
function placesOf(map: string): Places {
  let made: SourceMap | undefined;
  return (line, column) => {
    made ??= new SourceMap(JSON.parse(map));
    const entry = made.findEntry(line, column);
    return 'originalLine' in entry ? { line: entry.originalLine, column: entry.originalColumn } : undefined;
  };
}

function shifted({ lines, columns }: Shift): Places {
  return (line, column) => {
    const inModule = line + lines;
    return inModule < 0 ? undefined : { line: inModule, column: inModule === 0 ? column + columns : column };
  };
}
