/** Finds Python programs on this machine, above all TensorBoard. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/**
 * The command that starts TensorBoard: the value of `TF_MECHANICS_TENSORBOARD`, or else the result of
 * {@link findProgram}.
 */
export function findTensorBoard(): string | undefined {
  return process.env.TF_MECHANICS_TENSORBOARD || findProgram('tensorboard');
}

/**
 * Finds a program: in a `.venv` of the working directory, the library's folder or a parent of either, or on the PATH;
 * undefined if there is none.
 */
export function findProgram(name: string): string | undefined {
  const isWindows = process.platform === 'win32';
  const program = isWindows ? `${name}.exe` : name;
  const environments = [process.cwd(), __dirname].flatMap(environmentsAround);
  const folders = environments.map((folder) => path.join(folder, isWindows ? 'Scripts' : 'bin'));
  const { PATH = '' } = process.env;
  return [...folders, ...PATH.split(path.delimiter).filter(Boolean)]
    .map((folder) => path.join(folder, program))
    .find(isExecutable);
}

/** The possible Python environments of a folder: `.venv` in it, and in its parents. */
export function environmentsAround(folder: string): string[] {
  const parent = path.dirname(folder);
  return [path.join(folder, '.venv'), ...(parent === folder ? [] : environmentsAround(parent))];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
