export { ConfigProto, GPUOptions, RunMetadata, RunOptions, TraceLevel } from './config';
export type { FeedKey, Feeds } from './feeds';
export type { Fetched, Fetches, FetchItem, ValueOf } from './fetches';
export { IndexedSlicesValue } from './indexedSlicesValue';
export type { AwaitedRuns, RunThread } from './pace';
export * from './session';
export { type SparseParts, SparseTensorValue } from './sparseTensorValue';
export type { ThreadChoice } from './threads';
