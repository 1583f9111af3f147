/** The definition of an exercise: a title, checks of its effects, and hints. */
import type { Bilingual } from '../notebook/language';
import type { Says } from './says';

/**
 * One of some words. To the cells below, `const lower = a < b ? 'falling' : 'constant'` is a string, for so the compiler declares it: no
 * answer is refused for that.
 */
export type OneOf<Words extends string> = Words | (string & Record<never, never>);

/** One thing that the effects of an exercise have to have. */
export interface Check<E> {
  /** Whether they have it. Of checks, those before it hold. */
  holds(effects: E): boolean;
  /** What is said when they have it. */
  readonly right: Says<E>;
  /** What is said when they don't. */
  readonly missing: Says<E>;
}

/**
 * An exercise, whose checks see the effects `E` of what a reader did and never their code. What the notebook's work cell begins with fails the
 * first of them.
 */
export interface ExerciseDefinition<E> {
  readonly title: Bilingual;
  /** The names of the effects. */
  readonly effects: readonly (keyof E & string)[];
  /** In the order in which a reader comes to them: what follows one that fails isn't looked at. */
  readonly checks: readonly [Check<E>, ...Check<E>[]];
  /** From a nudge to nearly the answer. */
  readonly hints: readonly [Bilingual, ...Bilingual[]];
}

/** The exercises of a notebook by their ids, in its order; `R` has the effects of each. */
export type ExercisesOf<R> = { readonly [Id in keyof R]: ExerciseDefinition<R[Id]> };

/** What checks have found. */
export interface Outcome {
  /** What is right, a sentence a check. */
  readonly right: readonly string[];
  /** What is missing first; undefined where nothing is. */
  readonly missing: string | undefined;
  /** How many checks come after what is missing. */
  readonly later: number;
}
