import { checkInstance } from '../../../../runtime/arguments';
import type { FloatDType } from '../../../../runtime/dtypes';
import { HostArray } from '../../../../runtime/hostArray';
import * as logging from '../../../../runtime/logging';
import { onlyOptions } from '../../../../runtime/options';
import { type Rank, Tensor } from '../../../graph/tensor';
import { SessionRunArgs, type SessionRunContext, SessionRunHook, type SessionRunValues } from '../sessionRunHook';

/**
 * The error with which a {@link NanTensorHook} ends a training.
 *
 * @example
 * new tf.train.NanLossDuringTrainingError().message; // 'NaN loss during training.'
 */
export class NanLossDuringTrainingError extends Error {
  constructor() {
    super('NaN loss during training.');
    this.name = 'NanLossDuringTrainingError';
  }
}

type Loss = Tensor<FloatDType, Rank>;

/**
 * Ends a training when its loss becomes NaN, after the run that computed it.
 *
 * @example
 * const hooks = [new tf.train.NanTensorHook(loss, { failOnNanLoss: false })];
 */
export class NanTensorHook extends SessionRunHook<Loss> {
  readonly #loss: Loss;
  readonly #fails: boolean;

  /**
   * @param loss of any shape; one NaN element is enough
   * @param options.failOnNanLoss whether to throw a {@link NanLossDuringTrainingError}, which is the default, or to
   * request a stop
   */
  constructor(loss: Loss, options: { failOnNanLoss?: boolean } = {}) {
    super();
    const { failOnNanLoss = true } = onlyOptions(options, { failOnNanLoss: 'boolean' });
    checkInstance('what may become NaN', loss, Tensor);
    this.#loss = loss;
    this.#fails = failOnNanLoss;
  }

  override beforeRun(): SessionRunArgs<Loss> {
    return new SessionRunArgs(this.#loss);
  }

  override afterRun(context: SessionRunContext, { results }: SessionRunValues<Loss>): void {
    const values: ArrayLike<unknown> = results instanceof HostArray ? results.data : [results];
    if (!Array.prototype.some.call(values, Number.isNaN)) return;
    const line = 'Model diverged with loss = NaN.';
    if (this.#fails) {
      logging.error(line);
      throw new NanLossDuringTrainingError();
    }
    logging.warn(line);
    context.requestStop();
  }
}
