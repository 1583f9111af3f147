/**
 * Where the operations of a replica run in a cluster: variables on parameter servers, all else on the worker.
 *
 * @see TensorFlow's python/training/device_setter.py
 */

import { checkArray, checkFunction, shown } from '../../../runtime/arguments';
import { InvalidArgumentError } from '../../../runtime/errors';
import { onlyOptions } from '../../../runtime/options';
import { type DeviceFunction, DeviceSpec, type OperationDescription } from '../../graph/devices';
import { type ClusterLike, ClusterSpec } from './clusterSpec';
import { type PsStrategy, RoundRobinStrategy } from './psStrategies';

/** Which operations run where. */
export interface ReplicaDeviceOptions {
  /**
   * How many parameter servers there are, if no `cluster` says so.
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
   * The device of all else, such as `'/job:worker/task:1'`.
   *
   * @defaultValue `'/job:worker'`
   */
  workerDevice?: string;
  /**
   * Whether inner scopes are added to. Otherwise an operation that has a device in part stays as it is.
   *
   * @defaultValue `true`
   */
  mergeDevices?: boolean;
  /** The cluster, whose job of `psDevice` has so many tasks. */
  cluster?: ClusterLike;
  /**
   * The types of operations that parameter servers hold.
   *
   * @defaultValue variables of both kinds, hash tables, and what else keeps something
   */
  psOps?: readonly string[];
  /**
   * Which parameter server holds an operation.
   *
   * @defaultValue one after the other
   */
  psStrategy?: PsStrategy;
}

/** What keeps something between the steps, as in Python. */
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
 * A device function for `tf.device`: variables go to the parameter servers, by turns or as `psStrategy` says, and all else to the
 * worker. What inner scopes say stays.
 *
 * @returns null where there is no parameter server: as a scope it forgets the outer ones, as in Python
 * @throws {InvalidArgumentError} when a device is none, `psTasks` no number, or the cluster no object
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

/** The numbers of the tasks of a job; none of one that the cluster doesn't have. */
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
