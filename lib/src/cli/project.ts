/** What a project's commands share. */

import type { TrialsOf } from '../hyperparameters';
import type { ModelConfig } from '../models';
import type { ModelSet } from '../models/knownModels';

export interface ProjectCommands {
  /** The project's models. */
  readonly models: ModelSet;
  /** The folder for new runs. */
  readonly runsFolder: string;
  /** What trains these models in a search. */
  readonly trial: TrialsOf<ModelConfig>;
  /**
   * The program with this command line, for other processes.
   *
   * @throws {UnimplementedError} when the models exist in this process only
   */
  readonly programOf: () => { readonly file: string; readonly words: readonly string[] };
  /** What the user types for some arguments of this command line. */
  readonly command: (...words: string[]) => string;
}
