/** Everything that is `tf.timeline.…`: traced steps, in the form that tracing tools read. */
export * from './timeline';
