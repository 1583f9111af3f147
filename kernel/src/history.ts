/**
 * The execution history for front ends that offer it (`jupyter console`, JupyterLab's console): the inputs of this
 * session and, from a file in the user's state folder, of earlier ones. Notebooks executed by programs (nbconvert,
 * papermill) aren't recorded.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * An entry as defined by Jupyter's protocol: session number, line number, and the input, with its output if requested.
 */
export type HistoryEntry = [session: number, line: number, input: string | [input: string, output: string | null]];

interface Run {
  /** The id of the session. */
  readonly session: string;
  readonly line: number;
  readonly input: string;
  readonly output?: string | null;
}

/** The file is shortened to its newest bytes when it exceeds twice this size. */
const KEPT_BYTES = 2 ** 20;
/** Longer inputs aren't written to the file. */
const MAX_LENGTH = 20_000;

/** The path of the history file. */
export function historyFile(env: NodeJS.ProcessEnv = process.env): string {
  const state = env.XDG_STATE_HOME || path.join(os.homedir(), '.local', 'state');
  return path.join(state, 'tf-mechanics', 'history.jsonl');
}

export class History {
  readonly #file: string;
  readonly #session = randomUUID();
  readonly #runs: Run[] = [];
  #earlier: readonly Numbered[] | undefined;

  /** @param file the file shared with other sessions */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Adds an executed cell.
   *
   * @param isKept whether to write it to the file
   */
  add(line: number, input: string, output: string | null, isKept: boolean): void {
    if (input.trim() === '') return;
    this.#runs.push({ session: this.#session, line, input, output });
    if (isKept && input.length <= MAX_LENGTH) this.#keep({ session: this.#session, line, input });
  }

  /** The entries that a `history_request` asks for; empty for unknown kinds of request. */
  find(request: Record<string, unknown>): HistoryEntry[] {
    const found = select(this.#numbered(), this.#number, request);
    const withOutput = request.output === true;
    return found.map(({ number, line, input, output = null }) => [number, line, withOutput ? [input, output] : input]);
  }

  /** All runs, oldest session first; this session is the last. */
  #numbered(): Numbered[] {
    this.#earlier ??= numbered(readRuns(this.#file).filter(({ session }) => session !== this.#session));
    return [...this.#earlier, ...this.#runs.map((run) => ({ ...run, number: this.#number }))];
  }

  /** The number of this session. */
  get #number(): number {
    return (this.#earlier?.at(-1)?.number ?? 0) + 1;
  }

  /** Appends a line to the file; failures to write are ignored. */
  #keep(run: Run): void {
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      shorten(this.#file);
      appendFileSync(this.#file, `${JSON.stringify(run)}\n`, { mode: 0o600 });
    } catch {
      // the folder isn't writable
    }
  }
}

type Numbered = Run & { readonly number: number };

/** Numbers the sessions from 1. The lines of concurrent sessions are interleaved in the file. */
function numbered(runs: readonly Run[]): Numbered[] {
  const numbers = new Map<string, number>();
  for (const { session } of runs) if (!numbers.has(session)) numbers.set(session, numbers.size + 1);
  return runs.map((run) => ({ ...run, number: numbers.get(run.session)! })).sort((a, b) => a.number - b.number);
}

function select(all: readonly Numbered[], current: number, request: Record<string, unknown>): readonly Numbered[] {
  const { hist_access_type: type, session = 0, start = 0, stop, n, pattern = '*', unique = false } = request;
  const count = typeof n === 'number' && n >= 0 ? n : Number.POSITIVE_INFINITY;
  if (type === 'tail') return last(all, count);
  if (type === 'search') {
    const wanted = glob(String(pattern));
    const found = all.filter(({ input }) => wanted.test(input));
    return last(unique === true ? newestOfEach(found) : found, count);
  }
  if (type !== 'range') return [];
  const number = Number(session) <= 0 ? current + Number(session) : Number(session);
  const end = typeof stop === 'number' ? stop : Number.POSITIVE_INFINITY;
  return all.filter((run) => run.number === number && run.line >= Number(start) && run.line < end);
}

const last = <T>(all: readonly T[], count: number) => all.slice(Math.max(0, all.length - count));

/** Removes duplicate inputs, keeping the last run of each. */
function newestOfEach(runs: readonly Numbered[]): Numbered[] {
  const newest = new Map(runs.map((run) => [run.input, run]));
  return runs.filter((run) => newest.get(run.input) === run);
}

/** The regular expression for a glob pattern with `*`, `?` and `[…]`. */
function glob(pattern: string): RegExp {
  const parts = pattern.match(/\*|\?|\[!?[^\]]+\]|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    if (part.length > 1) return part.replace(/\\/g, '\\\\').replace(/^\[!/, '[^');
    return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}

/** Reads the runs in a file, skipping invalid lines; empty if it can't be read. */
function readRuns(file: string): Run[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      const run = JSON.parse(line) as Partial<Run>;
      const isRun = typeof run.session === 'string' && typeof run.line === 'number' && typeof run.input === 'string';
      return isRun ? [run as Run] : [];
    } catch {
      return [];
    }
  });
}

/** Atomically replaces a file that has become too long by its newest lines. */
function shorten(file: string): void {
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size < 2 * KEPT_BYTES) return;
  const bytes = readFileSync(file);
  const from = bytes.indexOf('\n', bytes.length - KEPT_BYTES) + 1;
  const own = `${file}.${process.pid}`;
  try {
    writeFileSync(own, bytes.subarray(from), { mode: 0o600 });
    renameSync(own, file);
  } finally {
    rmSync(own, { force: true });
  }
}
