/** Everything that is `tf.summary.…`: summaries in graphs, and event files. */
export { Event, SessionLog, Summary, TaggedRunMetadata } from '../../protos';
export * from './builders';
export * from './eventFiles';
