/** Notebooks run as Jupyter runs them, in a copy of their folder. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { jupyterEnvironment, program } from '../../scripts/setup/jupyter.mjs';
import { giveOfflineDigits } from '../processes/offlineData';
import type { Cell } from './notebookExercises';

const root = path.join(__dirname, '..', '..');
export const python = program('python');

export interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string;
  readonly data?: Readonly<Record<string, string>>;
  /** What an error says. */
  readonly evalue?: string;
}

export interface CellRun {
  readonly source: string;
  readonly outputs: readonly Output[];
  readonly count: number | null;
}

export interface Run {
  readonly error: { readonly name: string; readonly message: string } | null;
  /** The cells of code. */
  readonly cells: readonly CellRun[];
  /** The cells of code that were added; those that were left out have no count. */
  readonly added: readonly CellRun[];
  /** The size of the notebook with its outputs. */
  readonly bytes: number;
}

/** Code that is run after a notebook's own. */
export interface Added {
  readonly source: string;
  /** What this is an attempt at: once a result says that it is solved, later attempts are left out. */
  readonly attempt?: string;
}

/** A copy of all notebooks, in a folder that is arranged as a clone is, until it is `remove`d. */
export class NotebooksCopy {
  readonly #folder: string;

  static async make(): Promise<NotebooksCopy> {
    const folder = mkdtempSync(path.join(tmpdir(), 'notebooks-'));
    await giveOfflineDigits(path.join(folder, 'data'));
    return new NotebooksCopy(folder);
  }

  private constructor(folder: string) {
    this.#folder = folder;
    cpSync(path.join(root, 'notebooks'), path.join(this.#folder, 'notebooks'), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(this.#folder, 'node_modules'));
    // The compiler that a project has. Under its name a clone has tslab's, of many versions ago, which takes seconds.
    const programs = path.join(this.#folder, 'summaries', 'node_modules', '.bin');
    mkdirSync(programs, { recursive: true });
    symlinkSync(path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), path.join(programs, 'tsc'));
  }

  /**
   * Runs a notebook from top to bottom.
   *
   * @param name its path within the folder of notebooks
   * @param cells what it has in this run
   * @param added code that is run after these; it may fail
   */
  async run(name: string, cells: readonly Cell[], added: readonly Added[] = []): Promise<Run> {
    const file = path.join(this.#folder, 'notebooks', name);
    const notebook: object = JSON.parse(readFileSync(file, 'utf8'));
    const more = added.map(({ source, attempt }, i) => ({
      ...{ cell_type: 'code', id: `added-${i}`, source, metadata: { added: true, attempt } },
      ...{ outputs: [], execution_count: null },
    }));
    writeFileSync(file, JSON.stringify({ ...notebook, cells: [...cells, ...more] }));
    const parameters = [path.join(__dirname, 'execute.py'), file, 'tf-mechanics'];
    const env = { ...process.env, ...jupyterEnvironment() };
    const { stdout } = await promisify(execFile)(python, parameters, { maxBuffer: 64 * 2 ** 20, env });
    const run = JSON.parse(stdout) as Omit<Run, 'added'>;
    const end = run.cells.length - more.length;
    return { ...run, cells: run.cells.slice(0, end), added: run.cells.slice(end) };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The text of a cell's result, or what the error says that it ended with. */
export function resultOf(cell: CellRun | undefined): string | undefined {
  const [output] = cell?.outputs.filter(({ output_type }) => output_type !== 'stream').slice(-1) ?? [];
  return output?.evalue ?? output?.data?.['text/plain'];
}
