/** Exercises that answer: what a reader did in a notebook is checked by its effects. */
export { type ExerciseResult, exercise } from './exercise';
export { type Hint, hint } from './hint';
export type { ExerciseEffects, ExerciseId, ExerciseNotebook } from './notebooks';
export { type ExerciseTable, exercises } from './table';
