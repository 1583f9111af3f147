/** A process of this machine that is a task of a cluster. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { deferred } from '../../../shared/deferred.cjs';
import { endOwn, forkOwn } from '../../hyperparameters/ownProcess';
import { messageOf } from '../../runtime/errorContext';
import { FailedPreconditionError } from '../../runtime/errors';
import { type ClusterTask, nameOfTask } from './clusterTask';

/** What a task's process is. */
export interface TaskProgram {
  /** The file of the program. */
  readonly file: string;
  readonly words: readonly string[];
  /** Environment variables, besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a task tells the process that began it. */
export type FromTask =
  /** Its server listens. */
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly line: string }
  /** The step of all workers, the steps that it has taken itself, and the loss of its last one. */
  | { readonly type: 'step'; readonly step: number; readonly taken: number; readonly loss: number | null };

/** What a task is told. */
export interface ToTask {
  /** End at a step's end. */
  readonly type: 'stop';
}

/** How a process came to its end. */
export interface TaskEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it printed last, in a line. */
  readonly words: string;
}

/** How much is kept of what a process prints. */
const MOST_KEPT = 4096;

/** A task whose process can be ended and begun anew. */
export class TaskProcess {
  readonly task: ClusterTask;
  readonly #program: TaskProgram;
  readonly #onMessage: (message: FromTask) => void;
  #child: ChildProcess | undefined;
  #ended: Promise<TaskEnd> | undefined;
  #isListening = deferred<void>();
  #printed = '';

  constructor(task: ClusterTask, program: TaskProgram, onMessage: (message: FromTask) => void = () => {}) {
    this.task = task;
    this.#program = program;
    this.#onMessage = onMessage;
  }

  get name(): string {
    return nameOfTask(this.task);
  }

  /** The process's number; undefined where none runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Begins a process; does nothing while one runs.
   *
   * @param env environment variables of this process of the task alone
   */
  start(env: Readonly<Record<string, string>> = {}): void {
    if (this.#child !== undefined) return;
    const { file, words, env: always } = this.#program;
    const child = forkOwn(file, words, { ...always, ...env });
    this.#child = child;
    this.#printed = '';
    const listening = deferred<void>();
    this.#isListening = listening;
    listening.promise.catch(() => {}); // not everybody waits for it
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (text) => {
        this.#printed = (this.#printed + text).slice(-MOST_KEPT);
      });
    child.on('message', (message: FromTask) => {
      if (message.type === 'ready') listening.resolve();
      this.#onMessage(message);
    });
    // Node tells of no 'close' of a child that was disconnected from.
    const outputs = [child.stdout!, child.stderr!].map((stream) => once(stream, 'close'));
    const ending = Promise.all([once(child, 'exit'), ...outputs]).catch((error) => {
      this.#printed = messageOf(error); // it couldn't be started
      return [[null, null]] as const;
    });
    this.#ended = ending.then(([[code, signal]]) => {
      this.#child = undefined;
      const end = { code, signal, words: lastWordsOf(this.#printed) };
      listening.reject(new FailedPreconditionError(`${this.name} ${inWords(end)}`));
      return end;
    });
  }

  /**
   * Waits until its server listens.
   *
   * @throws {FailedPreconditionError} when the process ends before, with its last words
   */
  async ready(): Promise<void> {
    await this.#isListening.promise;
  }

  /** How the process that runs, or ran last, comes to its end. */
  async ended(): Promise<TaskEnd> {
    if (this.#ended === undefined) throw new FailedPreconditionError(`${this.name} was never started`);
    return this.#ended;
  }

  /** Asks it to come to its end. */
  stop(): void {
    const message: ToTask = { type: 'stop' };
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  /** Ends the process at once, as the end of its machine would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#child?.kill(signal);
    await this.#ended;
  }

  /** Ends the process, in good order where it can. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    await endOwn(child, this.#ended!);
  }
}

/** How a process ended, after its name. */
export function inWords({ code, signal, words }: TaskEnd): string {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by signal ${signal}`;
  return words === '' ? how : `${how}: ${words}`;
}

/** The error that a program told of, or else the last line that it printed. */
function lastWordsOf(printed: string): string {
  const lines = printed.split('\n').filter((line) => line.trim() !== '');
  const told = lines.filter((line) => /^(error: |\w*Error: )/.test(line));
  return (told.at(-1) ?? lines.at(-1) ?? '').replace(/^error: /, '');
}
