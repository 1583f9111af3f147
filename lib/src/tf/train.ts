/** Everything that is `tf.train.…`. */
export { readEvents as summaryIterator } from '../summary';
export { SummaryWriter } from '../summary/summaryWriter';
export * from '../train';
