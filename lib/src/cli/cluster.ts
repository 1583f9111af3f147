/** The flags for training in a cluster, and the task that they and `TF_CONFIG` assign to this process. */
import type { Command } from 'commander';
import {
  type ClusterTask,
  checkTask,
  nameOfTask,
  readCluster,
  TF_CONFIG,
  taskOfTfConfig,
} from '../models/cluster/clusterTask';
import { integer } from './arguments';

/** The flags added by {@link addClusterFlags}. */
export interface ClusterFlags {
  cluster?: string;
  workers?: number;
  ps?: number;
  jobName?: string;
  taskIndex?: number;
  sync?: boolean;
}

/** The default numbers of workers and parameter servers of a local cluster. */
export const [WORKERS, SERVERS] = [2, 1];

const HEADING = 'Options of clusters:';

export function addClusterFlags(command: Command): Command {
  const option = (flags: string, description: string, parse?: (text: string) => number) => {
    const added = command.createOption(flags, description).helpGroup(HEADING);
    command.addOption(parse === undefined ? added : added.argParser(parse));
  };
  option(
    '--cluster <file>',
    `'local' to train with processes of this machine, or a JSON file with the addresses of a cluster's tasks (default: what ${TF_CONFIG} says)`,
  );
  option('--workers <number>', `with --cluster local, workers (default: ${WORKERS})`, integer(1));
  option('--ps <number>', `with --cluster local, parameter servers (default: ${SERVERS})`, integer(1));
  option('--job-name <name>', 'with a file, the job of this process: ps, worker or chief');
  option('--task-index <number>', 'with a file, the index of this task in its job (default: 0)', integer(0));
  option('--sync', 'apply the gradients of all workers together; by default each worker applies its own');
  return command;
}

/**
 * The role of this process by its flags, or else by `TF_CONFIG`: a task of a cluster, or the process that starts a
 * `local` one.
 *
 * @returns undefined for training without a cluster
 * @throws {InvalidArgumentError} when the file or the variable describes no such task
 */
export function partOf(command: Command, flags: ClusterFlags): ClusterTask | 'local' | undefined {
  const { cluster, workers, ps, jobName, taskIndex, sync } = flags;
  const misplaced = (flag: string, needs: string): never => command.error(`error: option '${flag}' needs ${needs}`);
  if (cluster !== 'local') {
    if (workers !== undefined) misplaced('--workers <number>', '--cluster local');
    if (ps !== undefined) misplaced('--ps <number>', '--cluster local');
  }
  if (cluster === undefined || cluster === 'local') {
    if (jobName !== undefined) misplaced('--job-name <name>', '--cluster <file>');
    if (taskIndex !== undefined) misplaced('--task-index <number>', '--cluster <file>');
  }
  if (cluster === 'local') return 'local';
  if (cluster === undefined) {
    const task = taskOfTfConfig(process.env[TF_CONFIG]);
    if (sync && task === undefined) misplaced('--sync', `--cluster, or a ${TF_CONFIG} that has a cluster`);
    return task;
  }
  if (jobName === undefined) return command.error("error: option '--cluster <file>' needs --job-name <name>");
  return checkTask(cluster, { cluster: readCluster(cluster), jobName, taskIndex: taskIndex ?? 0 }, [
    '--job-name',
    '--task-index',
  ]);
}

/** The arguments that request the same cluster again. */
export function wordsOf(
  part: ReturnType<typeof partOf>,
  { cluster, workers, ps, jobName, taskIndex, sync }: ClusterFlags,
) {
  if (part === undefined || cluster === undefined) return sync ? ['--sync'] : [];
  const given = {
    '--cluster': cluster,
    '--workers': workers,
    '--ps': ps,
    '--job-name': jobName,
    '--task-index': taskIndex,
  };
  const valued = Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [flag, `${value}`]));
  return sync ? [...valued, '--sync'] : valued;
}

/** Describes a task and its cluster. */
export function describeTask(task: ClusterTask): string {
  const jobs = Object.entries(task.cluster).map(([job, addresses]) => `${addresses.length} ${job}`);
  return `${nameOfTask(task)} of a cluster of ${jobs.join(', ')}`;
}

/** Resolves when a signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // Keeps this process alive: a server's threads don't belong to Node.
    const timer = setInterval(() => {}, 2 ** 30);
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      resolve();
    });
  });
}
