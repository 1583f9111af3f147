/** The exports of `observe`: folded descriptions of what the reader's own run shows. */
export { confusionMatrix, type ObserveClassesOptions } from './confusionMatrix';
export { curves, type ObserveCurvesOptions } from './curves';
export { embedding } from './embedding';
export type { Observation } from './observation';
export { type ObserveScalarsOptions, scalars } from './scalars';
export { timeline } from './timeline';
