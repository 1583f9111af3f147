/** Backpropagation over the graph. */
import './fusedBatchNorm';

export * from './gradients';
