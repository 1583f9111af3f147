/** Trains a model on a cluster of processes on one machine, and supervises them. */
import { availableParallelism } from 'node:os';
import { learnerNumber, learnersOf, nameOfTask } from '../models/cluster/clusterTask';
import { localJobs, serverProgram } from '../models/cluster/localCluster';
import { type FromTask, inWords, TaskProcess } from '../models/cluster/taskProcess';
import { atMost } from '../runtime/atMost';
import { FailedPreconditionError } from '../runtime/errors';
import { ClusterTerminal, type Progress } from './clusterTerminal';
import { TASK_VARIABLE, type ToldTask } from './toldTask';

/** What to train, and with how many tasks. */
export interface LocalTraining {
  readonly workers: number;
  readonly ps: number;
  readonly maxIter: number;
  /** The part of the configuration that is the same for all tasks. */
  readonly config: ToldTask['config'];
  /** The program for the tasks: the project's own, with its arguments. */
  readonly program: { readonly file: string; readonly words: readonly string[] };
  readonly signal: AbortSignal;
}

/** The maximal number of restarts of killed processes in total. */
const MOST_STARTS = 25;

/** How long, in milliseconds, workers may take to end when training is over or stopped. */
const GRACE_MS = 15_000;

/** The time window, in milliseconds, for steps per second. */
const RATE_MS = 2000;

/**
 * Trains with one process for each task; all have ended when it returns.
 *
 * @returns whether it was stopped
 * @throws {FailedPreconditionError} when a task fails, with the end of its output
 */
export async function trainLocally(options: LocalTraining): Promise<{ readonly stopped: boolean }> {
  const { maxIter, signal, workers, ps } = options;
  const terminal = new ClusterTerminal(maxIter);
  const training = new Training(options, terminal, await localJobs({ ps, workers }));
  const stop = () => training.stop();
  signal.addEventListener('abort', stop);
  try {
    await training.run();
  } finally {
    signal.removeEventListener('abort', stop);
    terminal.close();
  }
  for (const line of training.summary()) console.log(line);
  return { stopped: signal.aborted };
}

class Training {
  readonly #terminal: ClusterTerminal;
  readonly #servers: TaskProcess[];
  readonly #learners: Learner[];
  readonly #begin = performance.now();
  #isEnding = false;
  #failure: Error | undefined;

  constructor(options: LocalTraining, terminal: ClusterTerminal, cluster: Readonly<Record<string, readonly string[]>>) {
    this.#terminal = terminal;
    const threads = String(Math.max(1, Math.floor(availableParallelism() / options.workers)));
    const env = { TF_NUM_INTRAOP_THREADS: threads, OMP_NUM_THREADS: threads };
    const servers = (cluster.ps ?? []).map((_, taskIndex) => ({ cluster, jobName: 'ps', taskIndex }));
    this.#servers = servers.map((task) => new TaskProcess(task, { ...serverProgram(task), env }));
    this.#learners = learnersOf(cluster).map((one) => new Learner(options, { cluster, ...one }, env, this));
  }

  /** @throws {FailedPreconditionError} when a task fails */
  async run(): Promise<void> {
    const timer = setInterval(() => this.#show(), 200);
    try {
      const servers = this.#servers.map((task) => this.#watch(task, () => task.start()));
      const learners = this.#learners.map((learner) => this.#watch(learner.process, () => learner.start()));
      this.log(`Cluster: ${this.#all.map(describe).join(', ')}`);
      await Promise.race([learners[0]!, ...servers]); // the chief decides when training is over
      const others = Promise.all(learners);
      if (this.#failure !== undefined) this.stop();
      await atMost(GRACE_MS, others);
      this.stop();
      await atMost(GRACE_MS, others);
    } finally {
      this.#isEnding = true;
      clearInterval(timer);
      await Promise.all(this.#all.map((task) => task.end()));
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  get #all(): TaskProcess[] {
    return [...this.#servers, ...this.#learners.map(({ process }) => process)];
  }

  /** Stops all workers after their current steps. */
  stop(): void {
    this.#isEnding = true;
    for (const { process } of this.#learners) process.stop();
  }

  log(line: string): void {
    this.#terminal.log(line);
  }

  /** A line for each worker with what it did. */
  summary(): string[] {
    const seconds = (performance.now() - this.#begin) / 1000;
    const shares = this.#learners.map(({ process: { name }, taken }) => `${name} ${taken}`).join(', ');
    return [`Steps in ${seconds.toFixed(1)} s: ${shares}`];
  }

  /** Runs a task's process, restarting it, until its work is done, training ends, or it fails. */
  async #watch(process: TaskProcess, start: () => void): Promise<void> {
    for (let starts = 1; ; starts++) {
      start();
      if (starts > 1) this.log(`${describe(process)} started again (${starts - 1} of at most ${MOST_STARTS} times)`);
      const end = await process.ended();
      if (this.#isEnding || end.code === 0) return;
      if (end.signal === null || starts > MOST_STARTS) {
        this.#failure ??= new FailedPreconditionError(`${process.name} ${inWords(end)}`);
        return this.stop();
      }
      this.log(`${process.name} was ended by signal ${end.signal}`);
    }
  }

  #show(): void {
    const workers = this.#learners.map((learner) => learner.progress());
    if (workers.some(({ step }) => step > 0)) this.#terminal.update(workers);
  }
}

/** A training task, as far as it has reported. */
class Learner {
  readonly process: TaskProcess;
  readonly #number: number;
  readonly #training: Training;
  readonly #told: ToldTask;
  #starts = 0;
  #step = 0;
  #loss = Number.NaN;
  /** The steps taken by earlier processes. */
  #before = 0;
  #taken = 0;
  /** The numbers of steps at recent times. */
  #marks: { readonly time: number; readonly taken: number }[] = [];

  constructor(
    { program, config }: LocalTraining,
    task: TaskProcess['task'],
    env: Readonly<Record<string, string>>,
    training: Training,
  ) {
    this.#number = learnerNumber(task);
    this.#training = training;
    this.#told = { task, config, goesOn: false };
    this.process = new TaskProcess(task, { ...program, env }, (message) => this.#hear(message));
  }

  /** The steps taken by this task itself. */
  get taken(): number {
    return this.#before + this.#taken;
  }

  start(): void {
    this.#before += this.#taken;
    this.#taken = 0;
    const told: ToldTask = { ...this.#told, goesOn: this.#starts++ > 0 };
    this.process.start({ [TASK_VARIABLE]: JSON.stringify(told) });
  }

  progress(): Progress {
    const time = performance.now();
    this.#marks = [...this.#marks.filter((mark) => time - mark.time < RATE_MS), { time, taken: this.taken }];
    const [first] = this.#marks;
    const rate = (1000 * (this.taken - first!.taken)) / Math.max(time - first!.time, 1);
    return { name: nameOfTask(this.process.task), step: this.#step, loss: this.#loss, rate };
  }

  #hear(message: FromTask): void {
    if (message.type === 'step') {
      this.#step = message.step;
      this.#taken = message.taken;
      this.#loss = message.loss ?? this.#loss;
    } else if (message.type === 'log') {
      if (this.#number === 0) this.#training.log(message.line);
      else if (/^(After step|Going on)/.test(message.line)) this.#training.log(`${this.process.name}: ${message.line}`);
    }
  }
}

/** Describes a task with its address and process id. */
function describe({ name, task: { cluster, jobName, taskIndex }, pid }: TaskProcess): string {
  return `${name} at ${cluster[jobName]![taskIndex]} (process ${pid})`;
}
