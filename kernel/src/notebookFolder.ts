/**
 * Where the notebook lies, and where its cells run. Jupyter starts a kernel in the notebook's folder, and mostly both are the same. A
 * translation lies in a folder below the original's, and has the same cells: `../data` is to be one folder for both. So a folder of notebooks
 * may have a file that says where they run. It is found wherever a notebook is opened or executed, and by systems that have no links.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The file, `{ "workingDirectory": ".." }`: a path from the folder that it lies in. */
export const FOLDER_FILE = '.tf-mechanics.json';

let folder = process.cwd();

/** The folder that the notebook lies in. */
export const notebookFolder = (): string => folder;

/** Says so of a process that was started elsewhere. */
export function setNotebookFolder(ofNotebook: string): void {
  folder = ofNotebook;
}

/**
 * Goes from the notebook's folder to where its cells run.
 *
 * @throws {Error} when the folder's file says anything else than a folder that there is
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
