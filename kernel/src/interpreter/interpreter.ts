/** Runs cells one after the other in this process, independently of how their outputs are transported. */
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
  /** Starts the work deferred until after the cell's answer; see {@link Cell.answered}. */
  readonly answered?: () => Promise<unknown> | undefined;
};

type Ending =
  | { readonly status: 'ok'; readonly result: MimeBundle | undefined }
  | { readonly status: 'error'; readonly error: ErrorReport };

/** The package that most notebooks import first. */
const LIBRARY = 'tf-mechanics';
const IMPORTS_LIBRARY = /\bfrom\s*['"]tf-mechanics['"]/;

/** The number of ended tasks whose remaining work an interrupt still reaches. */
const ENDED_TASKS = 100;

/** Resolves when interrupted background work should have ended; its actual end can't be observed. */
const leftAtWork = () => sleep(60_000, undefined, { ref: false });

export interface InterpreterOptions {
  /** The notebook's folder, which must be the working directory of the process. */
  directory?: string;
  /** Fallback folders for packages that a notebook can't resolve itself. */
  packages?: KnownPackages;
  /** A compiler process that was started already, with the same folders. */
  language?: CompilerProcess;
  /** The flag through which other threads request interrupts. */
  interrupts?: InterruptFlag;
  /** See `NotebookHost`. */
  resources?: string;
  /** The comms through which the library talks to pages. */
  comms?: Comms;
}

/**
 * A notebook's process state: variables, imports and declarations that cells share.
 *
 * Only one can exist per process: it takes over the process's output, unhandled errors and stack traces.
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
  /** The notebook's path, as far as known; cells use it as their file. */
  readonly #file: string;
  readonly #interrupts: InterruptFlag;
  readonly #exitCallbacks: (() => void)[] = [];
  readonly #pauseCallbacks: (() => void)[] = [];
  readonly #stacks = new StackTraces((name) => name in this.#variables);
  readonly #later = new LaterForms();
  readonly #undo: (() => void)[] = [];
  readonly #cells = new Cells();
  /** Tasks started by page events. */
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
   * @param name its name in error messages and stack traces: `In[3]`
   * @param output receives its output, also later, while anything that it started is running
   * @param options how to ask for input (undefined without a user), and whether the value of the last expression is
   * unwanted
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
      // Results can't be updated in place, displays can.
      if (!shown || isEmpty(shown.data)) return undefined;
      if (shown.displayId === undefined && !shown.data[laterForms]) return cell.limited(shown.data);
      this.#later.display(cell, shown.data, { displayId: shown.displayId });
      return undefined;
    });
    return { ...ending, answered: () => cell.answered() };
  }

  /**
   * Evaluates an expression without keeping anything in the notebook's state except its side effects.
   *
   * @param name see {@link execute}
   */
  async evaluate(expression: string, name: string, output: CellOutput): Promise<Outcome> {
    const cell = new Cell(name, output);
    this.#cells.add(cell);
    // Parentheses ensure that it is an expression.
    return this.#execute(cell, `(${expression}\n)`, async (value) => (await cell.until(this.#shown(value, cell))).data);
  }

  #shown(value: unknown, { name }: Cell): Promise<Shown> {
    return shownResult(value, (error) => textOfError(error, this.#stacks, name));
  }

  /** @param show formats the value */
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
        // Failures caused by the interrupt, such as killed commands or aborted downloads, are reported as the
        // interrupt.
        const cause = cell.interrupted ? cell.signal.reason : error;
        return { status: 'error', error: reportError(cause, this.#stacks, cell.name) };
      }
    });
  }

  /**
   * Carries out a requested interrupt: of the executing cell, or, between cells, of all work that earlier cells left
   * running.
   */
  interrupt(): void {
    if (!this.#interrupts.take()) return;
    const all = [...this.#cells.all, ...this.#tasks];
    const running = all.filter((cell) => !cell.ended);
    if (running.length === 0) this.#interrupts.watch(leftAtWork());
    for (const cell of running.length > 0 ? running : all) cell.interrupt();
  }

  /**
   * Preloads what a cell that imports a package will need, in steps between which a cell can run. No step has visible
   * effects, except that the import is fast.
   */
  async *warmUp(name: string): AsyncGenerator<void> {
    const file = await this.language.ask('find', name);
    if (file === undefined) return;
    yield;
    const loading = this.#modules.preload(name, this.#file, file);
    for (let [isLoading, isReading] = [true, true]; isLoading || isReading; yield) {
      // The compiler process reads declarations while this process loads code.
      const reading = isReading && this.language.ask('warmUp', name);
      isLoading &&= !loading.next().done;
      isReading = await reading;
    }
  }

  /** Notifies listeners that no cell has run for a moment. */
  pause(): void {
    for (const callback of this.#pauseCallbacks) callback();
  }

  /** Notifies listeners that the process is about to exit. */
  close(): void {
    for (const callback of this.#exitCallbacks.splice(0)) callback();
    for (const undo of this.#undo.reverse()) undo();
    this.language.close();
  }

  /** The cell whose code is running, or the last cell. */
  get #cell(): Cell | undefined {
    return currentCell.getStore() ?? this.#cells.last;
  }

  /** The cell whose code is running; if that has ended, the cell that is executing. */
  get #running(): Cell | undefined {
    const cell = currentCell.getStore();
    return cell && !cell.ended ? cell : this.#cells.all.filter(({ begun, ended }) => begun && !ended).at(-1);
  }

  /** The value of a cell's last expression; boxed, since it may be a promise that must not be awaited. */
  async #run(cell: Cell, source: string): Promise<{ value: unknown }> {
    const compiling = this.language.ask('compile', source, cell.name);
    // Loads the library while the compiler works: both take about as long.
    if (IMPORTS_LIBRARY.test(source)) this.#modules.loadAhead(LIBRARY, this.#file, source);
    const compiled = await cell.until(compiling);
    // A cell that was interrupted meanwhile doesn't start.
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
      // Unhandled rejections are reported in the next turn of the event loop.
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

  /** Makes the declarations of the last cell known to later cells; see `LanguageEngine.declare`. */
  #declare(missing: ReadonlySet<string> = new Set()): void {
    // A failed compiler is reported by the next request.
    this.language.ask('declare', [...missing]).catch(() => {});
  }

  /** Loads a cell's imports, as far as that is asynchronous. */
  async #load(cell: Cell, { imports }: RunnableCell): Promise<void> {
    const load = () => this.#modules.load(imports, this.#file, cell.name);
    const loading = this.#breakable(cell, () => callBreakable(load));
    if (loading) await cell.until(loading);
  }

  /**
   * Starts a cell; for a cell with top-level `await`, returns the promise of its end.
   *
   * @param over called at its end, even if nobody is waiting any more
   */
  #evaluate({ code, isAsync }: RunnableCell, cell: Cell, over: () => void): Promise<unknown> {
    if (code === undefined) return Promise.resolve();
    // A block of its own, in which a cell can redeclare `module` or `require`.
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

  /** Runs code that SIGINT can break: computations that never check the flag, such as a regular expression search. */
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

  /** Makes loops check the flag from the cell's abort until its work has ended. */
  #watchAborted(cell: Cell, work: Promise<unknown>): void {
    cell.signal.addEventListener('abort', () => this.#interrupts.watch(Promise.race([work, leftAtWork()])));
  }

  /** Runs a task that a page event caused. */
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

  /**
   * Removes the variables that a cell is about to declare, so that after a failure the existing ones are those that it
   * declared.
   */
  #takeVariables(names: readonly string[]): Map<string, PropertyDescriptor | undefined> {
    const before = new Map<string, PropertyDescriptor | undefined>();
    for (const name of names) {
      before.set(name, Object.getOwnPropertyDescriptor(this.#variables, name));
      delete this.#variables[name];
    }
    return before;
  }

  /** Restores the variables that a failed cell didn't replace; returns the names that it didn't declare. */
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

  /** Handles an uncaught error: fails the cell that it belongs to, or prints it if the cell has ended. */
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

  /** Prints an error of work whose cell has ended. */
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

/** The `import.meta` of a file. */
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
