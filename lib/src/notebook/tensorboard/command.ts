/** Where programs of Python's are on this machine, TensorBoard above all. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/**
 * The command that starts TensorBoard: what the environment variable `TF_MECHANICS_TENSORBOARD` says, or else what
 * {@link findProgram} finds.
 */
export function findTensorBoard(): string | undefined {
  return process.env.TF_MECHANICS_TENSORBOARD || findProgram('tensorboard');
}

/**
 * A program: the one of a `.venv` in the working directory, the library's folder or a folder around either, or the one on the PATH;
 * undefined where there is none.
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

/** Where a Python environment of a folder's may be: `.venv` in it, and in the folders around it. */
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
