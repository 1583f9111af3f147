/** TensorFlow 0.x's name of the writer of event files. */
import { FileWriter } from './fileWriter';

/**
 * @deprecated TensorFlow 0.x's name of `tf.summary.FileWriter`.
 * @example
 * const writer = new tf.train.SummaryWriter('mnist_logs', session.graph);
 * const another = new tf.train.SummaryWriter('mnist_logs', { graphDef: session.graphDef });
 */
export class SummaryWriter extends FileWriter {}
