/** The exports of `tf.ragged`: rows of different lengths. */
export { RaggedTensorValue, type RowSplits } from './session/raggedTensorValue';
