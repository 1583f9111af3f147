/**
 * The operations of variables, in TensorFlow 1's two forms. A reference variable is a buffer (`VariableV2`) whose
 * output is a reference to it. A resource variable is a handle (`VarHandleOp`), used by separate operations that read
 * and assign. Imported graphs may contain both.
 */

import { checkInstance } from '../../runtime/arguments';
import type { DType } from '../../runtime/dtypes';
import { InvalidArgumentError } from '../../runtime/errors';
import { shapeText } from '../../runtime/shapeText';
import type { Operation } from '../graph/operation';
import { areCompatible, type Shape, Tensor } from '../graph/tensor';
import { apply, applyOne, asTensor, type Operand } from './apply';
import { variableOf } from './initialization';

/** The handle of a resource variable, given the handle or the variable; undefined for anything else. */
export function handleOf({ op }: Tensor): Tensor | undefined {
  return op.type === 'VarHandleOp' ? op.outputs[0] : undefined;
}

/** The dtype and shape of a variable's value. */
export function contentOf(variable: Tensor): { dtype: DType; shape: Shape } {
  const handle = handleOf(variable);
  if (handle === undefined) return { dtype: variable.dtype, shape: variable.shape };
  return { dtype: handle.op.getAttribute('dtype') as DType, shape: handle.op.getAttribute('shape') as Shape };
}

/**
 * Reads the value behind a handle, at a time determined only by control dependencies, on the variable's device
 * regardless of scopes.
 */
export function readHandle(handle: Tensor, name?: string): Tensor {
  const read = () => applyOne('ReadVariableOp', [handle], { dtype: contentOf(handle).dtype }, name);
  return handle.graph.colocateWith(null, read, { ignoreExisting: true });
}

/**
 * The tensor to use for fetching and feeding: for a variable's handle, the one that reads its value; otherwise the
 * tensor itself. JavaScript can't represent a handle.
 */
export function graphElement(tensor: Tensor): Tensor {
  const handle = handleOf(tensor);
  if (handle === undefined) return tensor;
  const known = variableOf.get(handle.op)?.snapshot;
  const reads = handle
    .consumers()
    .filter(({ type, controlInputs }) => type === 'ReadVariableOp' && !controlInputs.length);
  const read = known ?? reads[0]?.outputs[0];
  if (read) return read;
  throw new InvalidArgumentError(`nothing in the graph reads the resource variable '${handle.name}'`);
}

/** Options of assignments. */
export interface UpdateOptions {
  name?: string;
  /**
   * Whether the value's shape must be the variable's.
   *
   * @defaultValue `true`
   */
  validateShape?: boolean;
  /** Whether to lock a reference variable during the assignment. */
  useLocking?: boolean;
}

/**
 * An operation that sets a variable, adds to it or subtracts from it.
 *
 * @throws {InvalidArgumentError} when `target` is not a variable, or the value doesn't fit it
 */
export function update(
  kind: '' | 'Add' | 'Sub',
  target: Tensor,
  value: Operand,
  { name, validateShape, useLocking }: UpdateOptions,
): Operation {
  const handle = handleOf(target);
  if (handle === undefined) {
    if (target instanceof Tensor && !target.isRef)
      throw new InvalidArgumentError(`only a variable can be assigned to, which ${target} isn't`);
    const attributes =
      kind === '' ? { validate_shape: validateShape, use_locking: useLocking } : { use_locking: useLocking };
    return apply(`Assign${kind}`, [target, value], attributes, name);
  }
  const { dtype, shape } = contentOf(handle);
  const type = `Assign${kind}VariableOp`;
  return handle.graph.nameScope(name ?? type, (scope) => {
    const given = asTensor(value, dtype, kind === '' ? 'value' : 'delta', handle.graph);
    if (validateShape !== false && !areCompatible(shape, given.shape))
      throw new InvalidArgumentError(
        `${given} can't be assigned to '${handle.name}', which has the shape ${shapeText(shape)}`,
      );
    return apply(type, [handle, given], { dtype }, scope);
  });
}

/** Like {@link update}; returns the variable's value afterwards. */
export function updated(kind: '' | 'Add' | 'Sub', target: Tensor, value: Operand, options: UpdateOptions): Tensor {
  checkInstance('what is assigned', target, Tensor);
  const operation = update(kind, target, value, options);
  const handle = handleOf(target);
  if (handle === undefined) return operation.outputs[0]!;
  return handle.graph.controlDependencies([operation], () => readHandle(handle));
}

/** Whether a variable has a value. */
export function isInitialized(variable: Tensor, name?: string): Tensor<'bool', 'scalar'> {
  checkInstance('what may be initialized', variable, Tensor);
  const handle = handleOf(variable);
  if (handle) return applyOne('VarIsInitializedOp', [handle], {}, name);
  return applyOne('IsVariableInitialized', [variable], { dtype: variable.dtype }, name);
}
