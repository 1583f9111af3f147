/**
 * The envelope in which a message of any type can be put.
 *
 * Made by `npm run protos` from lib/protos/any.proto, where changes belong.
 */
import { type Codec, codec } from '../codec';

/** A message in an envelope that names its type. */
export interface Any {
  typeUrl: string;
  value: Uint8Array;
}
export const Any: Codec<Any> = codec('google.protobuf.Any');
