/** Everything that is `observe.…`: what the reader's own run shows, folded, where a notebook asks for it. */
export { confusionMatrix, type ObserveClassesOptions } from './confusionMatrix';
export { curves, type ObserveCurvesOptions } from './curves';
export { embedding } from './embedding';
export type { Observation } from './observation';
export { type ObserveScalarsOptions, scalars } from './scalars';
export { timeline } from './timeline';
