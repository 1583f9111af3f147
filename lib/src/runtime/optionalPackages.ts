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

/** The optional packages, with their supported versions. */
export function optionalPackages(): Record<string, string> {
  return manifest(path.join(__dirname, '..', '..', 'package.json')).peerDependencies;
}

/** The installed version of a package; undefined if it isn't installed. */
export function installedVersion(name: string): string | undefined {
  return isInstalled(name) ? manifest(resolve(`${name}/package.json`)).version : undefined;
}

/**
 * Checks that packages are installed, before they are loaded.
 *
 * @param purpose what needs them, as the subject of a sentence: `a still picture of a figure`
 * @throws {FailedPreconditionError} when one isn't installed, with the command that installs all missing ones
 */
export function needPackages(purpose: string, ...names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const [are, them] = missing.length > 1 ? ['are', 'them'] : ['is', 'it'];
  throw new FailedPreconditionError(
    `${purpose} needs ${missing.join(', ')}, which ${are} not installed; install ${them} by: ${installCommand(...missing)}`,
  );
}

/** The command that installs packages, with versions, because the newest ones may not be supported. */
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
