/** Where TensorBoard is on this machine. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/**
 * The command that starts TensorBoard: what the environment variable `TF_MECHANICS_TENSORBOARD` says, the one of a `.venv` in
 * the working directory, the library's folder or a folder around either, or the one on the PATH; undefined where there is none.
 */
export function findTensorBoard(): string | undefined {
  const { TF_MECHANICS_TENSORBOARD: chosen, PATH = '' } = process.env;
  if (chosen) return chosen;
  const name = process.platform === 'win32' ? 'tensorboard.exe' : 'tensorboard';
  const inVenv = path.join('.venv', process.platform === 'win32' ? 'Scripts' : 'bin', name);
  const candidates = [
    ...[process.cwd(), __dirname].flatMap(foldersAround).map((folder) => path.join(folder, inVenv)),
    ...PATH.split(path.delimiter)
      .filter(Boolean)
      .map((folder) => path.join(folder, name)),
  ];
  return candidates.find(isExecutable);
}

function foldersAround(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAround(parent)];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
