/** The program of a process that is only a TensorFlow server. It ends with its parent. */
import { endWithParent } from '../../hyperparameters/endWithParent';
import { messageOf } from '../../runtime/errorContext';
import { Server } from '../../tf/train/cluster/server';
import type { ClusterTask } from './clusterTask';
import type { FromTask } from './taskProcess';

endWithParent();
try {
  const { cluster, jobName, taskIndex }: ClusterTask = JSON.parse(process.argv[2]!);
  const server = new Server({ cluster, jobName, taskIndex });
  const ready: FromTask = { type: 'ready' };
  process.send?.(ready);
  void server.join();
} catch (error) {
  console.error(`error: ${messageOf(error)}`);
  process.exitCode = 1;
  process.disconnect?.();
}
