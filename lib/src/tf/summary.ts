/** Everything that is `tf.summary.…`. */
export * from '../ops/summary';
export * from '../summary';
