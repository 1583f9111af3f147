/** Hyperparameter search: spaces, algorithms, and trials in processes of their own. */
export * as space from './space';
export { type Constant, Distribution, describeSpace, type Sampled, type Space, sample } from './space';
