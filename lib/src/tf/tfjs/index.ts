/** The exports of `tf.tfjs`: networks for TensorFlow.js. */
export { type ExportGraphModelOptions, exportGraphModel } from './exportGraphModel';
export { operations } from './operations';
export type { Quantization } from './weights';
