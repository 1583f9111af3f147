/**
 * The names of a graph's standard collections, as used in MetaGraphDefs.
 *
 * @example
 * graph.getCollection(tf.GraphKeys.TRAINABLE_VARIABLES); // variables
 */
export const GraphKeys = {
  GLOBAL_VARIABLES: 'variables',
  LOCAL_VARIABLES: 'local_variables',
  MODEL_VARIABLES: 'model_variables',
  TRAINABLE_VARIABLES: 'trainable_variables',
  MOVING_AVERAGE_VARIABLES: 'moving_average_variables',
  SUMMARIES: 'summaries',
  LOSSES: 'losses',
  REGULARIZATION_LOSSES: 'regularization_losses',
  WEIGHTS: 'weights',
  BIASES: 'biases',
  ACTIVATIONS: 'activations',
  UPDATE_OPS: 'update_ops',
  TRAIN_OP: 'train_op',
  INIT_OP: 'init_op',
  READY_OP: 'ready_op',
  READY_FOR_LOCAL_INIT_OP: 'ready_for_local_init_op',
  LOCAL_INIT_OP: 'local_init_op',
  SUMMARY_OP: 'summary_op',
  TABLE_INITIALIZERS: 'table_initializer',
  SAVERS: 'savers',
  QUEUE_RUNNERS: 'queue_runners',
  ASSET_FILEPATHS: 'asset_filepaths',
  GLOBAL_STEP: 'global_step',
} as const;
