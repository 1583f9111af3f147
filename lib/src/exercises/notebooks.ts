/** All exercises, by notebook. */
import { checkText } from '../runtime/arguments';
import { InvalidArgumentError } from '../runtime/errors';
import { didYouMean } from '../runtime/nearest';
import { type ConvnetEffects, convnet } from './convnet';
import type { ExerciseDefinition, ExercisesOf } from './definition';
import { type Mechanics101Effects, mechanics101 } from './mechanics101';
import { type MoreThanOneMachineEffects, moreThanOneMachine } from './moreThanOneMachine';
import { type ProjectStructureEffects, projectStructure } from './projectStructure';
import { type TensorBoardEffects, tensorboard } from './tensorboard';

/**
 * The effects of each exercise by id: the second argument of `exercise(id, effects)`. In the initial work cell, some
 * are undefined or empty.
 *
 * @example
 * import { type ExerciseEffects, exercise } from 'tf-mechanics';
 *
 * const effects: ExerciseEffects['101-learning-rate'] = { trainings: [], best: undefined, bestOf200: undefined };
 * exercise('101-learning-rate', effects).isSolved; // false
 */
export interface ExerciseEffects
  extends Mechanics101Effects,
    TensorBoardEffects,
    ConvnetEffects,
    ProjectStructureEffects,
    MoreThanOneMachineEffects {}

/** The id of an exercise. */
export type ExerciseId = keyof ExerciseEffects;

/** Keyed by the notebooks' file names without numbers. */
const NOTEBOOKS = {
  'mechanics-101': mechanics101,
  tensorboard,
  convnet,
  'project-structure': projectStructure,
  'more-than-one-machine': moreThanOneMachine,
};

/** A notebook with exercises. */
export type ExerciseNotebook = keyof typeof NOTEBOOKS;

const all: ExercisesOf<ExerciseEffects> = Object.assign({}, ...Object.values(NOTEBOOKS));

/**
 * The exercise with this id.
 *
 * @throws {InvalidArgumentError} when there is none
 */
export function definitionOf<Id extends ExerciseId>(id: Id): ExerciseDefinition<ExerciseEffects[Id]> {
  checkText('the id of an exercise', id);
  if (Object.hasOwn(all, id)) return all[id];
  throw new InvalidArgumentError(`there is no exercise '${id}'${didYouMean(id, Object.keys(all))}`);
}

/**
 * The ids of a notebook's exercises, or of all exercises, in order.
 *
 * @throws {InvalidArgumentError} when there is no such notebook with exercises
 */
export function exercisesOf(notebook: ExerciseNotebook | undefined): ExerciseId[] {
  if (notebook === undefined) return Object.keys(all) as ExerciseId[];
  checkText('the name of a notebook', notebook);
  const names = Object.keys(NOTEBOOKS);
  if (Object.hasOwn(NOTEBOOKS, notebook)) return Object.keys(NOTEBOOKS[notebook]) as ExerciseId[];
  const otherwise = `; the notebooks are ${names.join(', ')}`;
  throw new InvalidArgumentError(
    `no notebook '${notebook}' has exercises${didYouMean(notebook, names, { otherwise })}`,
  );
}
