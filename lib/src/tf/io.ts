/** Everything that is `tf.io.…`. */
export { type WriteGraphOptions, writeGraph } from './train/writeGraph';
