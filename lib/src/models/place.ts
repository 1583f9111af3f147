/** Where the session of an agent runs, if not in this process. */
import type { ClusterTask } from './cluster/clusterTask';

/** A TensorFlow server, and the cluster to which it belongs. */
export interface Place {
  /** The server's address, `grpc://HOST:PORT`. */
  readonly target: string;
  /** The cluster task of this process, if the model learns in a cluster: the server belongs to this task. */
  readonly task?: ClusterTask;
  /**
   * Whether an update waits for the gradients of all workers.
   *
   * @defaultValue `false`
   */
  readonly synchronous?: boolean;
  /**
   * Whether a starting chief continues with the values on the parameter servers, if all variables have values: only for
   * servers dedicated to this training. Otherwise, it begins from the latest checkpoint, or from initial values.
   *
   * @defaultValue `false`
   */
  readonly goesOn?: boolean;
  /**
   * The checkpoint of another run from which this one begins, if its folder has none yet.
   *
   * @defaultValue none: the variables get their initial values
   */
  readonly from?: string;
}
