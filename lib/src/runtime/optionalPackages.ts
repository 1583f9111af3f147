/**
 * Packages that only some of the library needs, and that who wants it installs: the optional peers of its package.json.
 * Each is loaded where it is needed, never when the library is imported.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { FailedPreconditionError } from './errors';

const { resolve } = createRequire(__filename);

/**
 * Makes sure that packages are there before they are loaded.
 *
 * @param purpose what needs them, as the subject of a sentence: `a still picture of a figure`
 * @throws {FailedPreconditionError} when one isn't installed, with the command that installs all that are missing
 */
export function needPackages(purpose: string, ...names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const [are, them] = missing.length > 1 ? ['are', 'them'] : ['is', 'it'];
  const { peerDependencies } = JSON.parse(readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8'));
  // With versions: the newest may be none that the library works with.
  const wanted = missing.map((name) => `${name}@${peerDependencies[name].replace('^', '')}`);
  throw new FailedPreconditionError(
    `${purpose} needs ${missing.join(', ')}, which ${are} not installed; install ${them} by: npm install ${wanted.join(' ')}`,
  );
}

function isInstalled(name: string): boolean {
  try {
    resolve(`${name}/package.json`);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND';
  }
}
