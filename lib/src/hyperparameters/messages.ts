/** The messages between a search and its worker processes. */
import type { Metrics, TrialContext, TrialOutcome } from './trial';

/** Where the function that runs a trial is found: in a module, or in a program that calls `cli`. */
export type TrialSource =
  | {
      /** The module's absolute path. */
      readonly path: string;
      /** The export's name. */
      readonly name: string;
      /** If given, the export is a factory, called with these options. */
      readonly options?: unknown;
    }
  | {
      /** The program's absolute path. */
      readonly program: string;
      /** Its arguments. */
      readonly words: readonly string[];
    };

export type ToWorker =
  | {
      readonly type: 'run';
      readonly source: TrialSource;
      readonly context: Omit<TrialContext<unknown>, 'signal' | 'report'>;
    }
  | { readonly type: 'stop' };

export type FromWorker =
  | { readonly type: 'report'; readonly iteration: number; readonly metrics: Metrics }
  | { readonly type: 'returned'; readonly outcome: TrialOutcome }
  /**
   * `code` is the TensorFlow error code if the environment is to blame; `isLost` tells that the trial's server is gone.
   */
  | { readonly type: 'threw'; readonly message: string; readonly code?: number; readonly isLost?: boolean }
  | { readonly type: 'unloadable'; readonly message: string };
