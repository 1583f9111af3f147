/** The exports of `tf.io`. */
export { type WriteGraphOptions, writeGraph } from './train/writeGraph';
