import { OutOfRangeError } from '../../../../runtime/errors';
import * as logging from '../../../../runtime/logging';
import { onlyOptions } from '../../../../runtime/options';
import type { Feeds, Fetched, Fetches, Session } from '../../../session';
import { SessionRunHook } from '../sessionRunHook';

/**
 * Evaluates something at the end of a session.
 *
 * @example
 * const final = new tf.train.FinalOpsHook({ loss, weights }, { finalOpsFeedDict: feeds });
 * const training = await tf.train.MonitoredSession({ hooks: [final] });
 * await training.close();
 * final.finalOpsValues?.loss.toFixed(2);
 */
export class FinalOpsHook<const F extends Fetches> extends SessionRunHook<null> {
  readonly #finalOps: F;
  readonly #feeds: Feeds;
  #values: Fetched<F> | null = null;

  /**
   * @param finalOps what to evaluate: tensors and operations in any structure
   * @param options.finalOpsFeedDict the feeds
   */
  constructor(finalOps: F, options: { finalOpsFeedDict?: Feeds } = {}) {
    super();
    this.#finalOps = finalOps;
    this.#feeds = onlyOptions(options, { finalOpsFeedDict: 'any' }).finalOpsFeedDict ?? [];
  }

  /** The values, in the structure of `finalOps`; null before the end. */
  get finalOpsValues(): Fetched<F> | null {
    return this.#values;
  }

  override async end(session: Session): Promise<void> {
    try {
      this.#values = await session.run(this.#finalOps, this.#feeds);
    } catch (error) {
      if (error instanceof OutOfRangeError)
        logging.warn(
          'What a FinalOpsHook evaluates takes from inputs that have come to their end; let it read variables only.',
        );
      throw error;
    }
  }
}
