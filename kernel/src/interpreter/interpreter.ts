/** Runs cells, one after the other, in this process. What shows their outputs is somebody else's matter. */
import path from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isPromise } from 'node:util/types';
import { Script } from 'node:vm';
import {
  type HostTask,
  laterForms,
  type MimeBundle,
  type NotebookHost,
  setNotebookHost,
} from 'tf-mechanics/kernel-host';
import { bold } from '../ansi';
import type { Comms } from '../comms/comms';
import { deferred } from '../deferred';
import { CompilerProcess } from '../language/compilerProcess';
import type { KnownPackages } from '../language/engine';
import type { RunnableCell } from '../language/messages';
import { addMetadataSymbol } from '../language/metadataSymbol';
import {
  CAUGHT,
  FILE,
  IMPORT,
  IMPORT_LATER,
  IMPORT_META,
  INTERRUPT_CHECK,
  INTERRUPT_FLAG,
  LATE,
  SHARE,
} from '../language/names';
import { notebookFolder } from '../notebookFolder';
import { Cell, type CellInput, type CellOutput, currentCell, divert } from './cell';
import { Cells } from './cells';
import { hideGuards } from './functionText';
import { Asker, takeDialogs } from './input';
import { Interrupted, InterruptFlag } from './interruption';
import { LaterForms } from './laterForms';
import { CellModules, cellParameters, setCellGlobals } from './modules';
import { late, share } from './namespace';
import { OutputLimit } from './outputLimit';
import { captureProcess } from './process';
import { type ErrorReport, reportError, textOfError } from './report';
import { hideStores, isEmpty, type Shown, settlesSoon, shownResult } from './result';
import { takeShell } from './shell';
import { callBreakable, runBreakable } from './signals';
import { StackTraces } from './stack';
import { takeStdin } from './stdin';

/** How a cell ended. */
export type Outcome = Ending & {
  /** Begins what the cell has left for after its answer; see {@link Cell.answered}. */
  readonly answered?: () => Promise<unknown> | undefined;
};

type Ending =
  | { readonly status: 'ok'; readonly result: MimeBundle | undefined }
  | { readonly status: 'error'; readonly error: ErrorReport };

