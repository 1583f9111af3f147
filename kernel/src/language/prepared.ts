/**
 * Engines prepared in advance. A snapshot contains an engine that has read all declarations and compiled cells in the
 * folder it was built for, so a first cell is as fast as a later one.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageOf } from '../projectFiles';
import { forTslab } from './compiler';
import { cellOptions, type KnownPackages, LanguageEngine } from './engine';
import { taps } from './tslab';

interface Prepared {
  readonly engine: LanguageEngine;
  /** What it was prepared for. */
  readonly purpose: string;
  /**
   * The `package.json` files that it has read, to detect updates. Installed packages are replaced as a whole; files
   * under development are checked by the first cell that imports something, as by later ones.
   */
  readonly packages: ReadonlyMap<string, string>;
}

let prepared: Prepared | undefined;

/** Cells to compile in advance: the most common import, and small cells whose constructs most others share. */
const REHEARSED = ["import { } from 'tf-mechanics';", 'const one = 1;', '1 + 1'];

/** Prepares an engine. */
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

/** The engine prepared for a folder; undefined if there is none, or if a package that it has read was updated. */
export function preparedEngine(directory: string, packages: KnownPackages): LanguageEngine | undefined {
  if (!prepared) return undefined;
  const { engine, purpose, packages: read } = prepared;
  prepared = undefined;
  const isFit = purpose === purposeOf(directory, packages);
  if (isFit && [...read].every(([file, text]) => textOf(file) === text)) {
    // TypeScript caches `package.json` contents for the life of a process.
    taps.resolver!.cache.clear();
    return engine;
  }
  engine.close();
  return undefined;
}

const purposeOf = (directory: string, packages: KnownPackages) =>
  JSON.stringify([directory, packages, cellOptions(directory, packages), forTslab.getDefaultTypeRoots(directory)]);

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
