/** For tests of exercises: what their checks miss. */
import { type ExerciseEffects, type ExerciseId, exercise } from '../exercises';

/**
 * What is missing of an exercise that was right before changes.
 *
 * @param right effects that solve it, made anew for each check
 */
export const missingOf =
  <Id extends ExerciseId>(id: Id, right: () => ExerciseEffects[Id]) =>
  (changes: Partial<ExerciseEffects[Id]> = {}) =>
    exercise(id, { ...right(), ...changes }).missing;
