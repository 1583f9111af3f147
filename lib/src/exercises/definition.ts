/** The definition of an exercise: a title, checks of its effects, and hints. */
import type { Bilingual } from '../notebook/language';
import type { Says } from './says';

/**
 * One of some words. It also accepts any string: the compiler declares `const lower = a < b ? 'falling' : 'constant'`
 * as a string for the cells below, and answers shouldn't be rejected for that.
 */
export type OneOf<Words extends string> = Words | (string & Record<never, never>);

/** A condition on an exercise's effects. */
export interface Check<E> {
  /** Whether the effects fulfil it. The checks before it are fulfilled. */
  holds(effects: E): boolean;
  /** The text if they do. */
  readonly right: Says<E>;
  /** The text if they don't. */
  readonly missing: Says<E>;
}

/**
 * An exercise. Its checks see the effects `E` of the reader's work, never the code. The initial content of the
 * notebook's work cell fails the first check.
 */
export interface ExerciseDefinition<E> {
  readonly title: Bilingual;
  /** The names of the effects. */
  readonly effects: readonly (keyof E & string)[];
  /** In the order in which a reader solves them: checks after a failed one aren't evaluated. */
  readonly checks: readonly [Check<E>, ...Check<E>[]];
  /** From a nudge to almost the answer. */
  readonly hints: readonly [Bilingual, ...Bilingual[]];
}

/** The exercises of a notebook by id, in order; `R` maps ids to effects. */
export type ExercisesOf<R> = { readonly [Id in keyof R]: ExerciseDefinition<R[Id]> };

/** The result of the checks. */
export interface Outcome {
  /** What is right: a sentence for each check. */
  readonly right: readonly string[];
  /** The first thing missing; undefined if nothing is. */
  readonly missing: string | undefined;
  /** The number of checks after the failed one. */
  readonly later: number;
}
