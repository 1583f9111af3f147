/**
 * What is saved beside a graph: variables, collections, signatures and the state of checkpoints.
 *
 * Made by `npm run protos` from lib/protos/meta_graph.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';
import type { Any } from './any';
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
  /** What made the graph. */
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
export const CheckpointFormatVersion = {
  LEGACY: 0,
  V1: 1,
  V2: 2,
} as const;

/** A collection of a graph: exactly one list is set. */
export interface CollectionDef {
  nodeList?: CollectionDef.NodeList;
  bytesList?: CollectionDef.BytesList;
  int64List?: CollectionDef.Int64List;
  floatList?: CollectionDef.FloatList;
  anyList?: CollectionDef.AnyList;
}
export namespace CollectionDef {
  /** Names of nodes or tensors. */
  export interface NodeList {
    value: string[];
  }
  /** Serialized messages, such as `VariableDef`s. */
  export interface BytesList {
    value: Uint8Array[];
  }
  /** Whole numbers. */
  export interface Int64List {
    value: (number | bigint)[];
  }
  /** 32-bit floats. */
  export interface FloatList {
    value: number[];
  }
  /** Messages of any type. */
  export interface AnyList {
    value: Any[];
  }
}
export const CollectionDef: Codec<CollectionDef> = codec('CollectionDef');

/** Where a signature's input or output is in the graph; `name`, `cooSparse` or `compositeTensor` is set. */
export interface TensorInfo {
  name?: string;
  cooSparse?: TensorInfo.CooSparse;
  compositeTensor?: TensorInfo.CompositeTensor;
  /** One of `DataType`. */
  dtype: number;
  tensorShape?: TensorShapeProto;
}
export namespace TensorInfo {
  /** The three tensors of a sparse one. */
  export interface CooSparse {
    valuesTensorName: string;
    indicesTensorName: string;
    denseShapeTensorName: string;
  }
  /** What consists of several tensors in another way. */
  export interface CompositeTensor {
    typeSpec?: TypeSpecProto;
    /** Of a ragged one, its values and then its row splits, from the outermost on. */
    components: TensorInfo[];
  }
}
export const TensorInfo: Codec<TensorInfo> = codec('TensorInfo');

/** What kind of tensor one is that consists of several. Its shape and the like are TensorFlow's own. */
export interface TypeSpecProto {
  /** One of {@link TypeSpecClass}. */
  typeSpecClass: number;
  typeSpecClassName: string;
  numFlatComponents: number;
}
export const TypeSpecProto: Codec<TypeSpecProto> = codec('TypeSpecProto');

/** `TypeSpecProto.TypeSpecClass`. */
export const TypeSpecClass = {
  UNKNOWN: 0,
  SPARSE_TENSOR_SPEC: 1,
  INDEXED_SLICES_SPEC: 2,
  RAGGED_TENSOR_SPEC: 3,
  TENSOR_ARRAY_SPEC: 4,
  DATA_DATASET_SPEC: 5,
  DATA_ITERATOR_SPEC: 6,
  OPTIONAL_SPEC: 7,
  PER_REPLICA_SPEC: 8,
  VARIABLE_SPEC: 9,
  ROW_PARTITION_SPEC: 10,
  REGISTERED_TYPE_SPEC: 12,
  EXTENSION_TYPE_SPEC: 13,
} as const;

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

export const VariableSynchronization = {
  AUTO: 0,
  NONE: 1,
  ON_WRITE: 2,
  ON_READ: 3,
} as const;

export const VariableAggregation = {
  NONE: 0,
  SUM: 1,
  MEAN: 2,
  ONLY_FIRST_REPLICA: 3,
} as const;

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