/** What most notebooks import, before anything else. */
const LIBRARY = 'tf-mechanics';
const IMPORTS_LIBRARY = /\bfrom\s*['"]tf-mechanics['"]/;

/** So many of the tasks that have ended may have left something at work that an interrupt reaches. */
const ENDED_TASKS = 100;

/** Over when an interrupt has reached, by all expectation, what ended cells have left at work: nothing tells when that ends. */
const leftAtWork = () => sleep(60_000, undefined, { ref: false });

export interface InterpreterOptions {
  /** The folder of the notebook, in which the process must be. */
  directory?: string;
  /** Folders of packages for notebooks that have none of the name in reach. */
  packages?: KnownPackages;
  /** The compiler, where it has been begun already; for the same folders. */
  language?: CompilerProcess;
  /** By which other threads request interrupts. */
  interrupts?: InterruptFlag;
  /** See `NotebookHost`. */
  resources?: string;
  /** By which the library speaks to what pages show. */
  comms?: Comms;
}

/**
 * A notebook's process: variables, imports and declarations that one cell leaves to the next.
 *
 * There is one a process: it takes over the process's output, its unhandled errors and its stack traces.
 *
 * @example
 * const interpreter = new Interpreter();
 * await interpreter.execute('const x = 20;', 'In[1]', output);
 * await interpreter.execute('x + 1', 'In[2]', output); // { status: 'ok', result: { 'text/plain': '21' } }
 */
export class Interpreter {
  readonly language: CompilerProcess;
  /** All variables by name. */
  readonly #variables: Record<string, unknown> = Object.create(null);
  readonly #modules: CellModules;
  /** The notebook, as far as one can know: what cells are files of. */
  readonly #file: string;
  readonly #interrupts: InterruptFlag;
  readonly #exitCallbacks: (() => void)[] = [];
  readonly #pauseCallbacks: (() => void)[] = [];
  readonly #stacks = new StackTraces((name) => name in this.#variables);
  readonly #later = new LaterForms();
  readonly #undo: (() => void)[] = [];
  readonly #cells = new Cells();
  /** The same, of what pages have caused. */
  #tasks: Cell[] = [];

  constructor({
    directory = process.cwd(),
    packages = {},
    language = new CompilerProcess(directory, packages),
    interrupts = new InterruptFlag(),
    resources,
    comms,
  }: InterpreterOptions = {}) {
    this.language = language;
    this.#modules = new CellModules(directory, packages, (file, map) => this.#stacks.registerModule(file, map));
    this.#interrupts = interrupts;
    const file = path.join(directory, path.basename(process.env.JPY_SESSION_NAME || 'notebook.ipynb'));
    this.#file = file;
    const module = this.#modules.module(file, this.#variables);
    const asker = new Asker(
      () => this.#running,
      () => this.#throwIfInterrupted(),
    );
    setNotebookHost(this.#host(resources, comms, asker));
    addMetadataSymbol();
    this.#undo.push(
      setCellGlobals({
        [INTERRUPT_FLAG]: interrupts.flag,
        [INTERRUPT_CHECK]: () => this.#throwIfInterrupted(),
        [IMPORT_META]: (file) => importMeta(file, this.#modules),
        [CAUGHT]: (error) => this.#stacks.tell(error),
        [LATE]: late,
        [IMPORT]: (...request) => this.#modules.import(...request),
        [IMPORT_LATER]: (...request) => this.#modules.importLater(...request),
        [SHARE]: share,
        [FILE]: file,
        exports: this.#variables,
        require: module.require as NodeJS.Require,
        module,
        __filename: file,
        __dirname: directory,
      }),
      this.#modules.install(),
      this.#stacks.install(),
      hideStores(),
      hideGuards(),
      captureProcess(() => this.#cell),
      takeDialogs(asker),
      takeStdin(asker),
      takeShell(),
      onProcess('unhandledRejection', (error) => this.#uncaught(error)),
      onProcess('uncaughtException', (error) => this.#uncaught(error)),
      () => setNotebookHost(undefined),
    );
  }

  /**
   * Runs a cell.
   *
   * @param name what error messages and stack traces call it: `In[3]`
   * @param output takes what it shows, also later, as long as something that it began is at work
   * @param options what asks for what it reads, undefined where nobody sits before the page; and whether nobody wants to see the value of its
   *   last expression
   */
  async execute(
    source: string,
    name: string,
    output: CellOutput,
    { input, isSilent = false }: { input?: CellInput; isSilent?: boolean } = {},
  ): Promise<Outcome> {
    const cell = new Cell(name, output, input);
    this.#cells.add(cell);
    const ending = await this.#execute(cell, source, async (value) => {
      const shown = value == null || isSilent ? undefined : await cell.until(this.#shown(value, cell));
      // A result can't be replaced where it stands, what is displayed can.
      if (!shown || isEmpty(shown.data)) return undefined;
      if (shown.displayId === undefined && !shown.data[laterForms]) return cell.limited(shown.data);
      this.#later.display(cell, shown.data, { displayId: shown.displayId });
      return undefined;
    });
    return { ...ending, answered: () => cell.answered() };
  }

  /**
   * The value of an expression, of which nothing stays but what it does itself.
   *
   * @param name see {@link execute}
   */
  async evaluate(expression: string, name: string, output: CellOutput): Promise<Outcome> {
    const cell = new Cell(name, output);
    this.#cells.add(cell);
    // In parentheses only an expression is TypeScript.
    return this.#execute(cell, `(${expression}\n)`, async (value) => (await cell.until(this.#shown(value, cell))).data);
  }

  #shown(value: unknown, { name }: Cell): Promise<Shown> {
    return shownResult(value, (error) => textOfError(error, this.#stacks, name));
  }

  /** @param show gives what is shown of the value */
  async #execute(
    cell: Cell,
    source: string,
    show: (value: unknown) => Promise<MimeBundle | undefined>,
  ): Promise<Ending> {
    return cell.run(async () => {
      try {
        const { value } = await this.#run(cell, source);
        if (isPromise(value)) await cell.until(settlesSoon(value));
        await cell.end();
        return { status: 'ok', result: await show(value) };
      } catch (error) {
        await cell.end();
        // What fails since the cell was interrupted is told as that: a command that was ended, a download.
        const cause = cell.interrupted ? cell.signal.reason : error;
        return { status: 'error', error: reportError(cause, this.#stacks, cell.name) };
      }
    });
  }

  /** Carries out a requested interrupt: of the cell under way, or, between cells, of all that earlier cells left at work. */
  interrupt(): void {
    if (!this.#interrupts.take()) return;
    const all = [...this.#cells.all, ...this.#tasks];
    const running = all.filter((cell) => !cell.ended);
    if (running.length === 0) this.#interrupts.watch(leftAtWork());
    for (const cell of running.length > 0 ? running : all) cell.interrupt();
  }

  /**
   * Makes ready for a cell that imports a package, in steps after each of which a cell can run: no step leaves anything that a cell could tell,
   * but that its import takes a moment.
   */
  async *warmUp(name: string): AsyncGenerator<void> {
    const file = await this.language.ask('find', name);
    if (file === undefined) return;
    yield;
    const loading = this.#modules.preload(name, this.#file, file);
    for (let [isLoading, isReading] = [true, true]; isLoading || isReading; yield) {
      // The compiler reads in its process what this one loads here.
      const reading = isReading && this.language.ask('warmUp', name);
      isLoading &&= !loading.next().done;
      isReading = await reading;
    }
  }

  /** Tells those who asked for it that no cell has run for a moment. */
  pause(): void {
    for (const callback of this.#pauseCallbacks) callback();
  }

  /** Tells those who asked for it that the process is about to end. */
  close(): void {
    for (const callback of this.#exitCallbacks.splice(0)) callback();
    for (const undo of this.#undo.reverse()) undo();
    this.language.close();
  }

  /** The cell whose code runs, or the last one. */
  get #cell(): Cell | undefined {
    return currentCell.getStore() ?? this.#cells.last;
  }

  /** The cell whose code runs; where that has ended, the one that has begun and has not. */
  get #running(): Cell | undefined {
    const cell = currentCell.getStore();
    return cell && !cell.ended ? cell : this.#cells.all.filter(({ begun, ended }) => begun && !ended).at(-1);
  }

  /** The value of a cell's last expression; boxed, since it may be a promise that is not to be waited for. */
  async #run(cell: Cell, source: string): Promise<{ value: unknown }> {
    const compiling = this.language.ask('compile', source, cell.name);
    // Which takes as long; whether the compiler objects to anything is known soon enough.
    if (IMPORTS_LIBRARY.test(source)) this.#modules.loadAhead(LIBRARY, this.#file, source);
    const compiled = await cell.until(compiling);
    // One that was interrupted meanwhile doesn't begin.
    cell.signal.throwIfAborted();
    cell.begin();
    this.#modules.add(new Map(compiled.modules));
    if (compiled.objections) cell.output.stream('stderr', compiled.objections);
    this.#stacks.register(cell.name, { source, code: compiled.code, maps: compiled.maps });
    const before = this.#takeVariables(compiled.names);
    const { promise: work, resolve: over } = deferred<void>();
    this.#watchAborted(cell, work);
    try {
      if (compiled.imports.length > 0) await this.#load(cell, compiled);
      const running = this.#evaluate(compiled, cell, over);
      if (compiled.isAsync) await cell.until(running);
      // A promise that was rejected without anybody to handle it is known to be so in the next turn of the event loop.
      await cell.until(setImmediate());
      this.#declare();
    } catch (error) {
      if (cell.signal.aborted) this.#modules.forgetUnfinished();
      this.#declare(this.#restoreVariables(before));
      throw error;
    }
    if (compiled.result === undefined) return { value: undefined };
    const value = this.#variables[compiled.result];
    delete this.#variables[compiled.result];
    return { value };
  }

  /** Has cells from now on know what this one declared; see `LanguageEngine.declare`. */
  #declare(missing: ReadonlySet<string> = new Set()): void {
    // Whoever asks for more is told where there is no compiler any more.
    this.language.ask('declare', [...missing]).catch(() => {});
  }

  /** Loads what a cell imports, as far as that takes waiting. */
  async #load(cell: Cell, { imports }: RunnableCell): Promise<void> {
    const load = () => this.#modules.load(imports, this.#file, cell.name);
    const loading = this.#breakable(cell, () => callBreakable(load));
    if (loading) await cell.until(loading);
  }

  /**
   * Starts a cell; of a cell that awaits, the promise of its end.
   *
   * @param over called when it is, even if nobody waits for it any more
   */
  #evaluate({ code, isAsync }: RunnableCell, cell: Cell, over: () => void): Promise<unknown> {
    if (code === undefined) return Promise.resolve();
    // In a block of its own, which may have a `module` or a `require` that is another than the function's.
    const text = `(${isAsync ? 'async ' : ''}function (${cellParameters.names}) { 'use strict'; {\n${code}\n} })(${cellParameters.values})`;
    const script = new Script(text, { filename: cell.name, lineOffset: -1 });
    try {
      const running = this.#breakable(cell, () => runBreakable(script) as Promise<unknown>);
      if (isAsync) running.then(over, over);
      else over();
      return running;
    } catch (error) {
      over();
      throw error;
    }
  }

  /** What `run` gives, which a signal can break: a computation that doesn't look at the flag, such as a search by a regular expression. */
  #breakable<T>(cell: Cell, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
      this.#interrupts.takeBroken();
      this.#modules.forgetUnfinished();
      cell.interrupt();
      throw cell.signal.reason;
    }
  }

  /** Has loops look closer from when a cell is aborted until its work is over. */
  #watchAborted(cell: Cell, work: Promise<unknown>): void {
    cell.signal.addEventListener('abort', () => this.#interrupts.watch(Promise.race([work, leftAtWork()])));
  }

  /** Runs something that a page has caused. */
  #runTask(name: string, output: CellOutput, work: () => unknown): HostTask {
    const task = new Cell(name, output, undefined, true);
    this.#tasks = [...this.#tasks.filter(({ ended }, i, { length }) => !ended || i > length - ENDED_TASKS), task];
    const ended = task.run(async () => {
      try {
        const running = (async () => await this.#breakable(task, () => callBreakable(work)))();
        this.#watchAborted(task, running);
        await task.until(running);
        await task.until(setImmediate());
        await task.end();
      } catch (error) {
        await task.end();
        if (!(error instanceof Interrupted)) this.#tell(error, task, `${name} has failed:`);
        else if (task.interrupted) output.stream('stderr', `${bold(`${name} was interrupted.`)}\n`);
      }
      void task.answered();
    });
    return { ended, abort: () => task.abort() };
  }

  /** Takes away the variables that a cell is about to declare: should it fail, what it has declared by then is told by what is there. */
  #takeVariables(names: readonly string[]): Map<string, PropertyDescriptor | undefined> {
    const before = new Map<string, PropertyDescriptor | undefined>();
    for (const name of names) {
      before.set(name, Object.getOwnPropertyDescriptor(this.#variables, name));
      delete this.#variables[name];
    }
    return before;
  }

  /** Brings back what a failed cell has not replaced; the names of those that it hasn't declared. */
  #restoreVariables(before: ReadonlyMap<string, PropertyDescriptor | undefined>): Set<string> {
    const missing = new Set<string>();
    for (const [name, property] of before) {
      if (name in this.#variables) continue;
      missing.add(name);
      if (property) Object.defineProperty(this.#variables, name, property);
    }
    return missing;
  }

  #throwIfInterrupted(): void {
    if (this.#interrupts.requested) this.interrupt();
    currentCell.getStore()?.signal.throwIfAborted();
  }

  /** An error that nothing caught fails the cell that it comes from, or is told loudly where that has ended. */
  #uncaught(error: unknown): void {
    const cell = this.#cell;
    if (!cell) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    } else if (!cell.ended) {
      cell.fail(error);
    } else if (!(error instanceof Interrupted)) {
      this.#tell(error, cell, `Nothing handled this error of ${cell.name}, which had ended:`);
    }
  }

  /** Tells an error of what has ended. */
  #tell(error: unknown, cell: Cell, title: string): void {
    const lines = reportError(error, this.#stacks, cell.name).traceback.join('\n');
    cell.output.stream('stderr', `${bold(title)}\n${lines}\n`);
  }

  #host(resources: string | undefined, comms: Comms | undefined, asker: Asker): NotebookHost {
    const ofCell = (): Cell => {
      const cell = this.#cell;
      if (!cell) throw new Error('no cell has run yet that could show something');
      return cell;
    };
    return {
      display: (data, options) => this.#later.display(ofCell(), data, options),
      clearOutput: (wait = false) => ofCell().output.clear(wait),
      get signal() {
        return currentCell.getStore()?.signal;
      },
      onCellEnd: (callback) => {
        const cell = ofCell();
        if (cell.ended) void Promise.resolve().then(callback);
        else cell.onEnd(callback);
      },
      onExit: (callback) => {
        this.#exitCallbacks.push(callback);
      },
      onPause: (callback) => {
        this.#pauseCallbacks.push(callback);
      },
      input: async (prompt, { password = false } = {}) => (await asker.ask(prompt, password)) ?? '',
      resources,
      folder: notebookFolder(),
      ...(comms && {
        openComm: (target, current, handlers = {}, metadata = {}) => comms.open(target, current, handlers, metadata),
        onComm: (target, onOpen) => comms.onOpen(target, onOpen),
      }),
      get output() {
        return ofCell().later;
      },
      limited: (output) => new OutputLimit(output, `${ofCell().name} output`, 'output'),
      divert,
      runTask: (name, output, work) => this.#runTask(name, output, work),
      get takesLaterForms() {
        return currentCell.getStore()?.isAttended === true;
      },
    };
  }
}

/** `import.meta` of a file. */
function importMeta(file: string, modules: CellModules): ImportMeta {
  const { href } = pathToFileURL(file);
  return {
    url: href,
    filename: file,
    dirname: path.dirname(file),
    resolve: (id: string) => modules.resolve(id, file),
  } as ImportMeta;
}

function onProcess(event: 'unhandledRejection' | 'uncaughtException', listener: (error: unknown) => void): () => void {
  process.on(event, listener);
  return () => process.off(event, listener);
}
