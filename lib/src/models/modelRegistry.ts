import type { Convnet } from './convnet';
import type { FullyConnected } from './fullyConnected';
import type { SoftmaxRegression } from './softmaxRegression';

/**
 * The types of models by name: `makeModel({ modelName: 'convnet' })` accepts the keys of `ConvnetConfig` and returns a
 * `Convnet`. Your own modules and cells can extend this interface. Models that aren't in it can be created by name too;
 * their configurations are validated only at run time.
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
