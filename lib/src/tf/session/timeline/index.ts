/** The exports of `tf.timeline`: traced steps, in formats that tracing tools read. */
export * from './timeline';
