/**
 * What is in a checkpoint of TensorFlow's first format: the tensors that were saved, whole or in slices.
 *
 * Made by `npm run protos` from lib/protos/saved_tensor_slice.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';
import type { TensorShapeProto, VersionDef } from './graph';
import type { TensorSliceProto } from './tensorBundle';

/** What a checkpoint of TensorFlow's first format says of one tensor. */
export interface SavedSliceMeta {
  name: string;
  /** The shape of the whole tensor. */
  shape?: TensorShapeProto;
  /** One of `DataType`. */
  type: number;
  /** The parts that were saved. */
  slice: TensorSliceProto[];
}
export const SavedSliceMeta: Codec<SavedSliceMeta> = codec('SavedSliceMeta');

/** What there is in such a checkpoint. */
export interface SavedTensorSliceMeta {
  tensor: SavedSliceMeta[];
  versions?: VersionDef;
}
export const SavedTensorSliceMeta: Codec<SavedTensorSliceMeta> = codec('SavedTensorSliceMeta');

/** An entry of such a checkpoint. The one whose key is empty has `meta`; the others have one slice each, not described here. */
export interface SavedTensorSlices {
  meta?: SavedTensorSliceMeta;
}
export const SavedTensorSlices: Codec<SavedTensorSlices> = codec('SavedTensorSlices');
