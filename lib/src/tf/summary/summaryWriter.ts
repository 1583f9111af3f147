/** The name that TensorFlow 0.x had for the writer of event files. */
import { FileWriter } from './fileWriter';

/**
 * @deprecated The name that TensorFlow 0.x had for `tf.summary.FileWriter`.
 * @example
 * const writer = new tf.train.SummaryWriter('mnist_logs', session.graph);
 * const another = new tf.train.SummaryWriter('mnist_logs', { graphDef: session.graphDef });
 */
export class SummaryWriter extends FileWriter {}
