/**
 * The Pythons that tests ask: those that `TF_MECHANICS_PYTHON` names, the one that the set-up puts into `.venv`, and the
 * system's.
 */
import { execFile, spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';

const named = process.env.TF_MECHANICS_PYTHON?.split(path.delimiter) ?? [];
const pythons = [...named, path.join(__dirname, '../../.venv/bin/python'), 'python3'];

/** A Python that has a module; undefined, which it says, where there is none. */
export function pythonWith(module: string): string | undefined {
  const find = `import importlib.util as u, sys; sys.exit(u.find_spec('${module}') is None)`;
  const found = pythons.find((python) => spawnSync(python, ['-c', find]).status === 0);
  if (!found) console.warn(skipped(module));
  return found;
}

/** Why tests that need a module of Python are skipped. */
export function skipped(module: string): string {
  return `skipped: no Python here has ${module} (TF_MECHANICS_PYTHON names one)`;
}

/** What a script prints, as JSON; one beside this file by its name. */
export async function runPython<T>(python: string, script: string, ...parameters: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(python, [path.resolve(__dirname, script), ...parameters], {
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout);
}
