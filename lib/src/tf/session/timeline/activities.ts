/** What ran when in a traced step. */
import type { NodeExecStats, StepStats } from '../../../protos';

/** One execution of an operation. Times are microseconds; the step's first operation starts at 0. */
export interface Activity {
  name: string;
  /**
   * The operation's type, such as `MatMul`: that of the kernel which ran, which an optimizer of graphs may have put there. oneDNN's kernel of
   * an operation, which has a name of its own (`_MklMatMul`, `_MklNativeFusedConv2D`), is called as the operation (`MatMul`, `_FusedConv2D`).
   */
  type: string;
  /** The names of its inputs, control inputs behind a `^`. */
  inputs: string[];
  start: number;
  duration: number;
  /** Which lane of its device it has; what runs at the same time has lanes of its own. */
  lane: number;
  /** The memory that was allocated for it. */
  bytes: number;
}

/** What a device did, by start. */
export interface DeviceActivities {
  device: string;
  /** How many lanes there are: at most so many operations ran at the same time. */
  lanes: number;
  activities: Activity[];
}

/**
 * What each device did that did anything. A step on several machines records what a device received apart from what it computed; here it
 * is one device.
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

/** The start since the epoch. Runtimes before TensorFlow 1.13 record no nanoseconds. */
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

/** What names of oneDNN's kernels begin with. */
const ONEDNN = /^_Mkl(?:Native)?/;
/** Operations that only an optimizer puts into graphs. */
const FUSED = /^Fused(?!BatchNorm(Grad)?(V\d)?$)/;

function labelOf({ nodeName, timelineLabel }: NodeExecStats): Pick<Activity, 'name' | 'type' | 'inputs'> {
  const label = LABEL.exec(timelineLabel);
  if (label) return { name: nodeName, type: operationOf(label[1]!), inputs: label[2] ? label[2].split(', ') : [] };
  // The streams of a GPU name a node and its type. A tensor that comes from another machine has neither.
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

/** Puts each activity, by start, on the first lane that is free; returns how many lanes that takes. */
function assignLanes(activities: Activity[]): number {
  const freeAt: number[] = [];
  for (const activity of activities) {
    const free = freeAt.findIndex((end) => end <= activity.start);
    activity.lane = free < 0 ? freeAt.length : free;
    freeAt[activity.lane] = activity.start + activity.duration;
  }
  return freeAt.length;
}
