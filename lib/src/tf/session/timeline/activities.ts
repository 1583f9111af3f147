/** When the operations of a traced step ran. */
import type { NodeExecStats, StepStats } from '../../../protos';

/** One execution of an operation. Times are microseconds; the step's first operation starts at 0. */
export interface Activity {
  name: string;
  /**
   * The operation's type, such as `MatMul`: that of the kernel which ran, which a graph optimizer may have substituted.
   * oneDNN's own names for kernels (`_MklMatMul`, `_MklNativeFusedConv2D`) are replaced by those of the operations
   * (`MatMul`, `_FusedConv2D`).
   */
  type: string;
  /** The names of its inputs; control inputs begin with `^`. */
  inputs: string[];
  start: number;
  duration: number;
  /** Its lane on the device; operations that run at the same time have different lanes. */
  lane: number;
  /** The memory that was allocated for it. */
  bytes: number;
}

/** The activities of a device, ordered by start. */
export interface DeviceActivities {
  device: string;
  /** The number of lanes: the maximum number of operations that ran at the same time. */
  lanes: number;
  activities: Activity[];
}

/**
 * The activities of each active device. A step on several machines records what a device received separately from what
 * it computed; here, both belong to the same device.
 */
export function activitiesOf({ devStats }: StepStats): DeviceActivities[] {
  const origin = devStats
    .flatMap(({ nodeStats }) => nodeStats.map(startNanos))
    .reduce<bigint | undefined>((least, start) => (least === undefined || start < least ? start : least), undefined);
  if (origin === undefined) return [];
  const nodesOf = new Map<string, NodeExecStats[]>();
  for (const { device, nodeStats } of devStats)
    if (nodeStats.length > 0) nodesOf.set(device, [...(nodesOf.get(device) ?? []), ...nodeStats]);
  return [...nodesOf].map(([device, nodeStats]) => {
    const activities = nodeStats
      .map((node) => ({ ...labelOf(node), ...spanOf(node, origin), lane: 0, bytes: bytesOf(node) }))
      .sort((a, b) => a.start - b.start);
    return { device, lanes: assignLanes(activities), activities };
  });
}

/** The start since the epoch. Runtimes before TensorFlow 1.13 don't record nanoseconds. */
function startNanos({ allStartNanos, allStartMicros }: NodeExecStats): bigint {
  return BigInt(allStartNanos) || BigInt(allStartMicros) * 1000n;
}

function spanOf(node: NodeExecStats, origin: bigint) {
  return {
    start: Number(startNanos(node) - origin) / 1000,
    duration: node.allEndRelNanos / 1000 || node.allEndRelMicros,
  };
}

/** Labels look like `[cpu 9.6MB 9.6MB] conv1/Conv2D = Conv2D(images, conv1/weights/read)`. */
const LABEL = / = ([^ (]+)\((.*)\)/;

/** The prefixes of oneDNN's kernel names. */
const ONEDNN = /^_Mkl(?:Native)?/;
/** Operations that only a graph optimizer creates. */
const FUSED = /^Fused(?!BatchNorm(Grad)?(V\d)?$)/;

function labelOf({ nodeName, timelineLabel }: NodeExecStats): Pick<Activity, 'name' | 'type' | 'inputs'> {
  const label = LABEL.exec(timelineLabel);
  if (label) return { name: nodeName, type: operationOf(label[1]!), inputs: label[2] ? label[2].split(', ') : [] };
  // The streams of a GPU contain a node and its type. A tensor from another machine has neither.
  const [name, type] = nodeName.split(':') as [string, string?];
  return { name, type: type ?? (name === 'RecvTensor' ? name : 'unknown'), inputs: [] };
}

function operationOf(kernel: string): string {
  const operation = kernel.replace(ONEDNN, '');
  return operation !== kernel && FUSED.test(operation) ? `_${operation}` : operation;
}

function bytesOf({ memory }: NodeExecStats): number {
  return memory.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
}

/** Assigns each activity, ordered by start, to the first free lane; returns the number of lanes. */
function assignLanes(activities: Activity[]): number {
  const freeAt: number[] = [];
  for (const activity of activities) {
    const free = freeAt.findIndex((end) => end <= activity.start);
    activity.lane = free < 0 ? freeAt.length : free;
    freeAt[activity.lane] = activity.start + activity.duration;
  }
  return freeAt.length;
}
