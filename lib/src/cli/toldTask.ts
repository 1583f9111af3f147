/** The task that a process of `train --cluster local` gets from the process that started it. */
import { endWithParent } from '../hyperparameters/endWithParent';
import type { ClusterTask } from '../models/cluster/clusterTask';
import type { FromTask, ToTask } from '../models/cluster/taskProcess';

/** What it is told. */
export interface ToldTask {
  readonly task: ClusterTask;
  /** What of the configuration is the same for all. */
  readonly config: { readonly resultDir: string; readonly randomSeed: number };
  /** Whether it takes the place of one that was killed. */
  readonly goesOn: boolean;
}

/** The environment variable that says so. */
export const TASK_VARIABLE = 'TF_MECHANICS_TASK';

let told: ToldTask | undefined;

/** What this process is told, if it is one of a local cluster: from then on it ends with its parent, and leaves Ctrl-C to it. */
export function toldTask(): ToldTask | undefined {
  const text = process.env[TASK_VARIABLE];
  if (told !== undefined || text === undefined || process.send === undefined) return told;
  delete process.env[TASK_VARIABLE]; // it is meant for nobody else
  told = JSON.parse(text) as ToldTask;
  endWithParent();
  process.channel?.unref(); // when the training is over, so is the process
  return told;
}

/** Tells the parent something. */
export function tell(message: FromTask): void {
  process.send?.(message, () => {}); // where it has ended, so does this process
}

/** Calls `work` with a signal that is aborted when the parent says so. */
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
