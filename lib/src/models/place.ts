/** Where the session of an agent runs, if not in this process. */
import type { ClusterTask } from './cluster/clusterTask';

/** A TensorFlow server, and what there is to know of the cluster that it belongs to. */
export interface Place {
  /** The server's address, `grpc://HOST:PORT`. */
  readonly target: string;
  /** Which task of a cluster this process is, where the model learns in one: the server is this task's. */
  readonly task?: ClusterTask;
  /**
   * Whether the workers' gradients are summed up before a step is taken.
   *
   * @defaultValue `false`
   */
  readonly synchronous?: boolean;
  /**
   * Whether the chief, when it begins, goes on with the values that the parameter servers have, where they have all: for servers of this
   * training alone. Else it begins from the latest checkpoint, or from initial values.
   *
   * @defaultValue `false`
   */
  readonly goesOn?: boolean;
  /**
   * The checkpoint of another run with which this one begins, where its folder has none yet.
   *
   * @defaultValue none: the variables get their initial values then
   */
  readonly from?: string;
}
