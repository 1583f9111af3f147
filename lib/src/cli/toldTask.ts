/** The task that a process of `train --cluster local` receives from the process that started it. */
import { endWithParent } from '../hyperparameters/endWithParent';
import type { ClusterTask } from '../models/cluster/clusterTask';
import type { FromTask, ToTask } from '../models/cluster/taskProcess';

/** The message to the task. */
export interface ToldTask {
  readonly task: ClusterTask;
  /** The part of the configuration that is the same for all. */
  readonly config: { readonly resultDir: string; readonly randomSeed: number };
  /** Whether it replaces a killed process. */
  readonly goesOn: boolean;
}

/** The environment variable that marks such a process. */
export const TASK_VARIABLE = 'TF_MECHANICS_TASK';

let told: ToldTask | undefined;

/**
 * The message to this process, if it is a task of a local cluster. From then on, the process ends with its parent and
 * leaves Ctrl-C to it.
 */
export function toldTask(): ToldTask | undefined {
  const text = process.env[TASK_VARIABLE];
  if (told !== undefined || text === undefined || process.send === undefined) return told;
  delete process.env[TASK_VARIABLE]; // not for its own children
  told = JSON.parse(text) as ToldTask;
  endWithParent();
  process.channel?.unref(); // the channel doesn't keep the process alive after training
  return told;
}

/** Sends a message to the parent. */
export function tell(message: FromTask): void {
  process.send?.(message, () => {}); // if the parent has ended, so will this process
}

/** Calls `work` with a signal that the parent can abort. */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = ({ type }: ToTask) => {
    if (type === 'stop') controller.abort();
  };
  process.on('message', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('message', stop);
  }
}
