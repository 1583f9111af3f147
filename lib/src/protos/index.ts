/**
 * TensorFlow's protocol messages. A message's name is both the TypeScript type of its values and their codec;
 * `codec.ts` describes the representation of messages.
 */
export type { Codec, MessageInit } from './codec';
export * from './generated';
export { isText } from './textFormat';
