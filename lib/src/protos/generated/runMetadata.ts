/**
 * What a traced run reports: times, memory and the graphs that really ran.
 *
 * Made by `npm run protos` from lib/protos/run_metadata.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';
import type { GraphDef, TensorShapeProto } from './graph';

/** What a traced run reports. */
export interface RunMetadata {
  stepStats?: StepStats;
  costGraph?: CostGraphDef;
  /** The graphs that ran, one a device. */
  partitionGraphs: GraphDef[];
  functionGraphs: RunMetadata.FunctionGraphs[];
}
export namespace RunMetadata {
  /** The graphs of a function that ran. */
  export interface FunctionGraphs {
    partitionGraphs: GraphDef[];
    preOptimizationGraph?: GraphDef;
    postOptimizationGraph?: GraphDef;
  }
}
export const RunMetadata: Codec<RunMetadata> = codec('RunMetadata');

/** The times of a step, by device. */
export interface StepStats {
  devStats: DeviceStepStats[];
}
export const StepStats: Codec<StepStats> = codec('StepStats');

/** The times of a step on one device. */
export interface DeviceStepStats {
  device: string;
  nodeStats: NodeExecStats[];
  threadNames: Record<number, string>;
}
export const DeviceStepStats: Codec<DeviceStepStats> = codec('DeviceStepStats');

/** One execution of a node. `all_start` and `scheduled` count from the epoch, the `rel` times from `all_start`. */
export interface NodeExecStats {
  nodeName: string;
  allStartMicros: number;
  opStartRelMicros: number;
  opEndRelMicros: number;
  allEndRelMicros: number;
  memory: AllocatorMemoryUsed[];
  output: NodeOutput[];
  timelineLabel: string;
  scheduledMicros: number;
  threadId: number;
  referencedTensor: AllocationDescription[];
  memoryStats?: MemoryStats;
  allStartNanos: number | bigint;
  opStartRelNanos: number;
  opEndRelNanos: number;
  allEndRelNanos: number;
  scheduledNanos: number | bigint;
}
export const NodeExecStats: Codec<NodeExecStats> = codec('NodeExecStats');

/** What a node took from one allocator. */
export interface AllocatorMemoryUsed {
  allocatorName: string;
  totalBytes: number;
  peakBytes: number;
  liveBytes: number;
  allocatorBytesInUse: number;
  allocationRecords: AllocationRecord[];
}
export const AllocatorMemoryUsed: Codec<AllocatorMemoryUsed> = codec('AllocatorMemoryUsed');

/** One allocation, or one release where `allocBytes` is negative. */
export interface AllocationRecord {
  allocMicros: number;
  allocBytes: number;
}
export const AllocationRecord: Codec<AllocationRecord> = codec('AllocationRecord');

/** What came out of an output of a node. */
export interface NodeOutput {
  slot: number;
  tensorDescription?: TensorDescription;
}
export const NodeOutput: Codec<NodeOutput> = codec('NodeOutput');

/** A tensor without its elements. */
export interface TensorDescription {
  /** One of `DataType`. */
  dtype: number;
  shape?: TensorShapeProto;
  allocationDescription?: AllocationDescription;
}
export const TensorDescription: Codec<TensorDescription> = codec('TensorDescription');

/** Where a tensor's memory is. */
export interface AllocationDescription {
  requestedBytes: number;
  allocatedBytes: number;
  allocatorName: string;
  allocationId: number | bigint;
  hasSingleReference: boolean;
  ptr: number | bigint;
}
export const AllocationDescription: Codec<AllocationDescription> = codec('AllocationDescription');

/** Memory that a node held for itself. */
export interface MemoryStats {
  tempMemorySize: number;
  persistentMemorySize: number;
  persistentTensorAllocIds: (number | bigint)[];
}
export const MemoryStats: Codec<MemoryStats> = codec('MemoryStats');

/** A graph with what its nodes cost; times in microseconds. */
export interface CostGraphDef {
  node: CostGraphDef.Node[];
  cost: CostGraphDef.AggregatedCost[];
}
export namespace CostGraphDef {
  /** A node. */
  export interface Node {
    name: string;
    device: string;
    id: number;
    inputInfo: CostGraphDef.Node.InputInfo[];
    outputInfo: CostGraphDef.Node.OutputInfo[];
    temporaryMemorySize: number;
    isFinal: boolean;
    controlInput: number[];
    computeCost: number;
    persistentMemorySize: number;
    computeTime: number;
    memoryTime: number;
    inaccurate: boolean;
  }
  export namespace Node {
    /** Where an input comes from. */
    export interface InputInfo {
      precedingNode: number;
      precedingPort: number;
    }
    /** What an output is. */
    export interface OutputInfo {
      size: number;
      aliasInputPort: number;
      shape?: TensorShapeProto;
      /** One of `DataType`. */
      dtype: number;
    }
  }
  /** What all nodes cost together. */
  export interface AggregatedCost {
    cost: number;
    dimension: string;
  }
}
export const CostGraphDef: Codec<CostGraphDef> = codec('CostGraphDef');
