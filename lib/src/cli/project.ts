/** What the commands of a project share. */

import type { TrialsOf } from '../hyperparameters';
import type { ModelConfig } from '../models';
import type { ModelSet } from '../models/knownModels';

export interface ProjectCommands {
  /** The models that are offered. */
  readonly models: ModelSet;
  /** The folder that new runs go into. */
  readonly runsFolder: string;
  /** What trains these models in a search. */
  readonly trial: TrialsOf<ModelConfig>;
  /**
   * The program that does what this command line says, for processes that are to do the same.
   *
   * @throws {UnimplementedError} when the models are in this process only
   */
  readonly programOf: () => { readonly file: string; readonly words: readonly string[] };
  /** What one types for some words of this command line. */
  readonly command: (...words: string[]) => string;
}
