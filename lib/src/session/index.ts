export { ConfigProto, GPUOptions, RunMetadata, RunOptions, TraceLevel } from './config';
export type { FeedKey, Feeds } from './feeds';
export type { Fetched, Fetches, FetchItem, ValueOf } from './fetches';
export * from './session';
export type { ThreadChoice } from './threads';
