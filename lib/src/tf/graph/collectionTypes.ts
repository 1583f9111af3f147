import type { Operation } from './operation';
import type { Tensor } from './tensor';

/**
 * What a collection holds, by its name, as types know it: `graph.getCollection(tf.GraphKeys.TRAINABLE_VARIABLES)` gives
 * variables. The rooms that fill collections say so here; a module or a notebook's cell adds its own. What collections of
 * other names hold is said where they are read: `graph.getCollection<tf.Tensor>('attention')`.
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
