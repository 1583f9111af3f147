/** Exercises of the notebooks. A reader's solution is checked by its effects, not by its code. */
export { type ExerciseResult, exercise } from './exercise';
export { type Hint, hint } from './hint';
export type { ExerciseEffects, ExerciseId, ExerciseNotebook } from './notebooks';
export { type ExerciseTable, exercises } from './table';
