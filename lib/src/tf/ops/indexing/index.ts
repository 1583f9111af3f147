/** Taking elements by their place and putting them into it: all of `slicing.ts`, `gathering.ts` and `selecting.ts`. */
export * from './gathering';
export * from './selecting';
export * from './slicing';
