/** Locates a project's modules and packages and determines their languages. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Extensions of files that are compiled before they run. */
export const TYPESCRIPT = ['.ts', '.tsx', '.mts', '.cts'] as const;

/**
 * Whether a file may change while the notebook runs: it is local, or belongs to a linked rather than installed package.
 */
export function isUnderDevelopment(file: string): boolean {
  return !file.split(path.sep).includes('node_modules');
}

/** The folder of the package that contains a file. */
export function packageOf(file: string): string {
  let folder = path.dirname(file);
  while (!existsSync(path.join(folder, 'package.json')) && folder !== path.dirname(folder))
    folder = path.dirname(folder);
  return folder;
}

/** Those of some packages (by name) that can't be resolved from a folder. */
export function missingPackages(directory: string, packages: Readonly<Record<string, string>>): Record<string, string> {
  const { resolve } = createRequire(path.join(directory, 'cell.js'));
  const isMissing = (name: string) => {
    try {
      resolve(name);
      return false;
    } catch {
      return true;
    }
  };
  return Object.fromEntries(Object.entries(packages).filter(([name]) => isMissing(name)));
}

/** Whether the package of a file defines `exports`. */
export function hasExports(file: string): boolean {
  return 'exports' in description(file);
}

/** The `package.json` of the package that contains a file; empty if it is missing or invalid. */
export function description(file: string): { readonly type?: unknown; readonly exports?: unknown } {
  try {
    return JSON.parse(readFileSync(path.join(packageOf(file), 'package.json'), 'utf8'));
  } catch {
    return {};
  }
}
