/** Gradients of the operations in `ops/creation.ts`. */
import { reduceSum } from '../ops/reduce';
import type { GradientTable } from './gradientFunction';

export const creationGradients = {
  Fill: (_op, grad) => [null, reduceSum(grad)],
  ZerosLike: null,
  OnesLike: null,
  Range: null,
  LinSpace: null,
  OneHot: null,
} satisfies GradientTable;
