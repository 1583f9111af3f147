/** The exports of `tf.train`: optimizers, learning rates, the global step, moving averages, checkpoints, clusters. */

export { ClusterDef, JobDef, ServerDef } from '../../protos';
export { summaryIterator } from '../summary/readEvents';
export { SummaryWriter } from '../summary/summaryWriter';
export { checkpointExists, getCheckpointMtimes, removeCheckpoint } from './checkpointFiles';
export { CheckpointReader, listVariables, loadCheckpoint, loadVariable } from './checkpointReader';
export {
  type CheckpointStateOptions,
  getCheckpointState,
  latestCheckpoint,
  updateCheckpointState,
} from './checkpointState';
export { type ClusterLike, ClusterSpec, type TaskAddresses } from './cluster/clusterSpec';
export {
  byteSizeLoadFn,
  GreedyLoadBalancingStrategy,
  type LoadFunction,
  type PsChooser,
  type PsStrategy,
  RandomStrategy,
} from './cluster/psStrategies';
export * from './cluster/replicaDeviceSetter';
export { type ClusterServerOptions, type LocalServerOptions, Server, type ServerOptions } from './cluster/server';
export * from './coordination';
export * from './decay';
export * from './globalStep';
export { type ExportMetaGraphOptions, exportMetaGraph, type ImportMetaGraphOptions } from './metaGraph';
export * from './monitored';
export * from './movingAverages';
export { type ComputedGradient, type GradientAndVariable, Optimizer } from './optimizer';
export * from './optimizers';
export { importMetaGraph, type SaveOptions, Saver, type SaverOptions } from './saver';
export type { VariableList } from './saverOps';
export {
  type ReplicaCounts,
  type SyncReplicasHook,
  SyncReplicasOptimizer,
  type SyncReplicasOptions,
} from './syncReplicasOptimizer';
export { type WriteGraphOptions, writeGraph } from './writeGraph';
