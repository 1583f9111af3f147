/** Graphs for the tests of notebook/graph. */
import type { OperationData, TensorData } from '../notebook/graph/graphData';

const scalar: TensorData = { dtype: 'float32', shape: [] };

/** An operation; its inputs are names of tensors, and names of operations behind a `^`. */
export function operation(
  name: string,
  type: string,
  inputs: readonly string[] = [],
  outputs: readonly TensorData[] = [scalar],
): OperationData {
  return {
    name,
    type,
    inputs: inputs.filter((input) => !input.startsWith('^')),
    controlInputs: inputs.filter((input) => input.startsWith('^')).map((input) => input.slice(1)),
    outputs,
    attributes: {},
    device: '',
    site: '',
  };
}

/** A line through points, trained: of each part of a graph there is something. */
export const trainedLine: readonly OperationData[] = [
  operation('x', 'Placeholder', [], [{ dtype: 'float32', shape: [null, 2] }]),
  operation('line/zeros', 'Const', [], [{ dtype: 'float32', shape: [2, 1] }]),
  operation('line/w', 'VariableV2', [], [{ dtype: 'float32', shape: [2, 1] }]),
  operation('line/w/Assign', 'Assign', ['line/w:0', 'line/zeros:0']),
  operation('line/w/read', 'Identity', ['line/w:0'], [{ dtype: 'float32', shape: [2, 1] }]),
  operation('line/MatMul', 'MatMul', ['x:0', 'line/w/read:0'], [{ dtype: 'float32', shape: [null, 1] }]),
  operation('loss', 'L2Loss', ['line/MatMul:0']),
  operation('gradients/Fill', 'Fill', []),
  operation('gradients/loss_grad/Mul', 'Mul', ['gradients/Fill:0', 'line/MatMul:0']),
  operation('gradients/MatMul_grad/MatMul', 'MatMul', ['x:0', 'gradients/loss_grad/Mul:0']),
  operation('global_step', 'VariableV2'),
  operation('global_step/Assign', 'Assign', ['global_step:0']),
  operation('GradientDescent/rate', 'Const'),
  operation('GradientDescent/update', 'ApplyGradientDescent', [
    'line/w:0',
    'GradientDescent/rate:0',
    'gradients/MatMul_grad/MatMul:0',
  ]),
  operation('GradientDescent', 'AssignAdd', ['global_step:0', '^GradientDescent/update']),
  operation('loss_1', 'ScalarSummary', ['loss:0']),
  operation('init', 'NoOp', ['^line/w/Assign', '^global_step/Assign'], []),
  operation('save/path', 'Const'),
  operation('save/SaveV2', 'SaveV2', ['save/path:0', 'line/w:0', 'global_step:0'], []),
  operation('save/done', 'Identity', ['save/path:0', '^save/SaveV2']),
];
