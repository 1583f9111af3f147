/** From a place in the JavaScript that runs back to the cell's own line. */
import { SourceMap } from 'node:module';
import type { Edited } from './tslab';

/** A place in a text; line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** By how much places of a module stand elsewhere than those of the code; by the columns those of its first line. */
export interface Shift {
  readonly lines: number;
  readonly columns: number;
}

/** What the compiler tells of the places of a cell. */
export interface CellMaps {
  /** The source map from CommonJS to the module, or how the one's places are the other's. */
  readonly toModule: string | Shift;
  /** What was put into the module. */
  readonly insertions: Edited['insertions'];
  /** The source map from the module to the cell. */
  readonly toCell: string;
}

/** A cell is compiled in two stages, to a JavaScript module and to CommonJS; the module is edited in between. */
export class CellMap {
  readonly #toModule: Places;
  readonly #insertions: Edited['insertions'];
  readonly #toCell: Places;

  constructor({ toModule, insertions, toCell }: CellMaps) {
    this.#toModule = typeof toModule === 'string' ? placesOf(toModule) : shifted(toModule);
    this.#insertions = insertions;
    this.#toCell = placesOf(toCell);
  }

  /** The place in the cell, or undefined for code that the compiler added. */
  original({ line, column }: Position): Position | undefined {
    const inModule = this.#toModule(line - 1, column - 1);
    if (!inModule) return undefined;
    const before = this.#insertions.filter(
      (insert) => insert.line === inModule.line && insert.column < inModule.column,
    );
    const inserted = before.reduce((sum, { length }) => sum + length, 0);
    const inCell = this.#toCell(inModule.line, inModule.column - inserted);
    // tslab puts a line before the cell's first, so a line counted from 0 is the cell's counted from 1.
    return inCell && inCell.line > 0 ? { line: inCell.line, column: inCell.column + 1 } : undefined;
  }
}

/** The place that another one comes from; both count from 0. */
type Places = (line: number, column: number) => Position | undefined;

/** By a source map that is decoded when it is needed: few cells fail, and decoded it takes many times as much memory. */
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
