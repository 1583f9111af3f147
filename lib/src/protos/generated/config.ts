/**
 * How a session, a run and a server are set up.
 *
 * Made by `npm run protos` from lib/protos/config.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';

/** How a session is set up. */
export interface ConfigProto {
  /** How many devices of a kind (`CPU`, `GPU`) to use. */
  deviceCount: Record<string, number>;
  /** Threads inside one op; 0 lets TensorFlow choose. */
  intraOpParallelismThreads: number;
  placementPeriod: number;
  deviceFilters: string[];
  /** Threads that run ops; 0 lets TensorFlow choose, a negative number runs ops in the calling thread. */
  interOpParallelismThreads: number;
  gpuOptions?: GPUOptions;
  /** An op that a device has no kernel for may go to another. */
  allowSoftPlacement: boolean;
  logDevicePlacement: boolean;
  usePerSessionThreads: boolean;
  graphOptions?: GraphOptions;
  operationTimeoutInMs: number;
  sessionInterOpThreadPool: ThreadPoolOptionProto[];
  rpcOptions?: RPCOptions;
  clusterDef?: ClusterDef;
  isolateSessionState: boolean;
  shareClusterDevicesInSession: boolean;
}
export const ConfigProto: Codec<ConfigProto> = codec('ConfigProto');

/** One pool of a session's threads. */
export interface ThreadPoolOptionProto {
  numThreads: number;
  globalName: string;
}
export const ThreadPoolOptionProto: Codec<ThreadPoolOptionProto> = codec('ThreadPoolOptionProto');

/** How GPUs are used. */
export interface GPUOptions {
  perProcessGpuMemoryFraction: number;
  allocatorType: string;
  deferredDeletionBytes: number;
  /** Take GPU memory as it is needed and not all at once. */
  allowGrowth: boolean;
  visibleDeviceList: string;
  pollingActiveDelayUsecs: number;
  pollingInactiveDelayMsecs: number;
  forceGpuCompatible: boolean;
}
export const GPUOptions: Codec<GPUOptions> = codec('GPUOptions');

/** How a graph is prepared for running. */
export interface GraphOptions {
  enableRecvScheduling: boolean;
  optimizerOptions?: OptimizerOptions;
  buildCostModel: number;
  inferShapes: boolean;
  placePrunedGraph: boolean;
  enableBfloat16Sendrecv: boolean;
  timelineStep: number;
  buildCostModelAfter: number;
  rewriteOptions?: RewriterConfig;
}
export const GraphOptions: Codec<GraphOptions> = codec('GraphOptions');

/** The optimizations of the session's own graph optimizer. */
export interface OptimizerOptions {
  doCommonSubexpressionElimination: boolean;
  doConstantFolding: boolean;
  /** One of {@link OptimizerLevel}. */
  optLevel: number;
  doFunctionInlining: boolean;
  /** One of {@link GlobalJitLevel}. */
  globalJitLevel: number;
  maxFoldedConstantInBytes: number;
  cpuGlobalJit: boolean;
}
export const OptimizerOptions: Codec<OptimizerOptions> = codec('OptimizerOptions');

/** `OptimizerOptions.Level`. */
export const OptimizerLevel = {
  L1: 0,
  L0: -1,
} as const;

/** `OptimizerOptions.GlobalJitLevel`. */
export const GlobalJitLevel = {
  DEFAULT: 0,
  OFF: -1,
  ON_1: 1,
  ON_2: 2,
} as const;

