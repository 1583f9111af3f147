/** Backpropagation over the graph. */
export type { GradientFunction } from './gradientFunction';
export * from './gradients';
export { registerGradient } from './registry';
