/** Where a project's modules lie, and in which language they are. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** What is compiled before it runs. */
export const TYPESCRIPT = ['.ts', '.tsx', '.mts', '.cts'] as const;

/** Whether a file may change while the notebook runs: a local one, or one of a package that is linked and not installed. */
export function isUnderDevelopment(file: string): boolean {
  return !file.split(path.sep).includes('node_modules');
}

/** The folder of the package that a file is of. */
export function packageOf(file: string): string {
  let folder = path.dirname(file);
  while (!existsSync(path.join(folder, 'package.json')) && folder !== path.dirname(folder))
    folder = path.dirname(folder);
  return folder;
}

/** Of packages, by name, those that a folder has not in reach. */
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

/** Whether the package that a file is of says which of its files are whose. */
export function hasExports(file: string): boolean {
  return 'exports' in description(file);
}

/** The `package.json` of the package that a file is of; empty where there is none, or one that Node will object to. */
export function description(file: string): { readonly type?: unknown; readonly exports?: unknown } {
  try {
    return JSON.parse(readFileSync(path.join(packageOf(file), 'package.json'), 'utf8'));
  } catch {
    return {};
  }
}
