import type { Operation } from './operation';
import type { Tensor } from './tensor';

/**
 * The types of the values in a collection, by name: `graph.getCollection(tf.GraphKeys.TRAINABLE_VARIABLES)` returns
 * variables. Modules that fill collections extend this interface; your own modules and cells can do so too. For other
 * names, state the type where you read the collection: `graph.getCollection<tf.Tensor>('attention')`.
 *
 * @example
 * declare module 'tf-mechanics' {
 *   interface CollectionTypes {
 *     attention: tf.Tensor<'float32'>;
 *   }
 * }
 * tf.addToCollection('attention', loss);
 * const [attention] = tf.getCollection('attention');
 */
export interface CollectionTypes {
  losses: Tensor;
  regularization_losses: Tensor;
  weights: Tensor;
  biases: Tensor;
  activations: Tensor;
  update_ops: Operation | Tensor;
  train_op: Operation | Tensor;
  init_op: Operation;
  ready_op: Operation | Tensor;
  ready_for_local_init_op: Operation | Tensor;
  local_init_op: Operation | Tensor;
  summary_op: Tensor<'string'>;
  table_initializer: Operation;
  asset_filepaths: Tensor<'string', 'scalar'>;
}
