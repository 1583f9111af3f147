/**
 * npm run runtimes: installs other runtimes of JavaScript below .cache, and tries each with program.cjs; the tests try those that are there.
 *
 * npm run runtimes -- node@24 bun                        some of them
 * npm run runtimes -- node@26 -- lib/src/tf/session      runs tests with it; the arguments are vitest's
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed, names, tryWith } from './installed.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The npm packages of that name have scripts that put the program in its place. */
function install(name) {
  const { folder } = installed(name);
  if (existsSync(folder)) return;
  const npm = process.env.npm_execpath ?? '';
  const [command, ...args] = path.basename(npm).startsWith('npm') ? [process.execPath, npm] : ['npm'];
  const options = ['install', '--prefix', folder, '--no-save', '--ignore-scripts=false', name];
  if (spawnSync(command, [...args, ...options], { stdio: 'inherit' }).status !== 0) process.exit(1);
}

const end = process.argv.indexOf('--', 2);
const asked = process.argv.slice(2, end < 0 ? undefined : end);
for (const name of asked.length > 0 ? asked : names) {
  install(name);
  const { program } = installed(name);
  if (end < 0) {
    const { ok, output } = tryWith(program, path.join(root, 'lib'));
    console.log(`${name}: ${ok ? output.trim() : `fails\n${output}`}`);
    if (!ok) process.exitCode = 1;
  } else {
    const env = { ...process.env, PATH: `${path.dirname(program)}${path.delimiter}${process.env.PATH}` };
    const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const { status } = spawnSync(program, [vitest, 'run', ...process.argv.slice(end + 1)], { stdio: 'inherit', env });
    if (status !== 0) process.exitCode = status ?? 1;
  }
}
