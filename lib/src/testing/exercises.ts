/** For tests of exercises: a folder of their own, where progress is kept, and what their checks miss. */
import { afterEach, beforeEach } from 'vitest';
import { type ExerciseEffects, type ExerciseId, exercise } from '../exercises';
import { temporaryFolder } from './temporaryFolder';

/** Has each test work in a folder of its own, and come back from there; to be called where tests are described. */
export function inFolderOfItsOwn(): void {
  const folder = temporaryFolder('exercises-');
  const home = process.cwd();
  beforeEach(() => process.chdir(folder()));
  afterEach(() => process.chdir(home));
}

/**
 * What is missing of an exercise that was right before changes.
 *
 * @param right effects that solve it, made anew for each check
 */
export const missingOf =
  <Id extends ExerciseId>(id: Id, right: () => ExerciseEffects[Id]) =>
  (changes: Partial<ExerciseEffects[Id]> = {}) =>
    exercise(id, { ...right(), ...changes }).missing;
