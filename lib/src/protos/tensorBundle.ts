/** The messages of `tensor_bundle.proto`: the entries of a checkpoint's index. */
import { type Codec, codec } from './codec';
import type { TensorShapeProto, VersionDef } from './graph';

/** What the index says of the checkpoint as a whole; its key is empty. */
export interface BundleHeaderProto {
  /** How many data files there are. */
  numShards: number;
  /** 0 for little-endian data, 1 for big-endian. */
  endianness: number;
  version?: VersionDef;
}
export const BundleHeaderProto: Codec<BundleHeaderProto> = codec('BundleHeaderProto');

/** What the index says of one tensor: what it is, and where its bytes are. */
export interface BundleEntryProto {
  /** A `DataType` number. */
  dtype: number;
  shape?: TensorShapeProto;
  /** Which data file has the bytes. */
  shardId: number;
  offset: number;
  /** How many bytes there are. */
  size: number;
  /** Their masked CRC-32C. */
  crc32c: number;
  /** Where a tensor was saved in parts, each an entry of its own: what the parts are. */
  slices: TensorSliceProto[];
}
export const BundleEntryProto: Codec<BundleEntryProto> = codec('BundleEntryProto');

/** A part of a tensor: one extent a dimension. */
export interface TensorSliceProto {
  /** From where, and how much; without a length, everything. */
  extent: { start: number; length?: number }[];
}
export const TensorSliceProto: Codec<TensorSliceProto> = codec('TensorSliceProto');

/** What a checkpoint of TensorFlow's first format says of one tensor. */
export interface SavedSliceMeta {
  name: string;
  /** The shape of the whole tensor. */
  shape?: TensorShapeProto;
  /** A `DataType` number. */
  type: number;
  /** The parts that were saved. */
  slice: TensorSliceProto[];
}

/** An entry of such a checkpoint; the first, whose key is empty, says what there is. */
export interface SavedTensorSlices {
  meta?: { tensor: SavedSliceMeta[]; versions?: VersionDef };
}
export const SavedTensorSlices: Codec<SavedTensorSlices> = codec('SavedTensorSlices');
