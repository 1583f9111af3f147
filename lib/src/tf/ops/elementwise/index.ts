/** Elementwise operations: the exports of `unary.ts`, `binary.ts` and `cast.ts`. */
export * from './binary';
export * from './cast';
export * from './unary';
