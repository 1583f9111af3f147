/** The name that TensorFlow 0.x had for the writer of event files. */
import { FileWriter, type FileWriterOptions } from './fileWriter';

/**
 * A `tf.summary.FileWriter` that takes the graph as its second argument.
 *
 * @deprecated Use `tf.summary.FileWriter`.
 * @example
 * const writer = new tf.train.SummaryWriter('/tmp/mnist_logs', session.graph);
 */
export class SummaryWriter extends FileWriter {
  constructor(logdir: string, graph?: FileWriterOptions['graph'], options: Omit<FileWriterOptions, 'graph'> = {}) {
    super(logdir, { ...options, ...(graph && { graph }) });
  }
}
