import { checkFunction } from '../../../../runtime/arguments';
import type { Feeds } from '../../../session';
import { SessionRunArgs, SessionRunHook } from '../sessionRunHook';

/**
 * Feeds each run the result of a function, so that the loop doesn't need to.
 *
 * @example
 * const hooks = [new tf.train.FeedFnHook(() => [[images, batch], [labels, digits]])];
 */
export class FeedFnHook extends SessionRunHook<null> {
  readonly #feedFn: () => Feeds | Promise<Feeds>;

  /** @param feedFn called before each run */
  constructor(feedFn: () => Feeds | Promise<Feeds>) {
    super();
    checkFunction('what gives the feeds', feedFn);
    this.#feedFn = feedFn;
  }

  override async beforeRun(): Promise<SessionRunArgs<null>> {
    return new SessionRunArgs(null, await this.#feedFn());
  }
}
