/** Everything that is `tf.train.…`. */
export { readEvents as summaryIterator } from '../summary';
export * from '../train';
