/**
 * The index of a checkpoint: what each entry of its `.index` file holds.
 *
 * Made by `npm run protos` from lib/protos/tensor_bundle.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';
import type { TensorShapeProto, VersionDef } from './graph';

/** What the index says of the checkpoint as a whole; its key is empty. */
export interface BundleHeaderProto {
  /** How many data files there are. */
  numShards: number;
  /** One of {@link BundleEndianness}. */
  endianness: number;
  version?: VersionDef;
}
export const BundleHeaderProto: Codec<BundleHeaderProto> = codec('BundleHeaderProto');

/** `BundleHeaderProto.Endianness`. */
export const BundleEndianness = {
  LITTLE: 0,
  BIG: 1,
} as const;

/** What the index says of one tensor: what it is, and where its bytes are. */
export interface BundleEntryProto {
  /** One of `DataType`. */
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
  extent: TensorSliceProto.Extent[];
}
export namespace TensorSliceProto {
  /** From where, and how much; without a length, everything. */
  export interface Extent {
    start: number;
    length?: number;
  }
}
export const TensorSliceProto: Codec<TensorSliceProto> = codec('TensorSliceProto');
