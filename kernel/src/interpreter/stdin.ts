/**
 * Standard input, of which `node:readline` makes questions. Each line is asked of the front end, which shows a field for it, and none before
 * somebody waits for it: an interface that has no question under way reads on in a program, and would ask without a reason here.
 */
import { syncBuiltinESMExports } from 'node:module';
import readline from 'node:readline';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { type Asker, Ended } from './input';
import { Interrupted } from './interruption';
import { replace } from './process';

/** Takes the place of the process's standard input. The result undoes it. */
export function takeStdin(asker: Asker): () => void {
  let stdin = new Lines(asker);
  const current = () => {
    if (stdin.destroyed || stdin.readableEnded) stdin = new Lines(asker);
    return stdin;
  };
  const serve = (lines: Interface, wrap: (asked: LineReader) => unknown) => {
    if (lines.input !== stdin) return;
    const served = new LineReader(lines, stdin, asker);
    stdin.serve(served);
    Object.assign(lines, { question: wrap(served) });
  };
  const undo = [
    replace(process, 'stdin', { configurable: true, get: current }),
    takeInterfaces(readline, (lines) => serve(lines, byCallback)),
    takeInterfaces(readline.promises, (lines) => serve(lines, byPromise)),
  ];
  syncBuiltinESMExports();
  return () => {
    for (const restore of undo.reverse()) restore();
    syncBuiltinESMExports();
  };
}

/** One of `node:readline`, with what its types don't tell. */
type Interface = readline.Interface & { readonly input?: unknown; readonly output?: unknown };

/** Sees the interfaces that a module of Node's makes. */
function takeInterfaces(module: object, onInterface: (lines: Interface) => void): () => void {
  const { createInterface } = module as { createInterface: (...parameters: unknown[]) => Interface };
  const value = (...parameters: unknown[]) => {
    const lines = createInterface(...parameters);
    onInterface(lines);
    return lines;
  };
  return replace(module, 'createInterface', { configurable: true, enumerable: true, writable: true, value });
}

interface QuestionOptions {
  readonly signal?: AbortSignal;
}

/** `question` of `node:readline/promises`. */
function byPromise(asked: LineReader) {
  const question = asked.question as unknown as (query: string, options: QuestionOptions) => Promise<string>;
  return async (query: string, options: QuestionOptions = {}): Promise<string> => {
    const { shown, signal, end } = asked.begin(query, options);
    try {
      return await question(shown, { ...options, signal });
    } finally {
      end();
    }
  };
}

/** `question` of `node:readline`. */
function byCallback(asked: LineReader) {
  type Callback = (answer: string) => void;
  const question = asked.question as (query: string, options: QuestionOptions, callback: Callback) => void;
  const wrapped = (query: string, ...rest: [Callback] | [QuestionOptions, Callback]): void => {
    const [options, callback] = rest.length === 1 ? [{}, rest[0]] : rest;
    const { shown, signal, end } = asked.begin(query, options);
    signal.addEventListener('abort', end, { once: true });
    question(shown, { ...options, signal }, (answer) => {
      end();
      callback(answer);
    });
  };
  return Object.assign(wrapped, {
    [promisify.custom]: (query: string, options?: QuestionOptions) =>
      new Promise<string>((resolve) => wrapped(query, options ?? {}, resolve)),
  });
}

/** An interface on standard input. */
class LineReader {
  readonly interface: Interface;
  /** Its own. */
  readonly question: unknown;
  readonly #lines: Lines;
  readonly #asker: Asker;
  #questions = 0;

  constructor(lines: Interface, stdin: Lines, asker: Asker) {
    this.interface = lines;
    this.question = lines.question.bind(lines);
    this.#lines = stdin;
    this.#asker = asker;
  }

  get isWaiting(): boolean {
    return this.#questions > 0 || this.interface.listenerCount('line') > 0;
  }

  /** Ends it if it reads on and on. */
  stopReading(error: Error): void {
    if (this.interface.listenerCount('line') === 0) return;
    if (this.interface.listenerCount('error') > 0) this.interface.emit('error', error);
    this.interface.close();
  }

  /**
   * Asks for a line, which is the answer to a question.
   *
   * @returns what the interface itself is to print of it: nothing where the front end shows it beside its field
   * @throws {Error} when nobody can be asked
   */
  begin(query: string, options: QuestionOptions): { shown: string; signal: AbortSignal; end: () => void } {
    const signals = [this.#asker.signal, ...(options.signal ? [options.signal] : [])];
    const isShown = this.interface.output !== process.stdout;
    let isOver = false;
    this.#questions++;
    this.#lines.look(isShown ? '' : query);
    const end = () => {
      if (!isOver) this.#questions--;
      isOver = true;
      this.#lines.giveUpUnawaited();
    };
    return { shown: isShown ? query : '', signal: AbortSignal.any(signals), end };
  }
}

/** A line for each question that was answered. */
class Lines extends Readable {
  readonly #asker: Asker;
  readonly #interfaces = new Set<LineReader>();
  /** Whether the stream would take a line. */
  #isHungry = false;
  /** What the next question is to say. */
  #prompt = '';
  /** Gives up the question under way. */
  #asking: AbortController | undefined;

  constructor(asker: Asker) {
    super();
    this.#asker = asker;
    this.on('resume', () => this.look());
    this.on('newListener', () => this.look());
  }

  override _read(): void {
    this.#isHungry = true;
    this.look();
  }

  /** Reads lines for an interface when that waits for one. */
  serve(lines: LineReader): void {
    this.#interfaces.add(lines);
    lines.interface.once('close', () => this.#interfaces.delete(lines));
    lines.interface.on('newListener', () => this.look());
  }

  /** Asks for a line if somebody waits for one; in a moment, since who has got a line may be about to close or to pause this. */
  look(prompt = ''): void {
    this.#prompt ||= prompt;
    setImmediate(() => {
      if (this.#isHungry && !this.#asking && !this.destroyed && this.#isAwaited) void this.#ask();
    });
  }

  giveUpUnawaited(): void {
    if (!this.#isAwaited) this.#asking?.abort();
  }

  /** Whether somebody waits for a line: an interface, or who listens to this itself. */
  get #isAwaited(): boolean {
    const isPaused = this.readableFlowing === false && this.listenerCount('readable') === 0;
    return !isPaused && (this.#isRead || [...this.#interfaces].some(({ isWaiting }) => isWaiting));
  }

  /** Whether somebody but the interfaces listens to this. */
  get #isRead(): boolean {
    return this.listenerCount('data') + this.listenerCount('readable') > this.#interfaces.size;
  }

  async #ask(): Promise<void> {
    const prompt = this.#prompt;
    this.#prompt = '';
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      const line = await this.#asker.ask(prompt, false, signal);
      this.#isHungry = false;
      this.#asking = undefined;
      this.push(line === null ? null : `${line}\n`);
    } catch (error) {
      this.#asking = undefined;
      if (signal.aborted || error instanceof Ended) return;
      // What reads on and on would take the lines that are meant for the next cell.
      for (const lines of this.#interfaces) lines.stopReading(error as Error);
      if (this.#isRead || !(error instanceof Interrupted)) this.destroy(error as Error);
    }
  }
}
