/**
 * What was run, for front ends that let one go back to it (`jupyter console`, JupyterLab's console): this session's, and that of earlier ones,
 * which a file keeps as far as the user's folder of such files can be written. What a program runs (nbconvert, papermill) isn't kept.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** As the Jupyter protocol has it: the session's number, the cell's, and what was run, with its result where that is asked for. */
export type HistoryEntry = [session: number, line: number, input: string | [input: string, output: string | null]];

interface Run {
  /** What tells sessions apart. */
  readonly session: string;
  readonly line: number;
  readonly input: string;
  readonly output?: string | null;
}

/** The file becomes no longer than twice this many bytes, of which the newest are kept. */
const KEPT_BYTES = 2 ** 20;
/** Longer cells are this session's alone. */
const MAX_LENGTH = 20_000;

/** Where the history of earlier sessions is. */
export function historyFile(env: NodeJS.ProcessEnv = process.env): string {
  const state = env.XDG_STATE_HOME || path.join(os.homedir(), '.local', 'state');
  return path.join(state, 'tf-mechanics', 'history.jsonl');
}

export class History {
  readonly #file: string;
  readonly #session = randomUUID();
  readonly #runs: Run[] = [];
  #earlier: readonly Numbered[] | undefined;

  /** @param file what earlier sessions have left, and this one leaves */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Takes a cell that was run.
   *
   * @param isKept whether later sessions are to know of it
   */
  add(line: number, input: string, output: string | null, isKept: boolean): void {
    if (input.trim() === '') return;
    this.#runs.push({ session: this.#session, line, input, output });
    if (isKept && input.length <= MAX_LENGTH) this.#keep({ session: this.#session, line, input });
  }

  /** What a `history_request` asks for; nothing where it asks for nothing that there is. */
  find(request: Record<string, unknown>): HistoryEntry[] {
    const found = select(this.#numbered(), this.#number, request);
    const withOutput = request.output === true;
    return found.map(({ number, line, input, output = null }) => [number, line, withOutput ? [input, output] : input]);
  }

  /** All runs, session by session from the first on; this one is the last. */
  #numbered(): Numbered[] {
    this.#earlier ??= numbered(readRuns(this.#file).filter(({ session }) => session !== this.#session));
    return [...this.#earlier, ...this.#runs.map((run) => ({ ...run, number: this.#number }))];
  }

  /** This session's. */
  get #number(): number {
    return (this.#earlier?.at(-1)?.number ?? 0) + 1;
  }

  /** Adds a line to the file; where that can't be, the session goes on without. */
  #keep(run: Run): void {
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      shorten(this.#file);
      appendFileSync(this.#file, `${JSON.stringify(run)}\n`, { mode: 0o600 });
    } catch {
      // a folder that can't be written
    }
  }
}

type Numbered = Run & { readonly number: number };

/** With sessions numbered from 1 on. Those that were there at the same time have their lines in turns. */
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

/** Each input once, where it was run last. */
function newestOfEach(runs: readonly Numbered[]): Numbered[] {
  const newest = new Map(runs.map((run) => [run.input, run]));
  return runs.filter((run) => newest.get(run.input) === run);
}

/** What a pattern of files' names matches: `*`, `?` and `[…]`. */
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

/** The runs in a file, but for lines that are none; none where it can't be read. */
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

/** Leaves the newest lines of a file that has become too long, which is replaced as a whole. */
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
