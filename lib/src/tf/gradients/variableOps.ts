/** The gradients of what `ops/variableOps.ts` builds. */

import type { GradientTable } from './gradientFunction';

export const variableOpsGradients = {
  // The gradient of a handle is the gradient of the variable behind it.
  ReadVariableOp: (_op, grad) => [grad],
  Variable: null,
  VariableV2: null,
  Assign: null,
  AssignAdd: null,
  AssignSub: null,
  IsVariableInitialized: null,
  VarHandleOp: null,
  AssignVariableOp: null,
  AssignAddVariableOp: null,
  AssignSubVariableOp: null,
  VarIsInitializedOp: null,
  VariableShape: null,
} satisfies GradientTable;
