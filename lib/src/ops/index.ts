/** The builders that are `tf.…`; those of `tf.nn`, `tf.train` and `tf.summary` have namespaces of their own. */
export type { Operand, OpOptions } from './apply';
export * from './array';
export * from './clip';
export * from './comparison';
export { constant, placeholder, placeholderWithDefault } from './constants';
export { group, noOp, tuple, withDependencies } from './control';
export * from './elementwise';
export { type GradientFunction, registerGradient } from './gradientRegistry';
export * from './indexing';
export * from './joining';
export * from './matmul';
export * as nn from './nn';
export * from './partition';
export * from './random';
export * from './reduce';
export * from './segments';
export * from './summaryAliases';
export * from './variables';
