/** Hooks: what looks on, and takes part, while a monitored session runs. */

import type { Feeds, Fetched, Fetches, Session } from '../../session';
import { RunMetadata, type RunOptions } from '../../session';
import { checkRunOptions } from '../../session/config';
import type { Coordinator } from '../coordination';

/** What a hook gets for what it asked for: the values in the same structure, or null where it asked for nothing. */
export type HookResults<F> = F extends null ? null : Fetched<F>;

/**
 * What a hook adds to a run.
 *
 * @example
 * class Watch extends tf.train.SessionRunHook {
 *   override beforeRun() {
 *     return new tf.train.SessionRunArgs({ loss }, [[learningRate, 0.01]]);
 *   }
 * }
 */
export class SessionRunArgs<const F extends Fetches | null = Fetches | null> {
  /**
   * @param fetches tensors and operations in any structure, or null
   * @param feeds values that are fed besides the caller's
   * @param options how the run shall be done, merged with the caller's and other hooks': the greater value counts
   */
  constructor(
    readonly fetches: F,
    readonly feeds: Feeds | null = null,
    readonly options: RunOptions | null = null,
  ) {
    if (options !== null) checkRunOptions(options);
  }
}

/**
 * A run that is about to be made, or was.
 *
 * @example
 * class StopAtHighLoss extends tf.train.SessionRunHook<typeof loss> {
 *   override beforeRun() {
 *     return new tf.train.SessionRunArgs(loss);
 *   }
 *   override afterRun(context: tf.train.SessionRunContext, { results }: tf.train.SessionRunValues<typeof loss>) {
 *     if (results > 100) context.requestStop();
 *   }
 * }
 */
export class SessionRunContext {
  #stopRequested = false;

  /**
   * @param originalArgs what the caller of `run` gave
   * @param session what runs it; its own runs call no hooks
   */
  constructor(
    readonly originalArgs: SessionRunArgs,
    readonly session: Session,
  ) {}

  /** Whether a hook has asked to stop. */
  get stopRequested(): boolean {
    return this.#stopRequested;
  }

  /** Has the monitored session stop after this run: its `shouldStop()` is true then. */
  requestStop(): void {
    this.#stopRequested = true;
  }
}

/**
 * What a run gave to a hook.
 *
 * @example
 * new tf.train.SessionRunValues(0.5).results; // 0.5
 */
export class SessionRunValues<F extends Fetches | null = Fetches | null> {
  /**
   * @param results the values of what the hook's `beforeRun` asked for
   * @param options how the run was done
   * @param runMetadata what the run recorded, where `options` asked for it
   */
  constructor(
    readonly results: HookResults<F>,
    readonly options: RunOptions = {},
    readonly runMetadata: RunMetadata = new RunMetadata(),
  ) {}
}

/**
 * An object with any of these methods is a hook; each may be asynchronous, and is waited for.
 *
 * @typeParam F what it fetches
 */
export interface SessionHook<F extends Fetches | null = Fetches | null> {
  /** Called once, before the graph is finalized: builders add to the session's graph until it first awaits something. */
  begin?(): void | Promise<void>;
  /** Called for each session that is made: at the beginning, and whenever one was lost and is made anew. */
  afterCreateSession?(session: Session, coord: Coordinator): void | Promise<void>;
  /** Called before each run, which it may add to. */
  beforeRun?(context: SessionRunContext): HookRequest<F> | Promise<HookRequest<F>>;
  /** Called after each run that succeeded. */
  afterRun?(context: SessionRunContext, values: SessionRunValues<F>): void | Promise<void>;
  /** Called when the monitored session ends, unless an error ends it; the session still runs. */
  end?(session: Session): void | Promise<void>;
}

/** What `beforeRun` gives: what to add, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a method that returns nothing gives this
export type HookRequest<F extends Fetches | null> = SessionRunArgs<F> | null | undefined | void;

/**
 * A hook that does nothing, for others to extend: TensorFlow's hooks are classes. An object with some of the methods does as well.
 *
 * @typeParam F what it fetches, for the type of what it gets; `null` among it where it doesn't always ask
 *
 * @example
 * class PrintLoss extends tf.train.SessionRunHook<typeof loss> {
 *   override beforeRun() {
 *     return new tf.train.SessionRunArgs(loss);
 *   }
 *   override afterRun(_: tf.train.SessionRunContext, { results }: tf.train.SessionRunValues<typeof loss>) {
 *     console.log(results.toFixed(3));
 *   }
 * }
 */
export class SessionRunHook<F extends Fetches | null = Fetches | null> implements SessionHook<F> {
  /** Called once, before the graph is finalized: builders add to the session's graph until it first awaits something. */
  begin(): void | Promise<void> {}

  /** Called for each session that is made: at the beginning, and whenever one was lost and is made anew. */
  afterCreateSession(_session: Session, _coord: Coordinator): void | Promise<void> {}

  /** Called before each run, which it may add to. */
  beforeRun(_context: SessionRunContext): HookRequest<F> | Promise<HookRequest<F>> {}

  /** Called after each run that succeeded. */
  afterRun(_context: SessionRunContext, _values: SessionRunValues<F>): void | Promise<void> {}

  /** Called when the monitored session ends, unless an error ends it; the session still runs. */
  end(_session: Session): void | Promise<void> {}
}
