/**
 * The source map next to a compiled file, decoded section by section on demand: the library's bundles have maps of a
 * megabyte.
 */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import type { Position } from '../language/cellMap';

/** A module's section of a bundle, from a line on. */
interface Section {
  readonly offset: { readonly line: number };
  readonly map: ConstructorParameters<typeof SourceMap>[0];
}

export class FileMap {
  readonly #file: string;
  readonly #sections: readonly Section[];
  readonly #decoded = new Map<Section, SourceMap>();

  private constructor(file: string, sections: readonly Section[]) {
    this.#file = file;
    this.#sections = sections;
  }

  /** The map next to a file; undefined where there is none. */
  static of(file: string): FileMap | undefined {
    const beside = `${file}.map`;
    if (!existsSync(beside)) return undefined;
    const map: Section['map'] & { readonly sections?: readonly Section[] } = JSON.parse(readFileSync(beside, 'utf8'));
    return new FileMap(file, map.sections ?? [{ offset: { line: 0 }, map }]);
  }

  /** Maps a place in the file (counted from 1) to its source. */
  original({ line, column }: Position): { file: string; line: number; column: number } | undefined {
    const section = this.#sections.filter(({ offset }) => offset.line < line).at(-1);
    if (!section) return undefined;
    const map = this.#decoded.get(section) ?? new SourceMap(section.map);
    this.#decoded.set(section, map);
    const entry = map.findEntry(line - 1 - section.offset.line, column - 1);
    if (!('originalLine' in entry)) return undefined;
    return {
      file: path.resolve(path.dirname(this.#file), entry.originalSource),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
    };
  }
}
