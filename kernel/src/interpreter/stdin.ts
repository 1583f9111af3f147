/**
 * Standard input, with `node:readline` on top. Each line is requested from the front end, which shows an input field,
 * and only when code is waiting for it: a `readline` interface reads ahead even with no question pending, which would
 * show input fields for no reason.
 */
import { syncBuiltinESMExports } from 'node:module';
import readline from 'node:readline';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { type Asker, Ended } from './input';
import { Interrupted } from './interruption';
import { replace } from './process';

/** Replaces the process's standard input; returns a function that undoes it. */
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

/** A `readline` interface with properties that its types omit. */
type Interface = readline.Interface & { readonly input?: unknown; readonly output?: unknown };

/** Intercepts the interfaces created by one of Node's modules. */
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
  /** The original method. */
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

  /** Closes the interface if it keeps reading. */
  stopReading(error: Error): void {
    if (this.interface.listenerCount('line') === 0) return;
    if (this.interface.listenerCount('error') > 0) this.interface.emit('error', error);
    this.interface.close();
  }

  /**
   * Requests a line as the answer to a question.
   *
   * @returns what the interface should print itself: nothing where the front end shows the prompt next to its field
   * @throws {Error} when input isn't possible
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

/** A stream with a line for each answered request. */
class Lines extends Readable {
  readonly #asker: Asker;
  readonly #interfaces = new Set<LineReader>();
  /** Whether the stream's consumer wants a line. */
  #isHungry = false;
  /** The prompt of the next request. */
  #prompt = '';
  /** Cancels the pending request. */
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

  /** Registers an interface that waits for lines. */
  serve(lines: LineReader): void {
    this.#interfaces.add(lines);
    lines.interface.once('close', () => this.#interfaces.delete(lines));
    lines.interface.on('newListener', () => this.look());
  }

  /**
   * Requests a line if code is waiting for one; deferred, since the consumer of the previous line may be about to close
   * or pause the stream.
   */
  look(prompt = ''): void {
    this.#prompt ||= prompt;
    setImmediate(() => {
      if (this.#isHungry && !this.#asking && !this.destroyed && this.#isAwaited) void this.#ask();
    });
  }

  giveUpUnawaited(): void {
    if (!this.#isAwaited) this.#asking?.abort();
  }

  /** Whether an interface or another consumer is waiting for a line. */
  get #isAwaited(): boolean {
    const isPaused = this.readableFlowing === false && this.listenerCount('readable') === 0;
    return !isPaused && (this.#isRead || [...this.#interfaces].some(({ isWaiting }) => isWaiting));
  }

  /** Whether a consumer other than the interfaces reads the stream. */
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
      // An interface that keeps reading would take the next cell's lines.
      for (const lines of this.#interfaces) lines.stopReading(error as Error);
      if (this.#isRead || !(error instanceof Interrupted)) this.destroy(error as Error);
    }
  }
}
