/**
 * An engine that was made before it is asked for: what a snapshot has of the compiler is one that has read all declarations, and has compiled
 * cells of the folder for which it was made. So it is as ready for a first cell as for a later one.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageOf } from '../projectFiles';
import { forTslab } from './compiler';
import { cellOptions, type KnownPackages, LanguageEngine } from './engine';
import { taps } from './tslab';

interface Prepared {
  readonly engine: LanguageEngine;
  /** For what it was made. */
  readonly purpose: string;
  /**
   * What the packages say of themselves that it has read. Installed ones are replaced as a whole; of what is under development each file is looked
   * at by the first cell that imports something, as by later ones.
   */
  readonly packages: ReadonlyMap<string, string>;
}

let prepared: Prepared | undefined;

/** What most notebooks import, and small cells, of which all others take a part. */
const REHEARSED = ["import { } from 'tf-mechanics';", 'const one = 1;', '1 + 1'];

/** Makes one. */
export function prepareEngine(directory: string, packages: KnownPackages): LanguageEngine {
  const engine = new LanguageEngine(directory, packages);
  for (const cell of REHEARSED) engine.rehearse(cell);
  const files = taps.tapped.program?.getSourceFiles() ?? [];
  const descriptions = new Set(files.map(({ fileName }) => path.join(packageOf(fileName), 'package.json')));
  prepared = {
    engine,
    purpose: purposeOf(directory, packages),
    packages: new Map([...descriptions].map((file) => [file, textOf(file)])),
  };
  return engine;
}

/** The one that was made for a folder; undefined where that is none, or another version of what it has read is there. */
export function preparedEngine(directory: string, packages: KnownPackages): LanguageEngine | undefined {
  if (!prepared) return undefined;
  const { engine, purpose, packages: read } = prepared;
  prepared = undefined;
  const isFit = purpose === purposeOf(directory, packages);
  if (isFit && [...read].every(([file, text]) => textOf(file) === text)) {
    // What packages say of themselves is remembered as long as a process lives, and no longer.
    taps.resolver!.cache.clear();
    return engine;
  }
  engine.close();
  return undefined;
}

const purposeOf = (directory: string, packages: KnownPackages) =>
  JSON.stringify([directory, packages, cellOptions(directory, packages), forTslab.getDefaultTypeRoots(directory)]);

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
