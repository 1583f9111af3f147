/** Everything that is `tf.summary.…`. */
export * from '../ops/summary';
export { Event, SessionLog, Summary, TaggedRunMetadata } from '../protos';
export * from '../summary';
