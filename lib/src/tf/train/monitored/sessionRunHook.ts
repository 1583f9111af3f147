/** Hooks, which observe and extend the runs of a monitored session. */

import type { Feeds, Fetched, Fetches, Session } from '../../session';
import { RunMetadata, type RunOptions } from '../../session';
import { checkRunOptions } from '../../session/config';
import type { Coordinator } from '../coordination';

/** A hook's results: the values in the structure of its fetches, or null if it fetched nothing. */
export type HookResults<F> = F extends null ? null : Fetched<F>;

/**
 * A hook's additions to a run.
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
   * @param feeds additional feeds
   * @param options run options, merged with the caller's and those of other hooks: the greater value is used
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
 * A run, before or after it was made.
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
   * @param originalArgs the arguments of the caller of `run`
   * @param session the session that runs it; its own runs don't call hooks
   */
  constructor(
    readonly originalArgs: SessionRunArgs,
    readonly session: Session,
  ) {}

  /** Whether a hook has requested a stop. */
  get stopRequested(): boolean {
    return this.#stopRequested;
  }

  /** Stops the monitored session after this run: `shouldStop()` then returns true. */
  requestStop(): void {
    this.#stopRequested = true;
  }
}

/**
 * The results of a run for a hook.
 *
 * @example
 * new tf.train.SessionRunValues(0.5).results; // 0.5
 */
export class SessionRunValues<F extends Fetches | null = Fetches | null> {
  /**
   * @param results the values of what the hook's `beforeRun` requested
   * @param options the options of the run
   * @param runMetadata what the run recorded, if `options` requested it
   */
  constructor(
    readonly results: HookResults<F>,
    readonly options: RunOptions = {},
    readonly runMetadata: RunMetadata = new RunMetadata(),
  ) {}
}

/**
 * A hook: an object with any of these methods. Methods may be asynchronous, and are awaited.
 *
 * @typeParam F the type of its fetches
 */
export interface SessionHook<F extends Fetches | null = Fetches | null> {
  /**
   * Called once, before the graph is finalized. Builders add to the session's graph until this first awaits something.
   */
  begin?(): void | Promise<void>;
  /** Called for each new session: at the beginning, and after a session was lost. */
  afterCreateSession?(session: Session, coord: Coordinator): void | Promise<void>;
  /** Called before each run, to which it can add. */
  beforeRun?(context: SessionRunContext): HookRequest<F> | Promise<HookRequest<F>>;
  /** Called after each successful run. */
  afterRun?(context: SessionRunContext, values: SessionRunValues<F>): void | Promise<void>;
  /** Called when the monitored session ends without an error; the session can still run. */
  end?(session: Session): void | Promise<void>;
}

/** The result of `beforeRun`: additions, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a method that returns nothing gives this
export type HookRequest<F extends Fetches | null> = SessionRunArgs<F> | null | undefined | void;

/**
 * A hook that does nothing, as a base class: TensorFlow's hooks are classes. An object with some of the methods can be
 * used instead.
 *
 * @typeParam F the type of its fetches, which determines that of its results; includes `null` if it doesn't always
 * fetch something
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
  /**
   * Called once, before the graph is finalized. Builders add to the session's graph until this first awaits something.
   */
  begin(): void | Promise<void> {}

  /** Called for each new session: at the beginning, and after a session was lost. */
  afterCreateSession(_session: Session, _coord: Coordinator): void | Promise<void> {}

  /** Called before each run, to which it can add. */
  beforeRun(_context: SessionRunContext): HookRequest<F> | Promise<HookRequest<F>> {}

  /** Called after each successful run. */
  afterRun(_context: SessionRunContext, _values: SessionRunValues<F>): void | Promise<void> {}

  /** Called when the monitored session ends without an error; the session can still run. */
  end(_session: Session): void | Promise<void> {}
}
