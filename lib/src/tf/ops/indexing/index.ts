/** Indexing operations: the exports of `slicing.ts`, `gathering.ts` and `selecting.ts`. */
export * from './gathering';
export * from './selecting';
export * from './slicing';
