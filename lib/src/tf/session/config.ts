/** Configurations of sessions and runs: TensorFlow's `ConfigProto`, `RunOptions` and `RunMetadata`. */

import {
  ConfigProto as ConfigCodec,
  type ConfigProto as ConfigMessage,
  type MessageInit,
  RunMetadata as RunMetadataCodec,
  type RunMetadata as RunMetadataMessage,
  RunOptions as RunOptionsCodec,
} from '../../protos';
import { checkObject, shown } from '../../runtime/arguments';
import { InvalidArgumentError } from '../../runtime/errors';

/**
 * How a session uses the machine; TensorFlow's `ConfigProto` with its fields in camelCase:
 * `intraOpParallelismThreads` (threads of one operation), `interOpParallelismThreads` (operations at once; -1 runs
 * them in the caller's thread), `allowSoftPlacement`, `logDevicePlacement`, `deviceCount`
 * (`{ CPU: 2, GPU: 0 }`), `gpuOptions` (`{ allowGrowth: true }`), `operationTimeoutInMs` …
 */
export type ConfigProto = MessageInit<ConfigMessage>;

/**
 * Creates a configuration, as in Python. A plain object works as well.
 *
 * @example
 * new tf.Session({ config: tf.ConfigProto({ gpuOptions: tf.GPUOptions({ allowGrowth: true }) }) });
 */
export function ConfigProto(fields: ConfigProto = {}): ConfigProto {
  ConfigCodec.check(fields);
  return { ...fields };
}

/** How a session uses GPUs: the field `gpuOptions` of a {@link ConfigProto}. */
export type GPUOptions = NonNullable<ConfigProto['gpuOptions']>;

/**
 * Creates GPU options, as in Python. A plain object works as well.
 *
 * @example
 * const config = tf.ConfigProto({ gpuOptions: tf.GPUOptions({ perProcessGpuMemoryFraction: 0.5 }) });
 */
export function GPUOptions(fields: GPUOptions = {}): GPUOptions {
  ConfigCodec.check({ gpuOptions: fields });
  return { ...fields };
}

/** More threads than any machine can use. libtensorflow aborts the process when it can't start a thread. */
export const MAX_THREADS = 1024;

/**
 * Validates a configuration, so that errors appear where it is given and not at the first run.
 *
 * @throws {InvalidArgumentError} when a field has the wrong type, or a number of threads or devices is impossible
 */
export function checkConfig(config: ConfigProto): void {
  ConfigCodec.check(config);
  checkThreads(config);
  ConfigCodec.encode(config); // checks that numbers fit their fields
}

/**
 * Refuses numbers of threads and devices that make libtensorflow abort the process: invalid negative numbers,
 * fractions, and numbers beyond 1024.
 */
function checkThreads(config: ConfigProto): void {
  const { intraOpParallelismThreads: intraOp = 0, interOpParallelismThreads: interOp = 0, deviceCount } = config;
  checkCount('intraOpParallelismThreads', intraOp, 0);
  checkCount('interOpParallelismThreads', interOp, -(2 ** 31)); // a negative number runs everything in the calling thread
  const devices = Object.entries(deviceCount ?? {});
  for (const [type, count] of devices) checkCount(`deviceCount.${type}`, count, 0);
  for (const [i, pool] of Array.from(config.sessionInterOpThreadPool ?? []).entries())
    checkCount(`sessionInterOpThreadPool[${i}].numThreads`, pool.numThreads ?? 0, 0);
  const cpus = Number(devices.find(([type]) => type === 'CPU')?.[1] ?? 1);
  if (cpus * Number(intraOp) > MAX_THREADS)
    throw new InvalidArgumentError(
      `${cpus} devices with ${intraOp} threads each are more than ${MAX_THREADS} threads (deviceCount.CPU, intraOpParallelismThreads)`,
    );
}

function checkCount(what: string, value: unknown, low: number): void {
  const count = typeof value === 'bigint' ? Number(value) : value;
  if (!Number.isInteger(count) || (count as number) < low || (count as number) > MAX_THREADS)
    throw new InvalidArgumentError(
      `${what} is a whole number from ${low === 0 ? 0 : -1} to ${MAX_THREADS}, not ${shown(value)}`,
    );
}

/**
 * How much of a run to trace. `FULL_TRACE` records the time and memory of every operation.
 *
 * @example
 * tf.TraceLevel.FULL_TRACE; // 3
 * await session.run(trainOp, feeds, { options: { traceLevel: tf.TraceLevel.FULL_TRACE }, runMetadata: new tf.RunMetadata() });
 */
export const TraceLevel = { NO_TRACE: 0, SOFTWARE_TRACE: 1, HARDWARE_TRACE: 2, FULL_TRACE: 3 } as const;

/**
 * Converts a trace level to its number; it may be given by name.
 *
 * @throws {InvalidArgumentError} when there is no such level
 */
export function traceLevelNumber(traceLevel: RunOptions['traceLevel'] = 'NO_TRACE'): number {
  const level = Object.entries(TraceLevel).find((entry) => (entry as readonly unknown[]).includes(traceLevel))?.[1];
  if (level !== undefined) return level;
  throw new InvalidArgumentError(
    `traceLevel is one of ${Object.keys(TraceLevel).join(', ')}, not ${shown(traceLevel)}`,
  );
}

/** @throws {InvalidArgumentError} when an option is unknown or has the wrong type */
export function checkRunOptions(options: RunOptions): void {
  checkObject('options of a run', options);
  const { traceLevel, ...others } = options; // may be a name, where the message has a number
  traceLevelNumber(traceLevel);
  RunOptionsCodec.check(others);
}

/** Options of one run. */
export interface RunOptions {
  /** How much `RunMetadata` records: the name of a level, or its number in {@link TraceLevel}. */
  traceLevel?: keyof typeof TraceLevel | (typeof TraceLevel)[keyof typeof TraceLevel];
  /** The time limit in milliseconds, after which the run fails with a `DeadlineExceededError`. */
  timeoutInMs?: number;
  /** Adds the partitioned graphs to the metadata. */
  outputPartitionGraphs?: boolean;
  /** Makes an out-of-memory error list the tensors that were alive. */
  reportTensorAllocationsUponOom?: boolean;
}

/**
 * Creates options of a run, as in Python. A plain object works as well.
 *
 * @example
 * await session.run(trainOp, feeds, { options: tf.RunOptions({ traceLevel: tf.RunOptions.FULL_TRACE }), runMetadata });
 */
export function RunOptions(fields: RunOptions = {}): RunOptions {
  checkRunOptions(fields);
  return { ...fields };
}
RunOptions.NO_TRACE = 'NO_TRACE' as const;
RunOptions.SOFTWARE_TRACE = 'SOFTWARE_TRACE' as const;
RunOptions.HARDWARE_TRACE = 'HARDWARE_TRACE' as const;
RunOptions.FULL_TRACE = 'FULL_TRACE' as const;

/**
 * What a traced run recorded. Pass one to `session.run`, which fills it.
 *
 * @example
 * const runMetadata = new tf.RunMetadata();
 * await session.run(trainOp, feeds, { options: { traceLevel: 'FULL_TRACE' }, runMetadata });
 * writer.addRunMetadata(runMetadata, 'step100');
 */
export class RunMetadata {
  /** The serialized `RunMetadata`; empty before the run. */
  bytes: Uint8Array = new Uint8Array();

  /** The time and memory of each operation on each device. */
  get stepStats(): RunMetadataMessage['stepStats'] {
    return RunMetadataCodec.decode(this.bytes).stepStats;
  }
}
