/**
 * TensorFlow's protocol messages. A message's name is both the TypeScript type of its values and the codec that turns them
 * into bytes and back; `codec.ts` says how values stand in messages.
 */
export type { Codec, MessageInit } from './codec';
export * from './generated';
export { isText } from './textFormat';
