/** Hyperparameter search: search spaces, algorithms, and trials in separate processes. */
export { halvingRungs, hyperbandBrackets, type Rung } from './brackets';
export { type FlatValue, flatConfig } from './flatConfig';
export type { Algorithm } from './records';
export { learningCurve, readResults, type SearchResults, type TrialResult } from './results';
export { type SearchEvent, type SearchOptions, search, type TrialsOf } from './search';
export * as space from './space';
export { type Constant, Distribution, describeSpace, type Sampled, type Space, sample } from './space';
export type { Measurement, Metrics, RunTrial, TrialContext, TrialOutcome } from './trial';
