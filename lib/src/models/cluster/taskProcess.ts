/** A process on this machine that is a task of a cluster. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { deferred } from '../../../shared/deferred.cjs';
import { endOwn, forkOwn } from '../../hyperparameters/ownProcess';
import { messageOf } from '../../runtime/errorContext';
import { FailedPreconditionError } from '../../runtime/errors';
import { type ClusterTask, nameOfTask } from './clusterTask';

/** The program of a task's process. */
export interface TaskProgram {
  /** The file of the program. */
  readonly file: string;
  readonly words: readonly string[];
  /** Additional environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A message from a task to its parent. */
export type FromTask =
  /** Its server is listening. */
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly line: string }
  /** The global step, the steps that this task has taken itself, and the loss of its last one. */
  | { readonly type: 'step'; readonly step: number; readonly taken: number; readonly loss: number | null };

/** A message to a task. */
export interface ToTask {
  /** Stop at the end of a step. */
  readonly type: 'stop';
}

/** How a process ended. */
export interface TaskEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Its last output, in one line. */
  readonly words: string;
}

/** How much of a process's output is kept, in characters. */
const MOST_KEPT = 4096;

/** A task whose process can be ended and restarted. */
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

  /** The process id; undefined if it isn't running. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts the process, unless it is running.
   *
   * @param env environment variables for this process only
   */
  start(env: Readonly<Record<string, string>> = {}): void {
    if (this.#child !== undefined) return;
    const { file, words, env: always } = this.#program;
    const child = forkOwn(file, words, { ...always, ...env });
    this.#child = child;
    this.#printed = '';
    const listening = deferred<void>();
    this.#isListening = listening;
    listening.promise.catch(() => {}); // not every caller awaits it
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (text) => {
        this.#printed = (this.#printed + text).slice(-MOST_KEPT);
      });
    child.on('message', (message: FromTask) => {
      if (message.type === 'ready') listening.resolve();
      this.#onMessage(message);
    });
    // Node doesn't emit 'close' for a child that was disconnected.
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
   * Waits until its server is listening.
   *
   * @throws {FailedPreconditionError} when the process ends before; the message contains its last output
   */
  async ready(): Promise<void> {
    await this.#isListening.promise;
  }

  /** Waits for the end of the current or most recent process, and returns how it ended. */
  async ended(): Promise<TaskEnd> {
    if (this.#ended === undefined) throw new FailedPreconditionError(`${this.name} was never started`);
    return this.#ended;
  }

  /** Asks it to stop. */
  stop(): void {
    const message: ToTask = { type: 'stop' };
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  /** Kills the process immediately, like the failure of its machine. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#child?.kill(signal);
    await this.#ended;
  }

  /** Ends the process, gracefully if possible. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    await endOwn(child, this.#ended!);
  }
}

/** How a process ended, to be appended to its name. */
export function inWords({ code, signal, words }: TaskEnd): string {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by signal ${signal}`;
  return words === '' ? how : `${how}: ${words}`;
}

/** The error that a program reported, or else its last line of output. */
function lastWordsOf(printed: string): string {
  const lines = printed.split('\n').filter((line) => line.trim() !== '');
  const told = lines.filter((line) => /^(error: |\w*Error: )/.test(line));
  return (told.at(-1) ?? lines.at(-1) ?? '').replace(/^error: /, '');
}
