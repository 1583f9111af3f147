/** Arithmetic element by element: everything that `unary.ts`, `binary.ts` and `cast.ts` have. */
export * from './binary';
export * from './cast';
export * from './unary';
