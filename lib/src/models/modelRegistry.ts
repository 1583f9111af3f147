import type { Convnet } from './convnet';
import type { FullyConnected } from './fullyConnected';
import type { SoftmaxRegression } from './softmaxRegression';

/**
 * The classes of models by their names, as types know them: `makeModel({ modelName: 'convnet' })` takes the keys of `ConvnetConfig` and
 * gives a `Convnet`. A module or a notebook's cell adds models of its own; those that it doesn't add are made by their names as well,
 * with a configuration that is checked when they are made.
 *
 * @example
 * class Wide extends models.FullyConnected {
 *   static override readonly modelName: string = 'wide';
 * }
 * declare module 'tf-mechanics' {
 *   interface ModelRegistry {
 *     wide: typeof Wide;
 *   }
 * }
 * models.registerModel(Wide);
 * const agent: Wide = models.makeModel({ modelName: 'wide', hidden1: 1024 });
 */
export interface ModelRegistry {
  fully_connected: typeof FullyConnected;
  convnet: typeof Convnet;
  softmax_regression: typeof SoftmaxRegression;
}
