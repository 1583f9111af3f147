/**
 * Examples, as files of records have them.
 *
 * Made by `npm run protos` from lib/protos/example.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';

/** Values that are bytes: texts, encoded pictures. */
export interface BytesList {
  value: Uint8Array[];
}
export const BytesList: Codec<BytesList> = codec('BytesList');

/** Values that are float32. */
export interface FloatList {
  value: number[];
}
export const FloatList: Codec<FloatList> = codec('FloatList');

/** Values that are 64-bit integers. */
export interface Int64List {
  value: (number | bigint)[];
}
export const Int64List: Codec<Int64List> = codec('Int64List');

/** The values of one name, all of one kind. */
export interface Feature {
  bytesList?: BytesList;
  floatList?: FloatList;
  int64List?: Int64List;
}
export const Feature: Codec<Feature> = codec('Feature');

/** Values by their names. */
export interface Features {
  feature: Record<string, Feature>;
}
export const Features: Codec<Features> = codec('Features');

/** What is known of one example. */
export interface Example {
  features?: Features;
}
export const Example: Codec<Example> = codec('Example');
