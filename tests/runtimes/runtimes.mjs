/**
 * npm run runtimes: installs other runtimes of JavaScript below .cache, and tries each with program.cjs; the tests try those that are there.
 *
 * npm run runtimes -- node@24 bun                        some of node@22, node@24, node@26, bun and deno, or other versions of them
 * npm run runtimes -- node@26 -- lib/src/tf/session      runs tests with it; the arguments are vitest's
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../../scripts/commandLine.mjs';
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

const { asked, tests } = commandLine(import.meta.url, {
  allowPositionals: true,
  check({ tokens, positionals }) {
    const terminator = tokens.find(({ kind }) => kind === 'option-terminator')?.index ?? Infinity;
    const asked = tokens
      .filter(({ kind, index }) => kind === 'positional' && index < terminator)
      .map(({ value }) => value);
    const unknown = asked.find((name) => !/^(node|bun|deno)(@[\w.-]+)?$/.test(name));
    if (unknown !== undefined) throw new Error(`'${unknown}' is no runtime; there are ${names.join(', ')}`);
    return { asked, tests: terminator < Infinity ? positionals.slice(asked.length) : undefined };
  },
});
for (const name of asked.length > 0 ? asked : names) {
  install(name);
  const { program } = installed(name);
  if (tests === undefined) {
    const { ok, output } = tryWith(program, path.join(root, 'lib'));
    console.log(`${name}: ${ok ? output.trim() : `fails\n${output}`}`);
    if (!ok) process.exitCode = 1;
  } else {
    const env = { ...process.env, PATH: `${path.dirname(program)}${path.delimiter}${process.env.PATH}` };
    const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const { status } = spawnSync(program, [vitest, 'run', ...tests], { stdio: 'inherit', env });
    if (status !== 0) process.exitCode = status ?? 1;
  }
}
