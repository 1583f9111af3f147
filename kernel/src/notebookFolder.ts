/**
 * The notebook's folder and the working directory of its cells. Jupyter starts a kernel in the notebook's folder, and
 * usually both are the same. But a translation lies in a subfolder and has the same cells, so `../data` has to mean the
 * same folder in both. A file in the notebooks' folder can therefore set the working directory. Unlike a link, it works
 * on all systems and wherever a notebook is opened or executed.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The file, `{ "workingDirectory": ".." }`: a path relative to its own folder. */
export const FOLDER_FILE = '.tf-mechanics.json';

let folder = process.cwd();

/** The folder of the notebook. */
export const notebookFolder = (): string => folder;

/** Sets it in a process that was started elsewhere. */
export function setNotebookFolder(ofNotebook: string): void {
  folder = ofNotebook;
}

/**
 * Changes from the notebook's folder to the working directory of its cells.
 *
 * @throws {Error} when the file is invalid or names a folder that doesn't exist
 */
export function enterWorkingDirectory(): void {
  folder = process.cwd();
  const file = path.join(folder, FOLDER_FILE);
  if (!existsSync(file)) return;
  try {
    process.chdir(path.resolve(folder, workingDirectory(readFileSync(file, 'utf8'))));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

function workingDirectory(text: string): string {
  const settings: unknown = JSON.parse(text);
  const entries = settings && typeof settings === 'object' ? Object.entries(settings) : [];
  const [[key, value] = []] = entries;
  if (entries.length !== 1 || key !== 'workingDirectory' || typeof value !== 'string')
    throw new Error(`expected { "workingDirectory": "<folder>" }, got ${text.trim()}`);
  return value;
}
