/** Everything that is `tf.train.…`. */
export { summaryIterator } from '../summary/readEvents';
export { SummaryWriter } from '../summary/summaryWriter';
export * from '../train';