/** The passes of Grappler. */
export interface RewriterConfig {
  /** One of {@link RewriterToggle}. */
  layoutOptimizer: number;
  disableModelPruning: boolean;
  /** One of {@link RewriterToggle}. */
  constantFolding: number;
  /** One of {@link MemOptType}. */
  memoryOptimization: number;
  /** One of {@link RewriterToggle}. */
  arithmeticOptimization: number;
  /** One of {@link RewriterToggle}. */
  dependencyOptimization: number;
  /** One of {@link RewriterToggle}. */
  loopOptimization: number;
  /** One of {@link RewriterToggle}. */
  functionOptimization: number;
  /** One of {@link RewriterToggle}. */
  debugStripper: number;
  /** One of {@link NumIterationsType}. */
  metaOptimizerIterations: number;
  /** One of {@link RewriterToggle}. */
  shapeOptimization: number;
  /** One of {@link RewriterToggle}. */
  remapping: number;
  /** One of {@link RewriterToggle}. */
  scopedAllocatorOptimization: number;
  minGraphNodes: number;
  /** One of {@link RewriterToggle}. */
  pinToHostOptimization: number;
  disableMetaOptimizer: boolean;
  metaOptimizerTimeoutMs: number;
  failOnOptimizerErrors: boolean;
  /** One of {@link RewriterToggle}. */
  implementationSelector: number;
  /** One of {@link RewriterToggle}. */
  autoMixedPrecision: number;
  /** One of {@link RewriterToggle}. */
  commonSubgraphElimination: number;
  /** One of {@link RewriterToggle}. */
  usePluginOptimizers: number;
  optimizers: string[];
}
export const RewriterConfig: Codec<RewriterConfig> = codec('RewriterConfig');

/** `RewriterConfig.Toggle`. */
export const RewriterToggle = {
  DEFAULT: 0,
  ON: 1,
  OFF: 2,
  AGGRESSIVE: 3,
} as const;

/** `RewriterConfig.NumIterationsType`. */
export const NumIterationsType = {
  DEFAULT_NUM_ITERS: 0,
  ONE: 1,
  TWO: 2,
} as const;

/** `RewriterConfig.MemOptType`. */
export const MemOptType = {
  DEFAULT_MEM_OPT: 0,
  NO_MEM_OPT: 1,
  MANUAL: 2,
  HEURISTICS: 3,
  SWAPPING_HEURISTICS: 4,
  RECOMPUTATION_HEURISTICS: 5,
  SCHEDULING_HEURISTICS: 6,
} as const;

/** How a cluster's processes talk to each other. */
export interface RPCOptions {
  useRpcForInprocessMaster: boolean;
  compressionAlgorithm: string;
  compressionLevel: number;
  cacheRpcResponse: boolean;
  disableSessionConnectionSharing: boolean;
  numChannelsPerTarget: number;
}
export const RPCOptions: Codec<RPCOptions> = codec('RPCOptions');

/** The jobs of a cluster. */
export interface ClusterDef {
  job: JobDef[];
}
export const ClusterDef: Codec<ClusterDef> = codec('ClusterDef');

/** A job: the address (`host:port`) of each of its tasks. */
export interface JobDef {
  name: string;
  tasks: Record<number, string>;
}
export const JobDef: Codec<JobDef> = codec('JobDef');

/** A server: the cluster and its own place in it. */
export interface ServerDef {
  cluster?: ClusterDef;
  jobName: string;
  taskIndex: number;
  defaultSessionConfig?: ConfigProto;
  /** `'grpc'`. */
  protocol: string;
  port: number;
  replica: number;
}
export const ServerDef: Codec<ServerDef> = codec('ServerDef');

/** How one run is done. */
export interface RunOptions {
  /** One of {@link TraceLevel}. */
  traceLevel: number;
  /** 0: no limit. */
  timeoutInMs: number;
  interOpThreadPool: number;
  outputPartitionGraphs: boolean;
  reportTensorAllocationsUponOom: boolean;
}
export const RunOptions: Codec<RunOptions> = codec('RunOptions');

/** `RunOptions.TraceLevel`. */
export const TraceLevel = {
  NO_TRACE: 0,
  SOFTWARE_TRACE: 1,
  HARDWARE_TRACE: 2,
  FULL_TRACE: 3,
} as const;
