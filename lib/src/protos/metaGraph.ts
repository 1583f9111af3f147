/** The messages of `meta_graph.proto`: what is saved beside a graph. */
import { type Codec, codec } from './codec';
import type { GraphDef, OpList, TensorProto, TensorShapeProto } from './graph';

/** A graph with its collections, its signatures and the names of its saving ops. */
export interface MetaGraphDef {
  metaInfoDef?: MetaGraphDef.MetaInfoDef;
  graphDef?: GraphDef;
  saverDef?: SaverDef;
  collectionDef: Record<string, CollectionDef>;
  signatureDef: Record<string, SignatureDef>;
  assetFileDef: AssetFileDef[];
}
export namespace MetaGraphDef {
  export interface MetaInfoDef {
    metaGraphVersion: string;
    /** The ops that the graph uses, without their descriptions. */
    strippedOpList?: OpList;
    anyInfo?: Any;
    tags: string[];
    tensorflowVersion: string;
    tensorflowGitVersion: string;
    strippedDefaultAttrs: boolean;
    functionAliases: Record<string, string>;
  }
}
export const MetaGraphDef: Codec<MetaGraphDef> = codec('MetaGraphDef');

/** The names of the ops that save and restore, and how checkpoints are kept. */
export interface SaverDef {
  filenameTensorName: string;
  saveTensorName: string;
  restoreOpName: string;
  maxToKeep: number;
  sharded: boolean;
  keepCheckpointEveryNHours: number;
  /** One of {@link CheckpointFormatVersion}. */
  version: number;
}
export const SaverDef: Codec<SaverDef> = codec('SaverDef');

/** `SaverDef.CheckpointFormatVersion`. */
export const CheckpointFormatVersion = { LEGACY: 0, V1: 1, V2: 2 } as const;

/** A message in an envelope that names its type. */
export interface Any {
  typeUrl: string;
  value: Uint8Array;
}
export const Any: Codec<Any> = codec('google.protobuf.Any');

/** A collection of a graph: exactly one list is set. */
export interface CollectionDef {
  /** Names of nodes or tensors. */
  nodeList?: { value: string[] };
  /** Serialized messages, such as `VariableDef`s. */
  bytesList?: { value: Uint8Array[] };
  int64List?: { value: (number | bigint)[] };
  floatList?: { value: number[] };
  anyList?: { value: Any[] };
}
export const CollectionDef: Codec<CollectionDef> = codec('CollectionDef');

/** Where a signature's input or output is in the graph; `name` or `cooSparse` is set. */
export interface TensorInfo {
  name?: string;
  cooSparse?: { valuesTensorName: string; indicesTensorName: string; denseShapeTensorName: string };
  /** A `DataType` number. */
  dtype: number;
  tensorShape?: TensorShapeProto;
}
export const TensorInfo: Codec<TensorInfo> = codec('TensorInfo');

/** What a saved model takes and gives. */
export interface SignatureDef {
  inputs: Record<string, TensorInfo>;
  outputs: Record<string, TensorInfo>;
  methodName: string;
  defaults: Record<string, TensorProto>;
}
export const SignatureDef: Codec<SignatureDef> = codec('SignatureDef');

/** A file that a graph reads, and the tensor that holds its name. */
export interface AssetFileDef {
  tensorInfo?: TensorInfo;
  filename: string;
}
export const AssetFileDef: Codec<AssetFileDef> = codec('AssetFileDef');

/** A variable: the names of its ops. */
export interface VariableDef {
  variableName: string;
  initializerName: string;
  snapshotName: string;
  saveSliceInfoDef?: SaveSliceInfoDef;
  isResource: boolean;
  initialValueName: string;
  trainable: boolean;
  /** One of {@link VariableSynchronization}. */
  synchronization: number;
  /** One of {@link VariableAggregation}. */
  aggregation: number;
}
export const VariableDef: Codec<VariableDef> = codec('VariableDef');

/** `VariableSynchronization`. */
export const VariableSynchronization = { AUTO: 0, NONE: 1, ON_WRITE: 2, ON_READ: 3 } as const;

/** `VariableAggregation`. */
export const VariableAggregation = { NONE: 0, SUM: 1, MEAN: 2, ONLY_FIRST_REPLICA: 3 } as const;

/** Which part of a larger variable a variable is. */
export interface SaveSliceInfoDef {
  fullName: string;
  fullShape: number[];
  varOffset: number[];
  varShape: number[];
}
export const SaveSliceInfoDef: Codec<SaveSliceInfoDef> = codec('SaveSliceInfoDef');

/** The state of a checkpoint folder. The `checkpoint` file holds it as text, which this codec does not write. */
export interface CheckpointState {
  modelCheckpointPath: string;
  allModelCheckpointPaths: string[];
  /** Seconds since the epoch. */
  allModelCheckpointTimestamps: number[];
  lastPreservedTimestamp: number;
}
export const CheckpointState: Codec<CheckpointState> = codec('CheckpointState');
