/** The runtimes of JavaScript that the library is tried with, each in a folder of its own below .cache. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../.cache/runtimes', import.meta.url));
const script = fileURLToPath(new URL('program.cjs', import.meta.url));

export const names = ['node@22', 'node@24', 'node@26', 'bun', 'deno'];

/** Where a runtime is, or would be. */
export function installed(name) {
  const folder = path.join(cache, name);
  const [command] = name.split('@');
  const bin = command === 'node' ? path.join('node', 'bin') : '.bin';
  return { folder, program: path.join(folder, 'node_modules', bin, command) };
}

/** Tries a runtime with program.cjs. */
export function tryWith(program, library) {
  const options = path.basename(program) === 'deno' ? ['run', '-A'] : [];
  const { status, stdout, stderr, error } = spawnSync(program, [...options, script, library], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}` };
}
