/**
 * Optional packages: the optional peer dependencies of package.json. Each is loaded on first use, never when the
 * library is imported.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { FailedPreconditionError } from './errors';

const { resolve } = createRequire(__filename);
const manifest = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** The optional packages, each with the versions of it that will do. */
export function optionalPackages(): Record<string, string> {
  return manifest(path.join(__dirname, '..', '..', 'package.json')).peerDependencies;
}

/** The version of a package that is installed; undefined where it isn't. */
export function installedVersion(name: string): string | undefined {
  return isInstalled(name) ? manifest(resolve(`${name}/package.json`)).version : undefined;
}

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
  throw new FailedPreconditionError(
    `${purpose} needs ${missing.join(', ')}, which ${are} not installed; install ${them} by: ${installCommand(...missing)}`,
  );
}

/** The command that installs packages, with versions: the newest may be none that the library works with. */
export function installCommand(...names: readonly string[]): string {
  const versions = optionalPackages();
  return `npm install ${names.map((name) => `${name}@${versions[name]!.replace('^', '')}`).join(' ')}`;
}

function isInstalled(name: string): boolean {
  try {
    resolve(`${name}/package.json`);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND';
  }
}
