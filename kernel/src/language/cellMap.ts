/** From a place in the JavaScript that runs back to the cell's own line. */
import { SourceMap } from 'node:module';
import type { Edited } from './tslab';

/** A place in a text; line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A cell is compiled in two stages, to a JavaScript module and to CommonJS; the module is edited in between. */
export class CellMap {
  readonly #toModule: () => SourceMap;
  readonly #insertions: Edited['insertions'];
  readonly #toCell: () => SourceMap;

  /**
   * @param toModule the source map from CommonJS to the module
   * @param insertions what was put into the module
   * @param toCell the source map from the module to the cell
   */
  constructor(toModule: string, insertions: Edited['insertions'], toCell: string) {
    this.#toModule = decoded(toModule);
    this.#insertions = insertions;
    this.#toCell = decoded(toCell);
  }

  /** The place in the cell, or undefined for code that the compiler added. */
  original({ line, column }: Position): Position | undefined {
    const inModule = find(this.#toModule(), line - 1, column - 1);
    if (!inModule) return undefined;
    const before = this.#insertions.filter(
      (insert) => insert.line === inModule.line && insert.column < inModule.column,
    );
    const inserted = before.reduce((sum, { length }) => sum + length, 0);
    const inCell = find(this.#toCell(), inModule.line, inModule.column - inserted);
    // tslab puts a line before the cell's first, so a line counted from 0 is the cell's counted from 1.
    return inCell && inCell.line > 0 ? { line: inCell.line, column: inCell.column + 1 } : undefined;
  }
}

/** A source map that is decoded when it is needed: few cells fail, and decoded it takes many times as much memory. */
function decoded(map: string): () => SourceMap {
  let made: SourceMap | undefined;
  return () => {
    made ??= new SourceMap(JSON.parse(map));
    return made;
  };
}

/** Both places count from 0. */
function find(map: SourceMap, line: number, column: number): Position | undefined {
  const entry = map.findEntry(line, column);
  return 'originalLine' in entry ? { line: entry.originalLine, column: entry.originalColumn } : undefined;
}
