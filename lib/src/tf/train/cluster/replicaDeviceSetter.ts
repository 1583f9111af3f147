/**
 * Places the operations of a replica in a cluster: variables on parameter servers, everything else on the worker.
 *
 * @see TensorFlow's python/training/device_setter.py
 */

import { checkArray, checkFunction, shown } from '../../../runtime/arguments';
import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';
import { type DeviceFunction, DeviceSpec, type OperationDescription } from '../../graph/devices';
import { type ClusterLike, ClusterSpec } from './clusterSpec';
import { type PsStrategy, RoundRobinStrategy } from './psStrategies';

/** Options of {@link replicaDeviceSetter}. */
export interface ReplicaDeviceOptions {
  /**
   * The number of parameter servers, if `cluster` is left out.
   *
   * @defaultValue `0`
   */
  psTasks?: number;
  /**
   * The device of the parameter servers; `''` for none.
   *
   * @defaultValue `'/job:ps'`
   */
  psDevice?: string;
  /**
   * The device of everything else, such as `'/job:worker/task:1'`.
   *
   * @defaultValue `'/job:worker'`
   */
  workerDevice?: string;
  /**
   * Whether unset parts of devices in inner scopes are filled in. Otherwise, an operation with a partial device is left
   * alone.
   *
   * @defaultValue `true`
   */
  mergeDevices?: boolean;
  /** The cluster; the number of tasks of the job in `psDevice` determines the number of parameter servers. */
  cluster?: ClusterLike;
  /**
   * The types of operations to place on parameter servers.
   *
   * @defaultValue variables of both kinds, hash tables, and other stateful operations
   */
  psOps?: readonly string[];
  /**
   * Chooses the parameter server of an operation.
   *
   * @defaultValue in turn
   */
  psStrategy?: PsStrategy;
}

/** Operations that keep state between steps, as in Python. */
const STANDARD_PS_OPS: readonly string[] = [
  'Variable',
  'VariableV2',
  'AutoReloadVariable',
  'MutableHashTable',
  'MutableHashTableV2',
  'MutableHashTableOfTensors',
  'MutableHashTableOfTensorsV2',
  'MutableDenseHashTable',
  'MutableDenseHashTableV2',
  'VarHandleOp',
  'BoostedTreesEnsembleResourceHandleOp',
  'BoostedTreesQuantileStreamResourceHandleOp',
  'ResourceConditionalAccumulator',
  'DecisionTreeResource',
];

/**
 * A device function for `tf.device` that places variables on the parameter servers, in turn or as `psStrategy` chooses,
 * and everything else on the worker. Devices set by inner scopes are preserved.
 *
 * @returns null if there is no parameter server; as a scope, this ignores the outer ones, as in Python
 * @throws {InvalidArgumentError} when a device is invalid, `psTasks` is not a number, or the cluster not an object
 *
 * @example
 * const cluster = { ps: ['127.0.0.1:2222', '127.0.0.1:2223'], worker: ['127.0.0.1:2224'] };
 * const setter = tf.train.replicaDeviceSetter({ cluster, workerDevice: '/job:worker/task:0' });
 * const [a, b] = tf.device(setter, () => [new tf.Variable(1), new tf.Variable(2)]);
 * a.device; // '/job:ps/task:0'
 * b.device; // '/job:ps/task:1'
 */
export function replicaDeviceSetter(options: ReplicaDeviceOptions = {}): DeviceFunction | null {
  const {
    psTasks = 0,
    psDevice = '/job:ps',
    workerDevice = '/job:worker',
    mergeDevices = true,
    cluster,
    psOps = STANDARD_PS_OPS,
    psStrategy,
  } = onlyOptions(options, {
    psTasks: 'number',
    psDevice: 'string',
    workerDevice: 'string',
    mergeDevices: 'boolean',
    cluster: 'any',
    psOps: 'array',
    psStrategy: 'any',
  });
  if (!Number.isSafeInteger(psTasks) || psTasks < 0)
    throw new InvalidArgumentError(`psTasks is a number of parameter servers, not ${shown(psTasks)}`);
  checkArray('the types of operations on parameter servers', psOps);
  const servers = DeviceSpec.fromString(psDevice);
  const worker = DeviceSpec.fromString(workerDevice);
  const tasks = cluster === undefined ? Array.from({ length: psTasks }, (_, i) => i) : tasksOf(cluster, servers.job);
  if (tasks.length === 0) return null;
  const strategy = psStrategy ?? new RoundRobinStrategy(tasks.length);
  if (typeof strategy !== 'function') checkFunction("'choose' of psStrategy", strategy.choose);
  const isHeld = new Set(psDevice === '' ? [] : psOps);

  return function replicaDevice(operation) {
    const { type, device } = operation;
    if (!mergeDevices && device) return device;
    const own = DeviceSpec.fromString(device);
    if (!isHeld.has(type)) return worker.makeMergedSpec(own);
    const isOfJob = servers.job !== undefined && (own.job === undefined || own.job === servers.job);
    const server = isOfJob ? servers.replace({ task: taskOf(strategy, tasks, operation) }) : servers;
    return server.makeMergedSpec(own);
  };
}

/** The task numbers of a job; empty if the cluster doesn't have it. */
function tasksOf(cluster: ClusterLike, job = ''): readonly number[] {
  const spec = new ClusterSpec(cluster);
  return spec.jobs.includes(job) ? spec.taskIndices(job) : [];
}

function taskOf(strategy: PsStrategy, tasks: readonly number[], operation: OperationDescription): number {
  const chosen = typeof strategy === 'function' ? strategy(operation) : strategy.choose(operation);
  const task = tasks[chosen];
  if (task === undefined)
    throw new InvalidArgumentError(
      `psStrategy gives one of ${tasks.length} parameter servers, counted from 0, not ${shown(chosen)}`,
    );
  return task;
}
