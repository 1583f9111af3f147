/** The exports of `tf.nn`. */

export { sigmoid, softplus, tanh } from '../elementwise/unary';
export { type TopK, type TopKOptions, topK } from '../topK';
export * from './activations';
export { batchNormalization, type FusedBatchNormOptions, fusedBatchNorm } from './batchNormalization';
export * from './bias';
export * from './convolution';
export * from './crossEntropy';
export * from './dropout';
export * from './embedding';
export * from './inTopK';
export * from './l2Loss';
export * from './normalization';
export * from './pooling';
export type { DataFormat, ExplicitPadding, Padding, WindowOptions, WindowSize } from './window';
export * from './zeroFraction';
