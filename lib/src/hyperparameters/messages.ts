/** The messages between a search and its worker processes. */
import type { Metrics, TrialContext, TrialOutcome } from './trial';

/** Where the function that runs a trial is: a module's, or what a program offers that calls `cli`. */
export type TrialSource =
  | {
      /** The module's absolute path. */
      readonly path: string;
      /** The export's name. */
      readonly name: string;
      /** What it is called with to give the function, where it isn't that itself. */
      readonly options?: unknown;
    }
  | {
      /** The program's absolute path. */
      readonly program: string;
      /** The words of its command line. */
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
  /** `code` is that of TensorFlow's errors where the environment is to blame; `isLost` says that the trial's server is. */
  | { readonly type: 'threw'; readonly message: string; readonly code?: number; readonly isLost?: boolean }
  | { readonly type: 'unloadable'; readonly message: string };
