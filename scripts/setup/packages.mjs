/** Installs the npm packages of package-lock.json. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CommandError, excerpt, run, SetupError } from '../../lib/setup/command.mjs';
import { inRoot, log, root } from './paths.mjs';

/** npm's own record of the installation, written last, so that it is missing after an interruption. */
const record = inRoot('node_modules', '.package-lock.json');

export const packages = {
  name: 'packages',

  needed() {
    if (!existsSync(record)) return 'not installed yet';
    const wanted = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
    return difference(wanted, JSON.parse(readFileSync(record, 'utf8')));
  },

  async run() {
    const npm = process.env.npm_execpath ?? '';
    const [command, ...args] = path.basename(npm).startsWith('npm') ? [process.execPath, npm] : ['npm'];
    try {
      // Includes packages for development, which build and test the library, even if NODE_ENV is production.
      await run(command, [...args, 'ci', '--include=dev'], { label: 'npm ci', cwd: root });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(`npm ci failed:\n${excerpt(error, log('npm-ci.log'))}`);
    }
  },
};

/** Why the installed packages differ from the lock file; undefined if they don't. */
export function difference(lock, installed) {
  const wanted = lock.packages;
  const present = installed.packages;
  const name = (key) => key.replace(/^.*node_modules\//, '');
  for (const [key, { version, integrity, optional, devOptional }] of Object.entries(wanted)) {
    if (!key.includes('node_modules/')) continue; // the workspaces themselves
    const found = present[key];
    if (!found && !optional && !devOptional) return `${name(key)} is missing`;
    if (found && (found.version !== version || found.integrity !== integrity)) return `${name(key)} has changed`;
  }
  const extra = Object.keys(present).find((key) => !(key in wanted));
  return extra && `${name(extra)} is not wanted any more`;
}
