/**
 * Explains, after a restart, why the previous kernel died. A process that runs out of memory is killed without notice,
 * and Jupyter restarts it with the same connection file. So the kernel keeps a file next to the connection file with
 * its last cell and its memory use, and deletes it on a regular exit.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ENDING = '.last';
/** The file is rewritten when memory use changes by more than this fraction. */
const CHANGE = 0.05;
/** Beyond this fraction of the memory limit, a death is attributed to memory. */
const NEARLY_ALL = 0.8;
/** The maximal length of a cell's first line. */
const LINE = 60;
/** The first line of longer contents isn't extracted. */
const MAX_CONTENT = 1e6;

interface State {
  /** `In[3]`, once a cell has begun. */
  readonly cell?: string;
  readonly line?: string;
  readonly isRunning?: boolean;
  /** Memory use in bytes. */
  readonly memory: number;
  readonly limit: number;
  /** The system's count of processes killed for lack of memory. */
  readonly kills: number;
}

export class LastWords {
  /** How the previous kernel died; undefined without a previous kernel or a reason. */
  readonly before: string | undefined;
  #file: string | undefined;
  #state: State;

  /**
   * @param connectionFile undefined where there is none
   * @param limit the memory limit of the process, in bytes
   */
  constructor(connectionFile: string | undefined, limit: number) {
    this.#file = connectionFile && connectionFile + ENDING;
    this.#state = { memory: 0, limit, kills: processesKilled() };
    this.before = this.#file && story(this.#file, this.#state.kills);
    if (connectionFile) forgetOthers(path.dirname(connectionFile));
  }

  /** Records that a cell begins; `content` is that of its `execute_input`. */
  begin(content: string): void {
    const { code = '', execution_count } = (content.length > MAX_CONTENT ? {} : JSON.parse(content)) as {
      code?: unknown;
      execution_count?: number;
    };
    const [line = ''] = String(code).trimStart().split('\n', 1);
    const cell = execution_count === undefined ? undefined : `In[${execution_count}]`;
    this.#write({ cell, line: line.slice(0, LINE), isRunning: true });
  }

  /** Records that the cell has ended. */
  end(): void {
    if (this.#state.isRunning) this.#write({ isRunning: false });
  }

  /** Records the memory use in bytes. */
  use(memory: number): void {
    if (Math.abs(memory - this.#state.memory) > CHANGE * this.#state.memory) this.#write({ memory });
  }

  /** Deletes the file: the kernel exits regularly. */
  close(): void {
    if (this.#file) rmSync(this.#file, { force: true });
    this.#file = undefined; // memory may be told of after that
  }

  #write(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    if (!this.#file || this.#state.isRunning === undefined) return;
    try {
      writeFileSync(this.#file, JSON.stringify(this.#state), { mode: 0o600 });
    } catch {
      // a folder that can't be written to
    }
  }
}

function story(file: string, kills: number): string | undefined {
  let state: State;
  try {
    state = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  rmSync(file, { force: true });
  const { cell, line, isRunning, memory, limit } = state;
  const used = memory >= NEARLY_ALL * limit ? `${gigabytes(memory)} of ${gigabytes(limit)}` : gigabytes(memory);
  const isMemory = memory >= NEARLY_ALL * limit || kills > state.kills;
  const end = isMemory ? `ran out of memory (${used})` : 'ended without a word (a crash, or a signal)';
  const where = cell ? ` ${isRunning ? 'in' : 'after'} ${cell}${line ? `, which begins with “${line}”` : ''}` : '';
  const more = isMemory
    ? ' Where that is not for want of care, NODE_OPTIONS=--max-old-space-size=8000 in the environment of Jupyter lets a kernel use 8 GB.'
    : '';
  return `The kernel before this one ${end}${where}. Its variables are gone: run the cells above again.${more}\n`;
}

/** The count of out-of-memory kills of the machine or the container. */
function processesKilled(): number {
  for (const file of ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control', '/proc/vmstat']) {
    try {
      const found = /^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
      if (found) return Number(found);
    } catch {
      // another system's
    }
  }
  return 0;
}

/** Deletes the files of kernels that nobody will restart, since their connection files are gone. */
function forgetOthers(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const file = path.join(folder, name);
      if (name.endsWith(`.json${ENDING}`) && !existsSync(file.slice(0, -ENDING.length))) rmSync(file, { force: true });
    }
  } catch {
    // somebody else does
  }
}

export const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`;
