/** The exports of `tf.summary`: summaries in graphs, and event files. */
export * from './builders';
export * from './eventFiles';
